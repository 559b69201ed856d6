"""A task gives up after three owners without an outcome, and nothing else uses up its tries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.retry import MAX_NO_OUTCOMES, gives_up

codes = st.sampled_from(["time_limit", "memory_limit", "runtime_died"])


@pytest.mark.parametrize(
    ("reports", "code"),
    [
        ({}, None),
        ({1: "time_limit", 2: "time_limit"}, None),
        ({1: "time_limit", 2: "time_limit", 3: "time_limit"}, "time_limit"),
        ({1: "time_limit", 2: "memory_limit", 3: "memory_limit"}, "memory_limit"),
    ],
)
def test_three_owners_end_it_with_the_commonest_code(reports: dict[int, str], code: str | None) -> None:
    assert gives_up(reports) == code


@given(st.dictionaries(st.integers(0, 9), codes))
def test_the_order_of_reports_decides_nothing(reports: dict[int, str]) -> None:
    assert gives_up(dict(reversed(reports.items()))) == gives_up(reports)


@given(st.dictionaries(st.integers(0, 9), codes))
def test_it_ends_exactly_at_the_limit_with_a_reported_code(reports: dict[int, str]) -> None:
    code = gives_up(reports)
    assert (code is not None) == (len(reports) >= MAX_NO_OUTCOMES)
    assert code is None or code in reports.values()
