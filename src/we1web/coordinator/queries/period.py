"""Days that a reader asks about: a month, or from one day to another. Pure; days are days of UTC."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from we1web.coordinator.refusals import Refusal

MAX_DAYS = 366


class Period(NamedTuple):
    """Both days belong to it, in UTC."""

    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """From, and to before."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time.min, UTC), datetime.combine(after, time.min, UTC)


def period(month: str | None, first: date | None, last: date | None) -> Period:
    """A whole month, or the days from `first` to `last`. Raises Refusal."""
    if (month is None) == (first is None) or (first is None) != (last is None):
        raise Refusal("name a month, or a first and a last day", code="invalid_request", hint="month=2026-01")
    if month is not None:
        year, number = map(int, month.split("-"))
        start = date(year, number, 1)
        return Period(start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    assert first is not None and last is not None
    if not first <= last:
        raise Refusal("the last day is before the first", code="invalid_request", hint="swap them")
    if (last - first).days >= MAX_DAYS or last == date.max:
        raise Refusal(f"a statement covers at most {MAX_DAYS} days", code="statement_too_long", hint="ask for less")
    return Period(first, last)


def newest(now: datetime) -> Period:
    """The longest period that ends today."""
    return Period(now.date() - timedelta(days=MAX_DAYS - 1), now.date())
