"""Draws the life of a task from its transition table: `python -m we1web.domain.task_life > spec/task-life.md`.

The text is generated and a test compares it with the committed file; it must never be edited by hand.
"""

from collections.abc import Sequence

from we1web.domain.task import ENDED, EVENTS, STATES, TRANSITIONS, TaskEvent, TaskState

_HEAD = """\
# The life of a task

Generated from `src/we1web/domain/task.py`; do not edit. To change it, change `TRANSITIONS` and run
`python -m we1web.domain.task_life > spec/task-life.md`.
"""


def render() -> str:
    """The whole document."""
    return "\n".join([_HEAD, _diagram(), _table("State", _states()), _table("Event", list(EVENTS.items()))])


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {TaskState.QUEUED}"]
    lines += [f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in _arrows().items()]
    lines += [f"    {state} --> [*]" for state in ENDED]
    return "\n".join([*lines, "```", ""])


def _arrows() -> dict[tuple[TaskState, TaskState], list[TaskEvent]]:
    arrows: dict[tuple[TaskState, TaskState], list[TaskEvent]] = {}
    for (before, event), after in TRANSITIONS.items():
        arrows.setdefault((before, after), []).append(event)
    return arrows


def _states() -> list[tuple[str, str]]:
    stored = {state: f" (stored as {ENDED[state]})" for state in ENDED}
    return [(state, meaning + stored.get(state, "")) for state, meaning in STATES.items()]


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    lines = [f"| {title} | Meaning |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {meaning} |" for name, meaning in rows), ""])


if __name__ == "__main__":
    print(render(), end="")
