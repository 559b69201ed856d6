"""The life of a task: the table is complete and sound, and the committed drawing is the table's."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain import task_life
from we1web.domain.task import ENDED, EVENTS, STATES, TRANSITIONS, IllegalTransition, TaskEvent, TaskState, advance

SPEC = Path(__file__).parents[2] / "spec" / "task-life.md"


def reachable(start: TaskState) -> set[TaskState]:
    found = {start}
    while more := {after for (before, _), after in TRANSITIONS.items() if before in found} - found:
        found |= more
    return found


def test_every_state_can_be_reached() -> None:
    assert reachable(TaskState.QUEUED) == set(TaskState)


@pytest.mark.parametrize("state", sorted(set(TaskState) - set(ENDED)))
def test_every_open_state_can_still_end_in_every_way(state: TaskState) -> None:
    assert set(ENDED) <= reachable(state)


def test_nothing_leaves_an_ended_state() -> None:
    assert not [before for before, _ in TRANSITIONS if before in ENDED]


def test_every_event_is_used_and_every_name_is_explained() -> None:
    assert {event for _, event in TRANSITIONS} == set(TaskEvent) == set(EVENTS)
    assert set(STATES) == set(TaskState)


def test_a_lost_node_never_changes_a_task() -> None:
    for state in set(TaskState) - set(ENDED):
        assert advance(state, TaskEvent.LOST) is state


def test_a_task_without_a_vote_cannot_be_verified() -> None:
    for event in (TaskEvent.AGREED, TaskEvent.AGREED_ERROR, TaskEvent.DISSENTED, TaskEvent.SPLIT):
        with pytest.raises(IllegalTransition):
            advance(TaskState.QUEUED, event)


@given(st.lists(st.sampled_from(TaskEvent), max_size=30))
def test_advance_follows_the_table_or_refuses(events: list[TaskEvent]) -> None:
    state = TaskState.QUEUED
    for event in events:
        if (state, event) in TRANSITIONS:
            state = advance(state, event)
        else:
            with pytest.raises(IllegalTransition, match=f"{state} cannot be {event}"):
                advance(state, event)


def test_stored_numbers_are_distinct() -> None:
    assert sorted(ENDED.values()) == [1, 2, 3]


def test_the_committed_drawing_is_current() -> None:
    assert SPEC.read_text(encoding="utf-8") == task_life.render(), (
        "run: python -m we1web.domain.task_life > spec/task-life.md"
    )


def test_the_drawing_shows_every_transition() -> None:
    drawing = task_life.render()
    for (before, event), after in TRANSITIONS.items():
        arrow = next(line for line in drawing.splitlines() if line.startswith(f"    {before} --> {after}: "))
        assert event in arrow.split(": ")[1].split(", ")
