"""A statement as PDF, A4: what a person files or hands to a tax office. The same statement gives the same bytes.

Laid out first, drawn afterwards: so every page can say how many there are.
"""

from collections.abc import Iterator
from datetime import UTC
from io import BytesIO
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from we1web.coordinator.papers import font
from we1web.coordinator.papers.figures import figure
from we1web.coordinator.papers.statement import Line, Statement

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 40.0
TOP, BOTTOM = PAGE_HEIGHT - MARGIN, MARGIN + 24
SMALL, BODY, TITLE = 6.5, 9.0, 16.0
LEADING = 1.35
"""Height of a line of text, in sizes of its font."""


class Column(NamedTuple):
    """One column of the table. `most`: how many lines a cell may take."""

    title: str
    left: float
    right: float
    most: int = 1
    is_number: bool = False


COLUMNS = (
    Column("Time (UTC)", 40, 102),
    Column("Kind", 105, 152, most=2),
    Column("Text", 155, 268, most=3),
    Column("Reference", 271, 365, most=3),
    Column("Amount", 368, 460, is_number=True),
    Column("Balance", 463, 555, is_number=True),
)
TOTALS = (
    Column("Kind", 40, 285),
    Column("Lines", 289, 383, is_number=True),
    Column("Amount", 387, 469, is_number=True),
)
FACTS = (Column("", 40, 130), Column("", 134, 555, most=2))


class Run(NamedTuple):
    """A text in a place: `x` is its left end; `y` counts down from the top of its band."""

    x: float
    y: float
    text: str
    size: float
    face: str


class Band(NamedTuple):
    """A strip of the page that is never cut. `heading` is repeated above it where it comes first on a page."""

    height: float
    runs: tuple[Run, ...]
    is_underlined: bool = False
    heading: "Band | None" = None


def statement_pdf(statement: Statement) -> bytes:
    """The whole document."""
    font.register()
    pages = list(_pages(_bands(statement)))
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(font.drawable(f"Account statement {statement.number}"))
    canvas.setAuthor(font.drawable(statement.platform))
    for number, bands in enumerate(pages, 1):
        _draw(canvas, [*bands, _foot(bands, statement, f"Page {number} of {len(pages)}")])
    canvas.save()
    return file.getvalue()


def _pages(bands: Iterator[Band]) -> Iterator[list[Band]]:
    """Bands spread over pages."""
    page: list[Band] = []
    room = TOP - BOTTOM
    for band in bands:
        if band.height > room:
            yield page
            page, room = [], TOP - BOTTOM
            if band.heading is not None:
                page.append(band.heading)
                room -= band.heading.height
        page.append(band)
        room -= band.height
    yield page


def _bands(statement: Statement) -> Iterator[Band]:
    """The document from its title to its last line."""
    yield _row((Column("", 40, 555, most=2),), ("Account statement",), TITLE, font.BOLD)
    for fact in _facts(statement):
        yield _row(FACTS, fact, BODY)
    yield Band(BODY, ())
    totals = statement.totals()
    if totals:
        heading = _heading(TOTALS, statement.currency.upper())
        yield heading
        for kind, lines, amount in totals:
            yield _row(TOTALS, (kind, str(lines), figure(amount, statement.currency)), SMALL)._replace(heading=heading)
        yield Band(BODY, ())
    yield from _table(statement)


def _facts(statement: Statement) -> list[tuple[str, str]]:
    currency = statement.currency.upper()
    return [
        ("Number", statement.number),
        ("Issued by", statement.platform),
        ("Issued at", f"{statement.issued_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"),
        ("Holder", statement.holder_name),
        ("", statement.holder_email),
        ("Account", f"{statement.account}, in {currency}"),
        ("Period", f"{statement.first_day} to {statement.last_day}, days in UTC"),
        ("Opening balance", f"{figure(statement.opening_micros, statement.currency)} {currency}"),
        ("Closing balance", f"{figure(statement.closing_micros, statement.currency)} {currency}"),
    ]


def _table(statement: Statement) -> Iterator[Band]:
    """Every line between the two balances."""
    heading = _heading(COLUMNS, statement.currency.upper())
    first, last = str(statement.first_day), str(statement.last_day)
    opening, closing = (
        figure(micros, statement.currency) for micros in (statement.opening_micros, statement.closing_micros)
    )
    yield heading
    yield _row(COLUMNS, (first, "", "Opening balance", "", "", opening), SMALL, font.BOLD)._replace(heading=heading)
    for line in statement.lines:
        yield _row(COLUMNS, _cells(line, statement.currency), SMALL)._replace(heading=heading)
    yield _row(COLUMNS, (last, "", "Closing balance", "", "", closing), SMALL, font.BOLD)._replace(heading=heading)


def _cells(line: Line, currency: str) -> tuple[str, ...]:
    amount, balance = figure(line.amount_micros, currency), figure(line.balance_micros, currency)
    return f"{line.at.astimezone(UTC):%Y-%m-%d %H:%M}", line.kind, line.text, line.reference, amount, balance


def _heading(columns: tuple[Column, ...], unit: str) -> Band:
    """The titles of the columns; numbers say what they count."""
    titles = tuple(
        f"{column.title}, {unit}" if column.title in ("Amount", "Balance") else column.title for column in columns
    )
    return _row(columns, titles, SMALL, font.BOLD)._replace(is_underlined=True)


def _row(columns: tuple[Column, ...], cells: tuple[str, ...], size: float, face: str = font.NORMAL) -> Band:
    """Cells side by side, as high as the highest of them. A number is one line, whole, however long."""
    runs: list[Run] = []
    highest = 1
    for column, cell in zip(columns, cells, strict=True):
        if column.is_number:
            runs.append(Run(column.right - font.width(cell, face, size), size, cell, size, face))
            continue
        texts = font.lines(cell, column.right - column.left, size, column.most, face)
        runs += [Run(column.left, size * (1 + LEADING * index), text, size, face) for index, text in enumerate(texts)]
        highest = max(highest, len(texts))
    return Band(size * (LEADING * highest + 0.4), tuple(run for run in runs if run.text))


def _foot(bands: list[Band], statement: Statement, page: str) -> Band:
    """What tells a single sheet where it belongs, below what is on it."""
    down = TOP - MARGIN - sum(band.height for band in bands)
    left = font.lines(f"{statement.platform} · {statement.number}", 400, SMALL, 1)[0]
    right = PAGE_WIDTH - MARGIN - font.width(page, font.NORMAL, SMALL)
    return Band(0, (Run(MARGIN, down, left, SMALL, font.NORMAL), Run(right, down, page, SMALL, font.NORMAL)))


def _draw(canvas: Canvas, bands: list[Band]) -> None:
    """One page, as one text: the library takes half as long as for a text each."""
    text = canvas.beginText()
    top = TOP
    for band in bands:
        for run in band.runs:
            text.setFont(run.face, run.size)
            text.setTextOrigin(run.x, top - run.y)
            text.textOut(run.text)
        top -= band.height
        if band.is_underlined:
            canvas.line(MARGIN, top + 1, PAGE_WIDTH - MARGIN, top + 1)
    canvas.drawText(text)
    canvas.showPage()
