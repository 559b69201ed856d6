"""Delays grow, have jitter, and are bounded."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.agent.backoff import Backoff


@pytest.mark.rule("R32")
@given(st.integers(0, 2**32), st.integers(1, 2_000))
def test_delays_are_between_half_and_all_of_an_exponential_up_to_a_cap(seed: int, attempts: int) -> None:
    backoff = Backoff(Random(seed))
    for attempt in range(attempts):
        longest_s = min(30.0, 0.25 * 2.0 ** min(attempt, 60))
        assert longest_s / 2 <= backoff.next_s() <= longest_s


@pytest.mark.rule("R32")
def test_nodes_do_not_come_back_together() -> None:
    delays = {round(Backoff(Random(seed)).next_s(), 6) for seed in range(100)}
    assert len(delays) > 90


def test_a_success_starts_over() -> None:
    backoff = Backoff(Random(1))
    for _ in range(10):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 0.25
