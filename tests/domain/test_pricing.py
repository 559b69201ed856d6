"""Prices: the estimate, the fee, the cap, and refusals that say what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.money import MAX_MICROS
from we1web.domain.pricing import check_budget, check_price, default_budget, estimate, fee

prices = st.integers(1, 10**12)
counts = st.integers(0, 10**6)


def test_the_estimate_is_a_quorum_of_votes_a_task() -> None:
    assert estimate(100, 500) == 150_000
    assert estimate(100, 500, quorum=2) == 100_000


@given(prices, st.integers(0, 10_000))
def test_fee_and_reward_are_the_whole_price(price: int, bps: int) -> None:
    share = fee(price, bps)
    assert 0 <= share <= price
    assert share * 10_000 <= price * bps < (share + 1) * 10_000


def test_a_tenth_by_default_rounded_for_the_contributor() -> None:
    assert fee(10_000_000) == 1_000_000
    assert fee(19) == 1
    assert fee(9) == 0


@given(counts, prices)
def test_the_default_budget_is_half_as_much_again_rounded_up(n: int, price: int) -> None:
    needed = estimate(n, price)
    assert 2 * default_budget(needed) - 3 * needed in (0, 1)


@given(counts, st.integers(1, 10**6))
def test_the_default_budget_is_accepted(n: int, price: int) -> None:
    assert check_budget(default_budget(estimate(n, price)), n, price) is None


def test_a_budget_below_the_estimate_is_refused_with_the_figure_that_helps() -> None:
    refusal = check_budget(149_999, 100, 500)
    assert refusal is not None
    assert refusal.code == "budget_too_small"
    assert "need 0.15 USD; the budget is 0.149999 USD" in refusal.message
    assert "0.225 USD leaves room for disputes" in refusal.hint
    assert check_budget(150_000, 100, 500) is None


def test_a_budget_beyond_exact_numbers_is_refused() -> None:
    refusal = check_budget(MAX_MICROS + 1, 1, 1)
    assert refusal is not None
    assert refusal.code == "budget_too_large"


@pytest.mark.parametrize(
    ("price", "refused"), [(0, True), (-5, True), (1, False), (MAX_MICROS, False), (1 << 53, True)]
)
def test_work_is_paid(price: int, refused: bool) -> None:
    assert (check_price(price) is not None) == refused
