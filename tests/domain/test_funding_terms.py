"""What may be paid in, and the reference that people write on bank transfers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain import reference
from we1web.domain.currency import CURRENCIES
from we1web.domain.funding_terms import TERMS, check, refundable
from we1web.domain.money import BadAmount
from we1web.domain.reference import ALPHABET

NUMBERS = st.integers(0, (1 << 128) - 1)


def test_every_currency_has_terms_that_fit_it() -> None:
    assert set(TERMS) == set(CURRENCIES)
    assert all(0 < terms.least < terms.most and terms.least % terms.step == 0 for terms in TERMS.values())


@pytest.mark.parametrize(
    ("micros", "currency"), [(5_000_000, "usd"), (10_000_000_000, "usd"), (750_000_000, "jpy"), (1_500_000, "kwd")]
)
def test_the_limits_themselves_are_fine(micros: int, currency: str) -> None:
    check(micros, currency)


@pytest.mark.parametrize(
    ("micros", "currency", "words"),
    [
        (4_990_000, "usd", "between 5.00 USD"),
        (10_000_010_000, "usd", "10000.00 USD"),
        (5_000_001, "usd", "multiple of 0.01 USD"),
        (750_500_000, "jpy", "multiple of 1.00 JPY"),
        (1_501_000, "kwd", "multiple of 0.01 KWD"),
        (-5_000_000, "usd", "between"),
        (5_000_000, "btc", "cannot be paid in"),
    ],
)
def test_what_is_refused_says_why(micros: int, currency: str, words: str) -> None:
    with pytest.raises(BadAmount, match=words):
        check(micros, currency)


def test_only_whole_steps_go_back() -> None:
    assert refundable(1_239_999, "usd") == 1_230_000
    assert refundable(1_239_999, "kwd") == 1_230_000
    assert refundable(1_999_999, "jpy") == 1_000_000


@given(NUMBERS)
def test_a_reference_is_read_as_people_type_it(number: int) -> None:
    made = reference.make(number)
    for typed in (made, made.lower(), made.replace("-", " "), f" {made.replace('-', '')} ", made.removeprefix("WE1-")):
        assert reference.read(typed) == made


@given(NUMBERS, st.integers(4, 12), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(number: int, place: int, sign: str) -> None:
    made = reference.make(number)
    if made[place] not in ("-", sign):
        assert reference.read(made[:place] + sign + made[place + 1 :]) is None


@given(NUMBERS, st.integers(0, 6))
def test_two_swapped_signs_are_noticed(number: int, place: int) -> None:
    bare = reference.make(number).removeprefix("WE1-").replace("-", "")
    if bare[place] != bare[place + 1]:
        swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
        assert reference.read(swapped) is None


@pytest.mark.parametrize("text", ["", "WE1", "WE1-2222", "WE1-OOOO-IIII", "💸" * 8, "2" * 99])
def test_what_is_no_reference(text: str) -> None:
    assert reference.read(text) is None
