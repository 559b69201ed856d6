"""A statement of account: what came in and what went out between two days. One that does not add up cannot exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from we1web.domain.currency import CURRENCIES


class DoesNotAddUp(AssertionError):
    """Figures that contradict each other: a bug where the statement was put together, never a user's fault."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change of the balance. Amounts in micro-units; positive: the account is owed more afterwards."""

    at: datetime
    kind: str
    text: str
    reference: str
    amount_micros: int
    balance_micros: int
    """The balance after this line."""


class Total(NamedTuple):
    """All lines of one kind together."""

    kind: str
    lines: int
    amount_micros: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Both days belong to it, and are days in UTC. Lines come in the order of their balances."""

    number: str
    holder_name: str
    holder_email: str
    platform: str
    currency: str
    account: Literal["wallet", "earnings"]
    first_day: date
    last_day: date
    opening_micros: int
    closing_micros: int
    lines: tuple[Line, ...]
    issued_at: datetime

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise DoesNotAddUp(f"{self.number}: {self.first_day} is after {self.last_day}")
        if self.currency not in CURRENCIES:
            raise DoesNotAddUp(f"{self.number}: nobody knows how {self.currency[:10]!r} is counted")
        if self.issued_at.tzinfo is None:
            raise DoesNotAddUp(f"{self.number}: {self.issued_at} has no time zone")
        for problem in self._problems():
            raise DoesNotAddUp(f"{self.number}: {problem}")

    def _problems(self) -> Iterator[str]:
        """What contradicts what, in the order in which a reader would find it."""
        balance = self.opening_micros
        if type(balance) is not int:
            yield f"it opens with {balance!r}, not with micro-units"
        for number, line in enumerate(self.lines, 1):
            if line.at.tzinfo is None or not self.first_day <= line.at.astimezone(UTC).date() <= self.last_day:
                yield f"line {number} of {line.at} is not between {self.first_day} and {self.last_day} (UTC)"
            if type(line.amount_micros) is not int or type(line.balance_micros) is not int:
                yield f"line {number} counts in {line.amount_micros!r} and {line.balance_micros!r}, not in micro-units"
            balance += line.amount_micros
            if line.balance_micros != balance:
                yield f"line {number} says {line.balance_micros} where {balance} follows"
        if balance != self.closing_micros:
            yield f"it closes with {self.closing_micros} where {balance} follows"

    def totals(self) -> tuple[Total, ...]:
        """One for each kind of line, by name; their amounts sum to closing minus opening."""
        found: dict[str, Total] = {}
        for line in self.lines:
            _, lines, amount = found.get(line.kind, Total(line.kind, 0, 0))
            found[line.kind] = Total(line.kind, lines + 1, amount + line.amount_micros)
        return tuple(found[kind] for kind in sorted(found))
