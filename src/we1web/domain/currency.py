"""Currencies: how many decimal places each has. Data, and nothing that depends on a rate (that is fx.py)."""

from typing import NamedTuple

from we1web.domain.money import MICROS, BadAmount


class Currency(NamedTuple):
    """ISO 4217, in lower case, as payment rails write it."""

    code: str
    exponent: int
    """Decimal places of its minor unit: 2 for cents, 0 for the yen, 3 for the fils."""
    name: str


CURRENCIES: dict[str, Currency] = {
    currency.code: currency
    for currency in (
        Currency("cad", 2, "Canadian dollar"),
        Currency("chf", 2, "Swiss franc"),
        Currency("dkk", 2, "Danish krone"),
        Currency("eur", 2, "euro"),
        Currency("gbp", 2, "pound sterling"),
        Currency("jpy", 0, "Japanese yen"),
        Currency("kwd", 3, "Kuwaiti dinar"),
        Currency("nok", 2, "Norwegian krone"),
        Currency("pln", 2, "Polish zloty"),
        Currency("sek", 2, "Swedish krona"),
        Currency("usd", 2, "US dollar"),
    )
}


def minor_micros(code: str) -> int:
    """Micro-units in one minor unit: 10,000 in a cent, 1,000,000 in a yen, 1,000 in a fils. Raises KeyError."""
    return MICROS // int(10 ** CURRENCIES[code].exponent)


def to_minor(micros: int, code: str) -> int:
    """Whole minor units, as rails count. Raises BadAmount for what is negative or finer than a minor unit."""
    units, rest = divmod(micros, minor_micros(code))
    if rest or micros < 0:
        raise BadAmount(f"{micros} micro-units are no whole, positive number of the smallest coins of {code}")
    return units


def from_minor(minor: int, code: str) -> int:
    """Micro-units of so many minor units; of what a rail reports, so it may be negative."""
    return minor * minor_micros(code)


def whole_minor(micros: int, code: str) -> int:
    """The largest payable amount in `micros`: rounded down to whole minor units, in micro-units."""
    return micros - micros % minor_micros(code)
