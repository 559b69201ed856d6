"""PDF read back with pypdf: the figures are there, on pages that know their number, whatever people are called."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.papers.papers import NASTY, lines, statement

from we1web.coordinator.papers import font
from we1web.coordinator.papers.figures import figure
from we1web.coordinator.papers.statement import Statement
from we1web.coordinator.papers.statement_pdf import COLUMNS, SMALL, statement_pdf


def pages(made: Statement) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(statement_pdf(made))).pages]


def words(made: Statement) -> list[str]:
    return " ".join(pages(made)).split()


def test_says_whose_it_is_and_every_figure() -> None:
    made = statement(12_500_000, -2_500_001, opening=1_000_000)
    [page] = pages(made)
    for text in (
        "Account statement",
        "Number S-2026-11-1",
        "Issued by WE1WEB",
        "Issued at 2026-12-01 08:00 UTC",
        "Holder Erika Mustermann",
        "erika@example.org",
        "Account earnings, in EUR",
        "Period 2026-11-01 to 2026-11-30",
        "Opening balance 1.00 EUR",
        "Closing balance 10.999999 EUR",
        "credit 1 12.50",
        "payout 1 -2.500001",
        "Amount, EUR Balance, EUR",
        "2026-11-01 00:00 credit line 0 ref-0 12.50 13.50",
        "2026-11-01 00:01 payout line 1 ref-1 -2.500001 10.999999",
        "Page 1 of 1",
    ):
        assert text in page


def test_every_page_has_the_heading_and_its_number() -> None:
    made = statement(*(10_000 * (index + 1) for index in range(400)))
    found = pages(made)
    assert len(found) > 5
    for number, page in enumerate(found, 1):
        assert page.count("Time (UTC) Kind Text Reference Amount, EUR Balance, EUR") == 1
        assert f"Page {number} of {len(found)}" in page
    everything = " ".join(found).split()
    assert [word for word in everything if word.startswith("ref-")] == [line.reference for line in made.lines]
    assert all(figure(line.balance_micros, "eur") in everything for line in made.lines)


def test_an_empty_statement_has_two_balances() -> None:
    [page] = pages(statement(opening=7_000_000))
    assert page.count("7.00") == 4
    assert "Lines" not in page


def test_many_kinds_flow_over_pages_too() -> None:
    own = tuple(line for index in range(150) for line in lines(1, opening=index, kind=f"kind{index:03d}"))
    found = pages(statement(of_lines=own))
    assert {f"kind{index:03d}" for index in range(150)} <= set(" ".join(found).split())
    assert all("Kind" in page for page in found)


def test_equal_statements_are_equal_files() -> None:
    file = statement_pdf(statement(1, holder_name="Zoë"))
    assert statement_pdf(statement(2, holder_name="王小明")) != file
    assert statement_pdf(statement(1, holder_name="Zoë")) == file


def test_has_the_decimals_of_the_currency() -> None:
    assert {"500", "JPY"} <= set(words(statement(500_000_000, currency="jpy")))
    assert {"500.000", "KWD"} <= set(words(statement(500_000_000, currency="kwd")))


@pytest.mark.parametrize("text", NASTY)
def test_any_name_is_drawn(text: str) -> None:
    of_lines = lines(12_340_000, text=text, reference=text, kind=text)
    made = statement(of_lines=of_lines, holder_name=text, holder_email=text, platform=text, number=text)
    assert "12.34" in words(made)


def test_replaces_what_the_font_lacks() -> None:
    [page] = pages(statement(holder_name="Zoë Łódź 王小明 😀 e\u0301 <b>x</b>"))
    assert "Holder Zoë Łódz Wang Xiao Ming ? é <b>x</b>" in page


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec=None), max_size=200), st.sampled_from(COLUMNS))
def test_any_text_fits_its_column(text: str, column: tuple[str, float, float, int, bool]) -> None:
    room = column[2] - column[1]
    broken = font.lines(text, room, SMALL, column[3])
    assert 1 <= len(broken) <= column[3]
    assert all(font.width(line, font.NORMAL, SMALL) <= room for line in broken)


def test_long_texts_end_in_an_ellipsis_and_short_ones_are_whole() -> None:
    assert font.lines("one two", 500, SMALL, 1) == ("one two",)
    assert font.lines("0195f2d4-7a1b-7c3d-8e4f-000000000001", 94, SMALL, 3) == (
        "0195f2d4-7a1b-7c3d-8e4f-",
        "000000000001",
    )
    cut = font.lines("word " * 100, 100, SMALL, 2)
    assert len(cut) == 2
    assert cut[1].endswith("word…")


def test_the_largest_figures_fit_their_columns() -> None:
    widest = figure(-(2**63), "eur")
    for column in COLUMNS:
        if column.is_number:
            assert font.width(widest, font.BOLD, SMALL) <= column.right - column.left
