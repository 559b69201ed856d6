"""Money as integer micro-units: a millionth of the currency's unit. Never a float, on no path."""

import re

MICROS = 1_000_000
DEFAULT_CURRENCY = "usd"
MAX_MICROS = (1 << 53) - 1
"""The largest amount anyone may name: exact in JSON everywhere (about nine thousand million units)."""

_AMOUNT = re.compile(r"(\d{1,10})(?:\.(\d{1,6}))?", re.ASCII)


class BadAmount(ValueError):
    """A text that is no amount of money."""


def parse_micros(text: str) -> int:
    """'0.0005' → 500. Plain decimals only: no sign, exponent, thousands separator or seventh decimal place."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise BadAmount(f"{text[:40]!r} is no amount; write it like 12.50, at most six decimal places")
    units, fraction = match.groups(default="")
    micros = int(units) * MICROS + int(fraction.ljust(6, "0"))
    if micros > MAX_MICROS:
        raise BadAmount(f"{text[:40]} is more than {format_micros(MAX_MICROS)}")
    return micros


def format_micros(micros: int) -> str:
    """500 → '0.0005', 12_500_000 → '12.50': exact, and never fewer than two decimal places."""
    units, fraction = divmod(abs(micros), MICROS)
    digits = f"{fraction:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if micros < 0 else ''}{units}.{digits}"


def show(micros: int, currency: str = DEFAULT_CURRENCY) -> str:
    """An amount as a person reads it: '0.0005 USD'."""
    return f"{format_micros(micros)} {currency.upper()}"
