"""What a suite found, for people and for scripts."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Row = dict[str, Any]


class Report(NamedTuple):
    """Rows of figures, and what went wrong: an empty list is good news."""

    suite: str
    settings: Mapping[str, Any]
    rows: list[Row]
    violations: list[Row]

    @property
    def clean(self) -> bool:
        return not self.violations

    def figures(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "suite": self.suite,
            **self.settings,
            "rows": self.rows,
            "violations": self.violations,
            "clean": self.clean,
        }


def columns(rows: Sequence[Row]) -> list[str]:
    """Every figure of any row, in the order of its first appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def cell(value: Any) -> str:
    """A figure as a person reads it."""
    match value:
        case bool() | str() | int():
            return str(value)
        case float() if value == 0:
            return "0"
        case float() if abs(value) < 1e-3:
            return f"{value:.1e}"
        case float():
            return f"{value:.4g}"
    return "" if value is None else str(value)
