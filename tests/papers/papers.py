"""Statements and batches that the tests of the papers start from."""

from datetime import UTC, date, datetime, timedelta

from we1web.coordinator.papers.pain001 import Batch, CreditTransfer, Debtor
from we1web.coordinator.papers.statement import Line, Statement

NASTY = (
    "Zoë Łódź-Œuvre",
    "王小明",
    "Жанна Д’Арк",
    "محمد 123",
    "e\u0301\u0327 \U0001f600 x",
    "a\x00b\x1bc\r\nd\u2028e",
    "\ud800 lone",
    "\u202eevil\u200b",
    "<b>&amp;</b> 'x' \"y\" <![CDATA[z]]>",
    "w" * 5_000,
)
"""Names as people have and make them."""


def debtor(bic: str | None = None) -> Debtor:
    return Debtor("WE1WEB Österreich GmbH", "AT611904300234573201", bic)


def transfer(**changed: object) -> CreditTransfer:
    values = {
        "end_to_end_id": "payout1",
        "name": "Erika Mustermann",
        "iban": "DE89370400440532013000",
        "amount_micros": 12_340_000,
        "remittance": "Earnings of November",
    }
    return CreditTransfer(**{**values, **changed})  # type: ignore[arg-type]


def batch(*transfers: CreditTransfer, **changed: object) -> Batch:
    values = {
        "message_id": "batch-7",
        "created_at": datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
        "execution_date": date(2026, 11, 27),
        "debtor": debtor(),
        "transfers": transfers or (transfer(),),
    }
    return Batch(**{**values, **changed})  # type: ignore[arg-type]


def lines(*amounts: int, opening: int = 0, **changed: object) -> tuple[Line, ...]:
    """One line for each amount, an hour apart, with the balances that follow."""
    found, balance = [], opening
    for index, amount in enumerate(amounts):
        balance += amount
        values = {
            "at": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=index),
            "kind": "credit" if amount > 0 else "payout",
            "text": f"line {index}",
            "reference": f"ref-{index}",
        }
        found.append(Line(**{**values, **changed}, amount_micros=amount, balance_micros=balance))  # type: ignore[arg-type]
    return tuple(found)


def statement(
    *amounts: int, opening: int = 0, of_lines: tuple[Line, ...] | None = None, **changed: object
) -> Statement:
    own = lines(*amounts, opening=opening) if of_lines is None else of_lines
    values = {
        "number": "S-2026-11-1",
        "holder_name": "Erika Mustermann",
        "holder_email": "erika@example.org",
        "platform": "WE1WEB",
        "currency": "eur",
        "account": "earnings",
        "first_day": date(2026, 11, 1),
        "last_day": date(2026, 11, 30),
        "opening_micros": opening,
        "closing_micros": opening + sum(line.amount_micros for line in own),
        "lines": own,
        "issued_at": datetime(2026, 12, 1, 8, tzinfo=UTC),
    }
    return Statement(**{**values, **changed})  # type: ignore[arg-type]
