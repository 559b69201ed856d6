"""Reads dated exchange rates from text: our CSV, or the XML that the European Central Bank publishes every day.

All or nothing: a file with one line that is no rate is refused. Currencies that are not ours are left out.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

from we1web.domain.currency import CURRENCIES
from we1web.domain.fx import NANOS, Rate

MAX_CHARS = 8 << 20
HEADER = ["day", "base", "quote", "rate"]
_MOST = Decimal(10**9)
_NUMBER = re.compile(r"\d{1,10}(\.\d{1,20})?", re.ASCII)


class BadRates(ValueError):
    """The text holds no rates, or something among them that is none."""


def parse(text: str) -> list[Rate]:
    """Every rate between two of our currencies. Raises BadRates."""
    if len(text) > MAX_CHARS:
        raise BadRates(f"more than {MAX_CHARS} characters")
    rates = list(_xml(text) if text.lstrip("\ufeff \r\n\t").startswith("<") else _csv(text))
    if not rates:
        raise BadRates("there is no rate between two of our currencies in it")
    newest: dict[tuple[date, str, str], Rate] = {(rate.day, rate.base, rate.quote): rate for rate in rates}
    return list(newest.values())


def _csv(text: str) -> Iterator[Rate]:
    rows = csv.reader(text.lstrip("\ufeff").splitlines())
    header = [name.strip().lower() for name in next(rows, [])]
    if header != HEADER:
        raise BadRates(f"the first line must be {','.join(HEADER)}")
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if len(row) != len(HEADER):
            raise BadRates(f"line {number} has {len(row)} fields, not {len(HEADER)}")
        yield from _rate(f"line {number}", *(field.strip() for field in row))


def _xml(text: str) -> Iterator[Rate]:
    """`<Cube time="2026-11-25"><Cube currency="USD" rate="1.0571"/>…`: how much one euro is worth."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadRates("the XML declares entities, which rates need not")
    try:
        root = ElementTree.fromstring(text.lstrip("\ufeff \r\n\t"))
    except ElementTree.ParseError as error:
        raise BadRates(f"no well-formed XML: {error}") from None
    for day in root.iter():
        if "time" in day.attrib:
            for cube in day:
                told = (cube.get("currency", ""), cube.get("rate", ""))
                yield from _rate(f"the rate of {told[0][:10]!r}", day.attrib["time"], "EUR", *told)


def _rate(where: str, day: str, base: str, quote: str, rate: str) -> Iterator[Rate]:
    base, quote = base.lower(), quote.lower()
    try:
        on = date.fromisoformat(day)
        value = Decimal(rate) if _NUMBER.fullmatch(rate) else Decimal(0)
    except (ValueError, InvalidOperation):
        raise BadRates(f"{where}: {day[:20]!r} is no day") from None
    nanos = int((value * NANOS).to_integral_value())
    if not 0 < value < _MOST or not nanos or base == quote:
        raise BadRates(f"{where}: {rate[:30]!r} is no rate from {base[:10]!r} to {quote[:10]!r}")
    if base in CURRENCIES and quote in CURRENCIES:
        yield Rate(on, base, quote, nanos)
