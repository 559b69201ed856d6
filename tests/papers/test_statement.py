"""Statements that add up, and those that cannot be made."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers.papers import lines, statement

from we1web.coordinator.papers.figures import figure
from we1web.coordinator.papers.statement import DoesNotAddUp, Total


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(-(10**15), 10**15).filter(bool), max_size=20))
def test_totals_lead_from_the_opening_to_the_closing_balance(opening: int, amounts: list[int]) -> None:
    made = statement(*amounts, opening=opening)
    assert made.opening_micros + sum(total.amount_micros for total in made.totals()) == made.closing_micros
    assert sum(total.lines for total in made.totals()) == len(amounts)


def test_totals_are_by_kind() -> None:
    assert statement(5, -3, 7).totals() == (Total("credit", 2, 12), Total("payout", 1, -3))


def test_one_micro_unit_is_too_much() -> None:
    good = statement(5, -3, opening=10)
    with pytest.raises(DoesNotAddUp, match="closes with 13 where 12 follows"):
        replace(good, closing_micros=13)
    with pytest.raises(DoesNotAddUp, match="line 1 says 15 where 16 follows"):
        replace(good, opening_micros=11)
    with pytest.raises(DoesNotAddUp, match=r"opens with 10\.0"):
        replace(good, opening_micros=10.0)
    with pytest.raises(DoesNotAddUp, match="line 2"):
        replace(good, lines=(good.lines[0], replace(good.lines[1], balance_micros=13)))
    with pytest.raises(DoesNotAddUp, match="line 1"):
        replace(good, lines=good.lines[::-1])
    with pytest.raises(DoesNotAddUp, match="line 2 counts in"):
        replace(good, lines=(good.lines[0], replace(good.lines[1], amount_micros=-3.0, balance_micros=12.0)))


def test_lines_lie_between_its_days() -> None:
    first, last = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 30, 23, 59, 59, 999_999, tzinfo=UTC)
    for edge in (first, last):
        assert statement(of_lines=lines(1, at=edge)).closing_micros == 1
    for outside in (
        datetime(2026, 10, 31, 23, 59, tzinfo=UTC),
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 11, 5),
    ):
        with pytest.raises(DoesNotAddUp, match="not between"):
            statement(of_lines=lines(1, at=outside))
    with pytest.raises(DoesNotAddUp, match="is after"):
        statement(first_day=date(2026, 12, 1))
    with pytest.raises(DoesNotAddUp, match="nobody knows"):
        statement(currency="xyz")
    with pytest.raises(DoesNotAddUp, match="no time zone"):
        statement(issued_at=datetime(2026, 12, 1))


@pytest.mark.parametrize(
    ("micros", "currency", "text"),
    [
        (1_500_000, "eur", "1.50"),
        (500, "eur", "0.0005"),
        (0, "eur", "0.00"),
        (0, "jpy", "0"),
        (1_000_000, "jpy", "1"),
        (-1_500_000, "jpy", "-1.5"),
        (1_500_000, "kwd", "1.500"),
        (-1, "kwd", "-0.000001"),
        (2**63 - 1, "eur", "9223372036854.775807"),
    ],
)
def test_figures_are_exact_and_never_shorter_than_the_currency(micros: int, currency: str, text: str) -> None:
    assert figure(micros, currency) == text
