"""Amounts as papers print them: exact, with a decimal point and no separators, so that they read back as numbers."""

from we1web.domain.currency import CURRENCIES
from we1web.domain.money import MICROS


def figure(micros: int, currency: str) -> str:
    """With the currency's decimal places, or as many as it needs: 1_500_000 eur → '1.50'; 500 eur → '0.0005'."""
    units, fraction = divmod(abs(micros), MICROS)
    digits = f"{fraction:06d}".rstrip("0").ljust(CURRENCIES[currency].exponent, "0")
    return f"{'-' if micros < 0 else ''}{units}{'.' if digits else ''}{digits}"
