"""Terms of payouts: fees, least amounts, thresholds and dates, also by brute force over many amounts."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from we1web.domain import payout_terms
from we1web.domain.currency import CURRENCIES
from we1web.domain.payout_terms import BPS, FEES, LARGEST, MINIMUMS, Fee, NoSuchRail, Pay, Terms, Wait, Wish

MONDAY = date(2026, 11, 23)
TERMS = Terms()
pairs = st.sampled_from(sorted(FEES))
amounts = st.integers(1, 10**13)


def test_every_currency_has_its_figures() -> None:
    assert set(MINIMUMS) == set(LARGEST) == set(CURRENCIES) == {currency for rail, currency in FEES if rail == "stripe"}
    assert all(MINIMUMS[code] < LARGEST[code] for code in CURRENCIES)


@pytest.mark.parametrize(
    ("amount", "currency", "rail", "expected"),
    [
        (10_000_000, "usd", "stripe", (10_000_000, 280_000, 9_720_000)),  # 0.25 + 0.025, up to whole cents
        (10_009_999, "usd", "stripe", (10_000_000, 280_000, 9_720_000)),
        (1_000_999_999, "jpy", "stripe", (1_000_000_000, 43_000_000, 957_000_000)),
        (5_129_999, "kwd", "stripe", (5_120_000, 100_000, 5_020_000)),  # tens of fils
        (12_345_678, "eur", "manual", (12_340_000, 0, 12_340_000)),
        (5_000, "usd", "stripe", (0, 0, 0)),
    ],
)
def test_a_preview(amount: int, currency: str, rail: str, expected: tuple[int, int, int]) -> None:
    seen = payout_terms.preview(amount, currency, "DE", rail, MONDAY, TERMS)
    assert (seen.gross_micros, seen.fee_micros, seen.net_micros) == expected


@given(pairs, amounts)
def test_what_leaves_is_payable_and_adds_up(pair: tuple[str, str], amount: int) -> None:
    rail, currency = pair
    seen = payout_terms.preview(amount, currency, "DE", rail, MONDAY, TERMS)
    step = payout_terms.step_micros(currency, rail)
    assert seen.gross_micros == seen.fee_micros + seen.net_micros
    assert seen.gross_micros % step == seen.net_micros % step == 0
    assert 0 <= amount - seen.gross_micros < step
    assert seen.fee_share_bps * seen.gross_micros >= seen.fee_micros * BPS


@given(pairs)
def test_the_least_payout_leaves_something(pair: tuple[str, str]) -> None:
    rail, currency = pair
    least, step = payout_terms.minimum(currency, "DE", rail, TERMS), payout_terms.step_micros(currency, rail)
    assert least >= (MINIMUMS[currency] if rail == "stripe" else step)
    assert least - payout_terms.fee_of(least, currency, rail, TERMS) >= step


def test_a_fee_above_the_least_amount_raises_it() -> None:
    dear = Terms(fixed_minor=700, bps=0)
    assert payout_terms.minimum("usd", "US", "stripe", dear) == 7_010_000
    assert payout_terms.minimum("usd", "SV", "stripe", dear) == 30_000_000


@settings(max_examples=300)
@given(st.integers(0, 60), st.integers(0, 400), st.integers(0, 400))
def test_from_the_threshold_on_fees_stay_below_the_share(fixed: int, bps: int, share: int) -> None:
    terms = Terms(fees={("stripe", "usd"): Fee(fixed * 10_000, bps)})
    threshold = payout_terms.suggested_threshold("usd", "US", "stripe", terms, share)
    least = payout_terms.minimum("usd", "US", "stripe", terms)
    horizon = range(1, 4_000)

    def cheap(cents: int) -> bool:
        return payout_terms.fee_of(cents * 10_000, "usd", "stripe", terms) * BPS <= share * cents * 10_000

    if threshold == 0:
        assert not all(cheap(cents) for cents in range(2_000_000, 2_002_000))
        return
    cents = threshold // 10_000
    assert threshold >= least
    assert all(cheap(n) for n in horizon if n >= cents)
    if threshold > least:
        assert not cheap(cents - 1)


@given(pairs, st.integers(50, 1_000))
def test_suggested_thresholds_hold_for_every_pair(pair: tuple[str, str], share: int) -> None:
    rail, currency = pair
    threshold = payout_terms.suggested_threshold(currency, "DE", rail, TERMS, share)
    step = payout_terms.step_micros(currency, rail)
    for amount in range(threshold, threshold + 500 * step, step):
        assert payout_terms.fee_of(amount, currency, rail, TERMS) * BPS <= share * amount


@pytest.mark.parametrize(
    ("every", "today", "expected"),
    [
        ("daily", date(2026, 12, 31), date(2027, 1, 1)),
        ("weekly", MONDAY, date(2026, 11, 30)),
        ("weekly", date(2026, 11, 29), date(2026, 11, 30)),
        ("monthly", date(2026, 1, 31), date(2026, 2, 1)),
        ("monthly", date(2026, 12, 1), date(2027, 1, 1)),
        ("never", MONDAY, None),
    ],
)
def test_the_next_date_of_a_plan(every: payout_terms.Every, today: date, expected: date | None) -> None:
    assert payout_terms.next_date(every, today) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["daily", "weekly", "monthly"]))
def test_a_plan_never_stands_still(today: date, every: payout_terms.Every) -> None:
    following = payout_terms.next_date(every, today)
    assert following is not None and timedelta(0) < following - today <= timedelta(31)


def test_arrival_counts_bank_days() -> None:
    assert payout_terms.earliest(MONDAY, "US", "stripe") == date(2026, 11, 25)
    assert payout_terms.earliest(date(2026, 11, 27), "DE", "stripe") == date(2026, 12, 2)
    assert payout_terms.earliest(date(2026, 11, 28), "DE", "manual") == date(2026, 12, 1)


def wish(**changes: object) -> Wish:
    usual: dict[str, object] = {
        "amount_micros": 20_000_000,
        "available_micros": 20_000_000,
        "currency": "usd",
        "country": "US",
        "rail": "stripe",
        "ready": True,
    }
    return Wish(**(usual | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Pay(20_000_000, 300_000)),
        ({"available_micros": 19_999_999}, Wait("insufficient_funds")),
        ({"amount_micros": 999_999}, Wait("payout_below_minimum")),
        ({"country": "SV"}, Wait("payout_below_minimum")),
        ({"threshold_micros": 20_000_001}, Wait("below_threshold")),
        ({"threshold_micros": 20_000_000}, Pay(20_000_000, 300_000)),
        ({"ready": False}, Wait("account_not_ready")),
        ({"rail": "manual"}, Wait("rail_currency_unsupported")),
        (
            {"amount_micros": 90_000_000_000, "available_micros": 90_000_000_000},
            Pay(50_000_000_000, 125_250_000),
        ),
    ],
)
def test_what_is_due(changes: dict[str, object], expected: Pay | Wait) -> None:
    assert payout_terms.due(wish(**changes), TERMS) == expected


def test_settings_override_the_table_of_stripe_only() -> None:
    own = Terms(bps=100, fixed_minor=0)
    assert own.fee("stripe", "jpy") == Fee(0, 100)
    assert own.fee("manual", "eur") == Fee(0, 0)
    with pytest.raises(NoSuchRail):
        own.fee("manual", "usd")
