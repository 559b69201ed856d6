"""A statement as CSV (RFC 4180, UTF-8): numbers a program can add up, texts a spreadsheet never runs as formulas."""

import csv
from datetime import UTC, date, datetime, time
from io import StringIO

from we1web.coordinator.papers.figures import figure
from we1web.coordinator.papers.letters import plain
from we1web.coordinator.papers.statement import Statement

COLUMNS = ("at", "kind", "text", "reference", "amount", "balance", "currency")
OPENING, CLOSING = "opening balance", "closing balance"
"""The kinds of the first and the last row, which have a balance and no amount."""

# What makes a cell a formula somewhere; the wide forms are the same keys in East Asian spreadsheets.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def statement_csv(statement: Statement) -> bytes:
    """The header, the opening balance, a row for each line, the closing balance. Times are in UTC."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    code, currency = statement.currency, statement.currency.upper()
    opening, closing = (figure(micros, code) for micros in (statement.opening_micros, statement.closing_micros))
    writer.writerow(COLUMNS)
    writer.writerow([_moment(statement.first_day, time.min), OPENING, "", "", "", opening, currency])
    writer.writerows(
        [
            _iso(line.at),
            _inert(line.kind),
            _inert(line.text),
            _inert(line.reference),
            figure(line.amount_micros, code),
            figure(line.balance_micros, code),
            currency,
        ]
        for line in statement.lines
    )
    writer.writerow([_moment(statement.last_day, time.max), CLOSING, "", "", "", closing, currency])
    return file.getvalue().encode()


def _inert(text: str) -> str:
    """The text on one line, with an apostrophe before what a spreadsheet would calculate."""
    line = plain(text)
    return f"'{line}" if line.lstrip().startswith(_FORMULA) else line


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(day: date, at: time) -> str:
    return _iso(datetime.combine(day, at, UTC))
