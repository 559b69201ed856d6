"""The record of a node: the published check values, closed forms, monotony, and when a node has to go."""

from math import exp, inf, isclose, log, nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.reputation import (
    CUSUM_FAILURE,
    CUSUM_PASS,
    EXPULSION,
    MAX_WEIGHT,
    PRIOR,
    PROVEN_PASSES,
    RATES,
    Evidence,
    error_rate,
    expels,
    failed,
    may_expel,
    passed,
    proven,
    weight,
    worth_folding,
)

passes = st.floats(0, 2_000)
failures = st.floats(0, 500)
records = st.builds(Evidence, passes, failures, st.floats(0, 100))


def after(history: str, start: Evidence | None = None) -> Evidence:
    """The record after a history like '++-'."""
    record = start or Evidence()
    for outcome in history:
        record = passed(record) if outcome == "+" else failed(record)
    return record


@pytest.mark.parametrize(
    ("c", "b", "rate"), [(0, 0, 6e-2), (20, 0, 2.8e-3), (100, 0, 8.5e-4), (1000, 0, 2e-4), (100, 1, 7.8e-3)]
)
def test_check_values_of_the_design(c: float, b: float, rate: float) -> None:
    assert error_rate(Evidence(c, b)) == pytest.approx(rate, rel=0.03)


@given(st.integers(0, 40), st.integers(0, 12))
def test_the_estimate_is_the_posterior_mean(c: int, b: int) -> None:
    likelihood = [share * rate**b * (1 - rate) ** c for share, rate in zip(PRIOR, RATES, strict=True)]
    mean = sum(x * rate for x, rate in zip(likelihood, RATES, strict=True)) / sum(likelihood)
    assert error_rate(Evidence(c, b)) == pytest.approx(mean, rel=1e-9)


def test_the_figures_are_the_designs() -> None:
    assert RATES == (1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)
    assert pytest.approx((log(0.8 / 0.99), log(0.2 / 0.01), log(1e6))) == (CUSUM_PASS, CUSUM_FAILURE, EXPULSION)
    assert (MAX_WEIGHT, PROVEN_PASSES) == (8, 20)


def test_the_prior_is_a_distribution() -> None:
    assert isclose(sum(PRIOR), 1)


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_the_estimate_is_a_rate_however_extreme_the_record(c: float, b: float) -> None:
    assert RATES[0] * 0.999 <= error_rate(Evidence(c, b)) <= 1


@given(passes, passes, failures)
def test_the_estimate_falls_with_passes(c: float, more: float, b: float) -> None:
    assert error_rate(Evidence(c + more, b)) <= error_rate(Evidence(c, b)) * (1 + 1e-9)


@given(passes, failures, failures)
def test_the_estimate_rises_with_failures(c: float, b: float, more: float) -> None:
    assert error_rate(Evidence(c, b + more)) >= error_rate(Evidence(c, b)) * (1 - 1e-9)


@given(records, st.integers(0, 3_000))
def test_many_passes_at_once_are_single_passes(record: Evidence, n: int) -> None:
    one_by_one = record
    for _ in range(n):
        one_by_one = passed(one_by_one)
    assert passed(record, n) == pytest.approx(one_by_one, rel=1e-9, abs=1e-9)


@given(records, st.integers(0, 500), st.integers(0, 500))
def test_passes_add_up(record: Evidence, a: int, b: int) -> None:
    assert passed(passed(record, a), b) == pytest.approx(passed(record, a + b), rel=1e-9, abs=1e-9)


def test_old_merit_is_bounded() -> None:
    assert passed(Evidence(), 1_000_000).passes == pytest.approx(2_000)


def test_a_failure_halves_the_passes_and_counts_one() -> None:
    assert failed(Evidence(100, 2, 0)) == pytest.approx((50, 3, log(20)))


def test_passes_let_failures_fade_and_the_alarm_recede() -> None:
    assert passed(Evidence(0, 1, 10), 10) == pytest.approx(
        ((1 - 0.9995**10) * 2_000, 0.9995**10, 10 + 10 * log(0.8 / 0.99))
    )


@given(st.floats(0, 1))
def test_weight_is_the_clamped_log_odds_of_being_right(delta: float) -> None:
    got = weight(delta)
    assert 0 <= got <= MAX_WEIGHT
    if 0 < got < MAX_WEIGHT:
        assert 1 / (1 + exp(got)) == pytest.approx(delta)


@given(st.floats(0, 1), st.floats(0, 1))
def test_weight_never_rises_with_the_error_rate(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert weight(low) >= weight(high)


@pytest.mark.parametrize(("delta", "expected"), [(0, MAX_WEIGHT), (0.5, 0), (1, 0), (nextafter(0.5, inf), 0)])
def test_weight_at_the_edges(delta: float, expected: float) -> None:
    assert weight(delta) == expected


def test_twenty_passes_prove_a_node_and_nineteen_do_not() -> None:
    assert proven(after("+" * PROVEN_PASSES))
    assert proven(passed(Evidence(), PROVEN_PASSES))
    assert not proven(after("+" * (PROVEN_PASSES - 1)))


def test_a_failure_costs_the_proof_until_it_is_earned_again() -> None:
    fallen = after("+" * 25 + "-")
    assert not proven(fallen)
    assert proven(after("+" * 10, fallen))


def test_five_failures_in_a_row_expel_and_four_do_not() -> None:
    assert not expels(after("----"))
    assert expels(after("-----"))


def test_an_honest_node_with_one_fault_in_a_hundred_stays() -> None:
    assert not expels(after(("+" * 99 + "-") * 100))


def test_a_node_that_lies_every_fifth_time_goes_however_long_it_was_honest() -> None:
    assert expels(after("++++-" * 20, passed(Evidence(), 10_000)))


@given(st.text("+-", max_size=200))
def test_the_cusum_is_never_negative_and_a_pass_never_expels(history: str) -> None:
    record = after(history)
    assert record.cusum >= 0
    if not expels(record):
        assert not expels(passed(record))
    assert expels(record) == (record.cusum >= EXPULSION)


@given(st.integers(0, 1_000))
def test_never_more_than_a_third_is_expelled(nodes: int) -> None:
    expelled = 0
    while may_expel(expelled, nodes):
        expelled += 1
    assert expelled == nodes // 3


@given(records)
def test_folding_waits_for_a_tenth_more_evidence_and_loses_nothing(record: Evidence) -> None:
    passes = worth_folding(record)
    assert 1 <= passes <= 1 + record.passes / 10 + 1e-9
    one_by_one = record
    for _ in range(passes):
        one_by_one = passed(one_by_one)
    assert passed(record, passes).passes == pytest.approx(one_by_one.passes)


def test_a_long_honest_record_is_folded_rarely() -> None:
    record, folded = Evidence(), 0
    while record.passes < 1_000:
        record, folded = passed(record, worth_folding(record)), folded + 1
    assert folded < 100


@given(st.builds(Evidence, st.floats(20, 2_000), st.floats(0, 3)), st.integers(1, 5_000))
def test_what_was_not_recomputed_is_out_by_less_than_a_third(record: Evidence, n: int) -> None:
    later = passed(record, n)
    if n < worth_folding(record):
        assert error_rate(record) / 1.3 <= error_rate(later) <= error_rate(record) * (1 + 1e-9)
