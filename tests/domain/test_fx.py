"""Conversions: exact in whole numbers, never in the person's favour by more than nothing, and every rate found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.currency import CURRENCIES, from_minor, minor_micros, to_minor, whole_minor
from we1web.domain.fx import NANOS, NoRate, Rate, convert, cross, find, inverse, needed
from we1web.domain.money import BadAmount

DAY = date(2026, 11, 26)
amounts = st.integers(1, 10**15)
rates = st.integers(1, 10**13).map(lambda nanos: Rate(DAY, "eur", "usd", nanos))


@given(amounts, rates)
def test_a_person_gets_the_exact_amount_rounded_down_and_the_rest_is_named(micros: int, rate: Rate) -> None:
    conversion = convert(micros, rate)
    assert conversion.received_micros * NANOS <= micros * rate.nanos < (conversion.received_micros + 1) * NANOS
    assert conversion.given_micros - conversion.received_micros in (0, 1)
    assert abs(2 * (conversion.given_micros * NANOS - micros * rate.nanos)) <= NANOS


@given(amounts, rates, st.integers(0, 1_000))
def test_a_margin_is_a_share_of_what_would_have_come_out_and_nothing_is_lost(micros: int, rate: Rate, bps: int) -> None:
    without, kept = convert(micros, rate), convert(micros, rate, bps)
    assert kept.given_micros == without.given_micros
    assert kept.received_micros + kept.margin_micros == without.received_micros
    assert kept.margin_micros * 10_000 <= without.received_micros * bps < (kept.margin_micros + 1) * 10_000
    assert kept.rounding_micros == without.rounding_micros in (0, 1)


@given(amounts, rates)
def test_what_is_needed_is_enough_and_one_less_is_not(micros: int, rate: Rate) -> None:
    source = needed(micros, rate)
    assert convert(source, rate).received_micros >= micros
    assert source == 1 or convert(source - 1, rate).received_micros < micros


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_converted(amount: int) -> None:
    with pytest.raises(ValueError, match="nothing to convert"):
        convert(amount, Rate(DAY, "eur", "usd", NANOS))


def test_a_rate_is_found_named_turned_round_or_by_way_of_a_third_currency() -> None:
    euro = {
        ("eur", "usd"): Rate(DAY, "eur", "usd", 1_100_000_000),
        ("eur", "gbp"): Rate(date(2026, 11, 25), "eur", "gbp", 880_000_000),
    }
    assert find("eur", "usd", euro).nanos == 1_100_000_000
    assert find("usd", "eur", euro) == inverse(euro["eur", "usd"])
    through = find("usd", "gbp", euro)
    assert (through.day, through.nanos) == (date(2026, 11, 25), 800_000_000)
    with pytest.raises(NoRate, match="USD to JPY"):
        find("usd", "jpy", euro)


def test_rates_that_share_nothing_are_not_crossed() -> None:
    with pytest.raises(ValueError, match="do not lead"):
        cross("usd", "gbp", Rate(DAY, "eur", "usd", 1), Rate(DAY, "chf", "gbp", 1))


@pytest.mark.parametrize(("code", "micros"), [("usd", 10_000), ("jpy", 1_000_000), ("kwd", 1_000)])
def test_minor_units(code: str, micros: int) -> None:
    assert minor_micros(code) == micros
    assert to_minor(7 * micros, code) == 7
    assert from_minor(-7, code) == -7 * micros
    assert whole_minor(7 * micros + 1, code) == 7 * micros
    for bad in (micros - 1, micros + 1, -micros):
        with pytest.raises(BadAmount):
            to_minor(bad, code)


def test_every_currency_is_named_by_its_code() -> None:
    assert all(code == currency.code == code.lower() for code, currency in CURRENCIES.items())
    assert {"eur", "usd", "gbp", "jpy", "kwd"} <= CURRENCIES.keys()
