"""What a funding may be: how little, how much, in which steps, per currency. Data, and one check."""

from typing import NamedTuple

from we1web.domain.currency import CURRENCIES, from_minor, minor_micros
from we1web.domain.money import BadAmount, show


class Terms(NamedTuple):
    """In minor units of the currency."""

    least: int
    most: int
    step: int = 1
    """Amounts are multiples of it: in three-decimal currencies the last digit is 0 (docs.stripe.com/currencies)."""


TERMS: dict[str, Terms] = {
    # Ours, not a rail's, about 5 to 10,000 US dollars: below, the fixed part of a card's fee eats it; above, a bank
    # transfer is cheaper.
    "cad": Terms(700, 1_400_000),
    "chf": Terms(500, 900_000),
    "dkk": Terms(3_500, 7_000_000),
    "eur": Terms(500, 1_000_000),
    "gbp": Terms(500, 800_000),
    "jpy": Terms(750, 1_500_000),
    "kwd": Terms(1_500, 3_000_000, step=10),
    "nok": Terms(5_000, 10_000_000),
    "pln": Terms(2_000, 4_000_000),
    "sek": Terms(5_000, 10_000_000),
    "usd": Terms(500, 1_000_000),
}


def check(micros: int, currency: str) -> None:
    """Raises BadAmount, in words for the payer."""
    terms = TERMS.get(currency)
    if terms is None:
        raise BadAmount(f"{currency[:10]!r} cannot be paid in; choose one of {', '.join(TERMS)}")
    step = terms.step * minor_micros(currency)
    if micros % step:
        raise BadAmount(f"an amount in {CURRENCIES[currency].name} is a multiple of {show(step, currency)}")
    least, most = from_minor(terms.least, currency), from_minor(terms.most, currency)
    if not least <= micros <= most:
        raise BadAmount(f"pay in between {show(least, currency)} and {show(most, currency)} at a time")


def refundable(micros: int, currency: str) -> int:
    """The most of `micros` that can go back, in whole steps."""
    terms = TERMS[currency]
    return micros - micros % (terms.step * minor_micros(currency))
