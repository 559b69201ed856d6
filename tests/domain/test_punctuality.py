"""Being in time: a share that recovers slowly, falls fast, and only ever narrows the window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.punctuality import NEWCOMER, broken, kept, window

shares = st.floats(0, 1)


@given(shares, st.integers(0, 500))
def test_many_reports_at_once_are_single_reports(share: float, n: int) -> None:
    one_by_one = share
    for _ in range(n):
        one_by_one = kept(one_by_one)
    assert kept(share, n) == pytest.approx(one_by_one, abs=1e-9)


@given(shares)
def test_it_stays_a_share_and_moves_the_right_way(share: float) -> None:
    assert 0 <= broken(share) <= share <= kept(share) + 1e-12 <= 1 + 1e-9


def test_a_newcomer_gets_what_it_asks_for() -> None:
    assert window(64, NEWCOMER) == 64


@given(st.integers(1, 10_000), shares)
def test_the_window_is_never_empty_and_never_wider_than_asked(asked: int, share: float) -> None:
    assert 1 <= window(asked, share) <= asked


def test_vanishing_four_times_leaves_two_fifths_of_the_window() -> None:
    share = NEWCOMER
    for _ in range(4):
        share = broken(share)
    assert window(100, share) == 40
