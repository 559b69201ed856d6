"""Bundles: about a second of work, whole chunks, even cuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.bundling import MAX_BUNDLE, TARGET_US, bundle_size
from we1web.protocol.limits import MAX_TASKS_PER_BUNDLE


@pytest.mark.parametrize(
    ("task_us", "n", "size"),
    [
        (None, 1_000, 1),
        (5_000_000, 100, 1),
        (1_000_000, 100, 1),
        (500_000, 100, 2),
        (10_000, 1_000, 100),
        (1_400, 1_000, 500),
        (100, 1_000, 1_000),
        (0, 5_000, 1_000),
        (10_000, 7, 7),
        (10_000, 0, 1),
    ],
)
def test_sizes(task_us: int | None, n: int, size: int) -> None:
    assert bundle_size(task_us, n) == size


@given(st.integers(0, 10**9), st.integers(1, 100_000))
def test_a_bundle_is_about_a_second_and_within_the_wires_limit(task_us: int, n: int) -> None:
    size = bundle_size(task_us, n)
    assert 1 <= size <= min(n, MAX_BUNDLE)
    assert size == 1 or size * task_us <= TARGET_US


@given(st.integers(0, 10**9), st.integers(1, 100_000))
def test_the_last_bundle_is_not_a_crumb(task_us: int, n: int) -> None:
    size = bundle_size(task_us, n)
    bundles = -(-n // size)
    assert size - (n - (bundles - 1) * size) < bundles


def test_the_limit_is_the_wires() -> None:
    assert MAX_BUNDLE == MAX_TASKS_PER_BUNDLE


def test_a_costly_sandbox_is_paid_for_by_longer_work() -> None:
    assert bundle_size(10_000, 1_000, start_us=0) == 100
    assert bundle_size(10_000, 1_000, start_us=400_000) == 200


@pytest.mark.parametrize(
    ("share", "start_us", "size"), [(200, 450_000, 48), (160, 0, 40), (40, 450_000, 45), (40, 0, 10), (4, 0, 5)]
)
def test_a_small_job_is_shared_out_as_long_as_each_part_is_worth_it(share: int, start_us: int, size: int) -> None:
    assert bundle_size(10_000, 760, start_us, share) in (size - 1, size)
