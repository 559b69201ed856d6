"""Prices: the estimate, the fee, the cap, and refusals that say what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.money import MAX_MICROS
from we1web.domain.pricing import check_bonus, check_budget, check_price, default_budget, estimate, fee, gross, suggest

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


@given(prices, st.integers(0, 10_000), st.integers(0, 10**12))
def test_a_least_fee_is_kept_and_never_more_than_the_price(price: int, bps: int, minimum: int) -> None:
    assert fee(price, bps, minimum) == max(fee(price, bps), min(price, minimum))


@given(st.floats(1e-6, 86_400), st.floats(0, 1e9))
def test_a_suggestion_is_the_hour_s_price_rounded_up_and_never_nothing(task_s: float, rate: float) -> None:
    exact = task_s * rate / 3_600
    assert 1 <= suggest(task_s, rate) <= max(1, exact + 1)
    assert suggest(task_s, rate) >= exact


def test_an_hour_s_work_costs_an_hour_s_price() -> None:
    assert suggest(3_600, 20_000) == 20_000
    assert suggest(1.8, 20_000) == 10
    assert suggest(1.81, 20_000) == 11
    assert suggest(86_400, 1e30) == MAX_MICROS


@given(st.floats(0, 1e12), st.integers(0, 9_999))
def test_after_the_fee_the_contributor_has_what_was_meant(earned: float, bps: int) -> None:
    assert gross(earned, bps) * (10_000 - bps) / 10_000 == pytest.approx(earned)
    assert gross(earned, 10_000) == earned


def test_price_and_bonus_together_stay_exact() -> None:
    assert check_bonus(1, MAX_MICROS - 1) is None
    refusal = check_bonus(2, MAX_MICROS - 1)
    assert refusal is not None and refusal.code == "bad_price"


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
