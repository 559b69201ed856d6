"""What a payout costs, how large it must be, when it happens and when it arrives: pure, with the figures as data.

Amounts are micro-units. Only whole minor units ever leave to a rail (tens of fils where the rail wants three-decimal
currencies rounded); whatever is finer stays in the earnings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from we1web.domain.currency import CURRENCIES, minor_micros
from we1web.domain.money import MICROS

BPS = 10_000
Every = Literal["never", "daily", "weekly", "monthly"]


class Fee(NamedTuple):
    """What a payout over a rail costs whoever is paid: a fixed part and a share."""

    fixed_micros: int
    bps: int


FEES: dict[tuple[str, str], Fee] = {
    # Estimates, 2026-11: a quarter per cent and 0.25 is what others report of stripe.com/connect/pricing for dollars.
    # That page was not read, and the fixed parts of the other currencies are ours, of about that value. What Stripe
    # asks each month for an account that is paid is not in them. The platform passes them on and earns nothing by it;
    # an operator whose contract says otherwise sets WE1WEB_PAYOUT_FEE_BPS and WE1WEB_PAYOUT_FEE_FIXED_MINOR.
    ("stripe", "cad"): Fee(350_000, 25),
    ("stripe", "chf"): Fee(250_000, 25),
    ("stripe", "dkk"): Fee(1_750_000, 25),
    ("stripe", "eur"): Fee(250_000, 25),
    ("stripe", "gbp"): Fee(200_000, 25),
    ("stripe", "jpy"): Fee(40_000_000, 25),
    ("stripe", "kwd"): Fee(80_000, 25),
    ("stripe", "nok"): Fee(2_750_000, 25),
    ("stripe", "pln"): Fee(1_000_000, 25),
    ("stripe", "sek"): Fee(2_750_000, 25),
    ("stripe", "usd"): Fee(250_000, 25),
    # Estimate: a SEPA credit transfer from a bank's own file upload; banks usually charge nothing, or a few cents.
    ("manual", "eur"): Fee(0, 0),
}
"""A pair that is not here is not paid: the rail does not carry the currency."""

MINIMUMS: dict[str, int] = {
    # 2026-11, docs.stripe.com/connect/cross-border-payouts/special-requirements says of payouts abroad: "Typically, the
    # minimum is one base unit of the recipient account's local currency". Its table by country was not read; krona,
    # krone, yen and zloty are estimates, a little higher so that the fee is not most of it.
    "cad": 1 * MICROS,
    "chf": 1 * MICROS,
    "dkk": 10 * MICROS,
    "eur": 1 * MICROS,
    "gbp": 1 * MICROS,
    "jpy": 100 * MICROS,
    "kwd": 1 * MICROS,
    "nok": 10 * MICROS,
    "pln": 5 * MICROS,
    "sek": 10 * MICROS,
    "usd": 1 * MICROS,
}
COUNTRY_MINIMUMS: dict[tuple[str, str], int] = {
    # 2026-11, knowledge.vpmsolutions.com/knowledge/stripe-minimum-payouts: a customer of Stripe's, not Stripe. Check it
    # before anybody is paid there.
    ("SV", "usd"): 30 * MICROS,
}
LARGEST: dict[str, int] = {
    # Ours, not a rail's: a payout above this is more likely a mistake or a theft than earnings. Several are possible.
    code: {"jpy": 5_000_000, "dkk": 350_000, "nok": 500_000, "sek": 500_000, "pln": 200_000, "kwd": 15_000}.get(
        code, 50_000
    )
    * MICROS
    for code in CURRENCIES
}
_STEPS = {("stripe", "kwd"): 10}
"""Minor units that amounts must be multiples of, where it is not one: docs.stripe.com/currencies says so of payments
and refunds in three-decimal currencies; that it holds of transfers, too, is an estimate on the safe side."""
_BANK_DAYS: dict[tuple[str, str], int] = {("stripe", "US"): 2, ("stripe", "JP"): 4, ("manual", ""): 2}
_USUAL_BANK_DAYS = 3
"""Estimates: no rail promises them."""


class NoSuchRail(ValueError):
    """A rail does not carry a currency."""


@dataclass(frozen=True)
class Terms:
    """The figures in force: those above, with what an operator's settings put over them."""

    bps: int | None = None
    fixed_minor: int | None = None
    fees: Mapping[tuple[str, str], Fee] = field(default_factory=lambda: FEES)

    def fee(self, rail: str, currency: str) -> Fee:
        """Raises NoSuchRail."""
        found = self.fees.get((rail, currency))
        if found is None:
            raise NoSuchRail(f"{currency.upper()} cannot be paid out over the rail {rail!r}")
        if rail == "manual":
            return found
        fixed = found.fixed_micros if self.fixed_minor is None else self.fixed_minor * minor_micros(currency)
        return Fee(fixed, found.bps if self.bps is None else self.bps)

    def carries(self, rail: str, currency: str) -> bool:
        return (rail, currency) in self.fees


class Preview(NamedTuple):
    """What would become of a payout that is asked for today."""

    gross_micros: int
    """What leaves the earnings: the amount asked for, rounded down to what the rail can pay."""
    fee_micros: int
    net_micros: int
    """What arrives."""
    fee_share_bps: int
    """The fee as a share of the gross, rounded up."""
    minimum_micros: int
    """The least gross that may be paid to this country."""
    largest_micros: int
    earliest: date
    """When it may be at the bank, if nothing delays it."""


def step_micros(currency: str, rail: str) -> int:
    """What amounts on this rail are multiples of."""
    return minor_micros(currency) * _STEPS.get((rail, currency), 1)


def payable(micros: int, currency: str, rail: str) -> int:
    """The largest amount within `micros` that the rail can pay; 0 when there is none."""
    return max(0, micros - micros % step_micros(currency, rail))


def fee_of(gross_micros: int, currency: str, rail: str, terms: Terms) -> int:
    """The fee of a payable gross, rounded up to what leaves a payable net; never more than the gross."""
    fee, step = terms.fee(rail, currency), step_micros(currency, rail)
    exact = fee.fixed_micros * BPS + fee.bps * gross_micros
    return min(gross_micros, -(-exact // (BPS * step)) * step)


def minimum(currency: str, country: str, rail: str, terms: Terms) -> int:
    """The least gross: no less than the rail's least, and something must be left after the fee."""
    step = step_micros(currency, rail)
    # The manual rail has no bank behind it that sets a least amount: one step must arrive.
    least = step if rail == "manual" else COUNTRY_MINIMUMS.get((country, currency), MINIMUMS[currency])
    least = -(-least // step) * step
    while least - fee_of(least, currency, rail, terms) < step:
        least += max(step, fee_of(least, currency, rail, terms) - least + step)
    return least


def preview(amount_micros: int, currency: str, country: str, rail: str, today: date, terms: Terms) -> Preview:
    """What a payout of up to `amount_micros` would be. Raises NoSuchRail; it does not judge whether it may happen."""
    gross = payable(amount_micros, currency, rail)
    fee = fee_of(gross, currency, rail, terms)
    share = -(-fee * BPS // gross) if gross else 0
    least = minimum(currency, country, rail, terms)
    return Preview(gross, fee, gross - fee, share, least, LARGEST[currency], earliest(today, country, rail))


def suggested_threshold(currency: str, country: str, rail: str, terms: Terms, max_share_bps: int = 200) -> int:
    """The least amount from which on the fee is never more than the share; 0: no amount is large enough."""
    fee, step = terms.fee(rail, currency), step_micros(currency, rail)
    least = minimum(currency, country, rail, terms)
    if fee.bps > max_share_bps or (fee.bps == max_share_bps and fee.fixed_micros):
        return 0
    fixed = -(-fee.fixed_micros // step)
    if fee.bps == max_share_bps:
        return least if not fee.bps else 0
    # In steps: n costs ceil(fixed + bps n / BPS). The cost is constant on runs of n, and a run is dearest where it
    # begins; so the last amount that is too dear is found from the end, run by run.
    n = (fixed + 1) * BPS // (max_share_bps - fee.bps) + 1
    while n > 0:
        cost = _cost(n, fee, step)
        begin = _first_with(cost, n, fee, step)
        dear = min(n, -(-cost * BPS // max_share_bps) - 1) if max_share_bps else n
        if dear >= begin:
            return max(least, (dear + 1) * step)
        n = begin - 1
    return least


def _cost(n: int, fee: Fee, step: int) -> int:
    return -(-(fee.fixed_micros * BPS + fee.bps * n * step) // (BPS * step))


def _first_with(cost: int, n: int, fee: Fee, step: int) -> int:
    """The least number of steps that costs as much as n of them."""
    if not fee.bps:
        return 1
    below = ((cost - 1) * BPS * step - fee.fixed_micros * BPS) // (fee.bps * step)
    return min(n, max(1, below + 1))


def earliest(today: date, country: str, rail: str) -> date:
    """Bank days after today, weekends left out; holidays are the bank's to know."""
    days = _BANK_DAYS.get((rail, country), _BANK_DAYS.get((rail, ""), _USUAL_BANK_DAYS))
    day = today
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def next_date(every: Every, today: date) -> date | None:
    """The next day of a plan after today: tomorrow, the next Monday, the first of the next month; None: never."""
    match every:
        case "daily":
            return today + timedelta(days=1)
        case "weekly":
            return today + timedelta(days=7 - today.weekday())
        case "monthly":
            return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        case "never":
            return None


class Pay(NamedTuple):
    """Pay this much."""

    gross_micros: int
    fee_micros: int


class Wait(NamedTuple):
    """Do not pay now; a code says why."""

    reason: Literal[
        "account_not_ready",
        "payout_below_minimum",
        "below_threshold",
        "insufficient_funds",
        "rail_currency_unsupported",
    ]


@dataclass(frozen=True)
class Wish:
    """A payout that somebody, or their plan, wants."""

    amount_micros: int
    """In the currency of the account."""
    available_micros: int
    currency: str
    country: str
    rail: str
    ready: bool
    """Whether the rail takes money for the account now."""
    threshold_micros: int = 0


def due(wish: Wish, terms: Terms) -> Pay | Wait:
    """Whether it is paid now, how much, or why not. At most the largest payout: the rest waits for the next."""
    if not terms.carries(wish.rail, wish.currency):
        return Wait("rail_currency_unsupported")
    if wish.amount_micros > wish.available_micros:
        return Wait("insufficient_funds")
    gross = payable(min(wish.amount_micros, LARGEST[wish.currency]), wish.currency, wish.rail)
    if gross < minimum(wish.currency, wish.country, wish.rail, terms):
        return Wait("payout_below_minimum")
    if wish.amount_micros < wish.threshold_micros:
        return Wait("below_threshold")
    if not wish.ready:
        return Wait("account_not_ready")
    return Pay(gross, fee_of(gross, wish.currency, wish.rail, terms))
