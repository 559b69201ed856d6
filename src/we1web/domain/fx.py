"""Conversion by a dated rate, in whole numbers: exact, rounded down for the person, and the rest accounted for."""

from datetime import date
from typing import NamedTuple

from we1web.domain.currency import CURRENCIES

BPS = 10_000
NANOS = 1_000_000_000
"""Rates are kept as integers: thousand-millionths of the quote currency for one unit of the base currency."""


class NoRate(ValueError):
    """Nothing says how to convert."""


class Rate(NamedTuple):
    """One unit of `base` was worth nanos / 10^9 of `quote` on `day`."""

    day: date
    base: str
    quote: str
    nanos: int


class Conversion(NamedTuple):
    """What becomes of an amount: `given` = what the position gives, to the nearest micro-unit; `margin` = what the
    operator keeps of it; `received` = what the person gets, rounded down. The rest of `given`, 0 or 1, is rounding."""

    rate: Rate
    source_micros: int
    given_micros: int
    received_micros: int
    margin_micros: int = 0
    margin_bps: int = 0

    @property
    def rounding_micros(self) -> int:
        return self.given_micros - self.received_micros - self.margin_micros


def convert(micros: int, rate: Rate, margin_bps: int = 0) -> Conversion:
    """`micros` of the base currency in the quote currency, less a margin, which is rounded down.

    Raises ValueError for an amount that is not positive.
    """
    if micros <= 0 or rate.nanos <= 0:
        raise ValueError(f"{micros} at {rate.nanos} is nothing to convert")
    whole, rest = divmod(micros * rate.nanos, NANOS)
    margin = whole * margin_bps // BPS
    return Conversion(rate, micros, whole + (2 * rest >= NANOS), whole - margin, margin, margin_bps)


def needed(micros: int, rate: Rate) -> int:
    """The least amount of the base currency of which at least `micros` of the quote currency come out."""
    return -(-micros * NANOS // rate.nanos)


def cross(base: str, quote: str, first: Rate, second: Rate) -> Rate:
    """base → quote by way of a third currency that both rates are of; as old as the older of the two."""
    if first.base != second.base or (first.quote, second.quote) != (base, quote):
        raise ValueError(f"{first} and {second} do not lead from {base} to {quote}")
    return Rate(min(first.day, second.day), base, quote, NANOS * second.nanos // first.nanos)


def inverse(rate: Rate) -> Rate:
    """quote → base."""
    return Rate(rate.day, rate.quote, rate.base, NANOS * NANOS // rate.nanos)


def find(base: str, quote: str, rates: dict[tuple[str, str], Rate]) -> Rate:
    """The rate from the newest ones there are: named, turned round, or by way of one third currency.

    Raises NoRate.
    """
    if (direct := rates.get((base, quote))) is not None:
        return direct
    if (turned := rates.get((quote, base))) is not None:
        return inverse(turned)
    for middle in sorted(CURRENCIES):
        first, second = rates.get((middle, base)), rates.get((middle, quote))
        if first is not None and second is not None:
            return cross(base, quote, first, second)
    raise NoRate(f"there is no rate from {base.upper()} to {quote.upper()}")
