"""What is asked of a suite, and what it found, for people and for scripts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from we1web.protocol.errors import We1webError

Row = dict[str, Any]


class UnknownName(We1webError):
    """A filter names nothing that exists."""

    code = "nothing_to_simulate"


class Request(NamedTuple):
    """The arguments of a suite; empty filters mean everything."""

    tasks: int = 6_000
    nodes: int = 60
    seed: int = 1
    seeds: int = 100
    policies: Sequence[str] = ()
    scenarios: Sequence[str] = ()
    strategies: Sequence[str] = ()
    referee: bool = True

    def wanted(self, names: Sequence[str], known: Iterable[str], default: str = "") -> list[str]:
        """The names to run; all known ones (or the default) without a filter. Raises UnknownName."""
        every = list(known)
        for name in names:
            if name not in every:
                raise UnknownName(f"there is no {name!r} to simulate", hint=f"known are: {', '.join(every)}")
        return list(names) or ([default] if default else every)


class Report(NamedTuple):
    """Rows of figures, and what went wrong: an empty list is good news."""

    suite: str
    request: Mapping[str, Any]
    rows: list[Row]
    violations: list[Row]

    @property
    def clean(self) -> bool:
        return not self.violations

    def figures(self) -> Row:
        """For scripts."""
        return {
            "suite": self.suite,
            **self.request,
            "rows": self.rows,
            "violations": self.violations,
            "clean": self.clean,
        }


def columns(rows: Sequence[Row]) -> list[str]:
    """Every figure of any row, in the order of its first appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def cell(value: object) -> str:
    """A figure as a person reads it."""
    match value:
        case None:
            return ""
        case float() if value == 0:
            return "0"
        case float() if abs(value) < 1e-3:
            return f"{value:.1e}"
        case float():
            return f"{value:.4g}"
    return str(value)
