"""CSV read back by the standard library: the same numbers, and no formula."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers.papers import NASTY, lines, statement

from we1web.coordinator.papers.statement import Statement
from we1web.coordinator.papers.statement_csv import CLOSING, COLUMNS, OPENING, statement_csv


def read(made: Statement) -> list[dict[str, str]]:
    rows = csv.DictReader(StringIO(statement_csv(made).decode(), newline=""), strict=True)
    assert tuple(rows.fieldnames or ()) == COLUMNS
    return list(rows)


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(-(10**15), 10**15).filter(bool), max_size=20))
def test_adds_up_after_reading(opening: int, amounts: list[int]) -> None:
    first, *between, last = read(statement(*amounts, opening=opening))
    balance = Decimal(first["balance"])
    assert balance * 1_000_000 == opening
    for row, amount in zip(between, amounts, strict=True):
        assert Decimal(row["amount"]) * 1_000_000 == amount
        balance += Decimal(row["amount"])
        assert Decimal(row["balance"]) == balance
    assert Decimal(last["balance"]) == balance
    assert (first["kind"], first["amount"], last["kind"], last["amount"]) == (OPENING, "", CLOSING, "")


def test_is_rfc_4180() -> None:
    of_lines = lines(1_500_000, text='say "hi", twice')
    assert statement_csv(statement(of_lines=of_lines)) == (
        b"at,kind,text,reference,amount,balance,currency\r\n"
        b"2026-11-01T00:00:00.000000Z,opening balance,,,,0.00,EUR\r\n"
        b'2026-11-01T00:00:00.000000Z,credit,"say ""hi"", twice",ref-0,1.50,1.50,EUR\r\n'
        b"2026-11-30T23:59:59.999999Z,closing balance,,,,1.50,EUR\r\n"
    )


def test_has_the_decimals_of_the_currency() -> None:
    yen = read(statement(500_000_000, currency="jpy"))
    dinar = read(statement(500_000_000, currency="kwd"))
    assert (yen[1]["amount"], yen[1]["currency"]) == ("500", "JPY")
    assert (dinar[1]["amount"], dinar[1]["currency"]) == ("500.000", "KWD")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\n@x", "＝1", '=HYPERLINK("x")', "-"]
)
def test_texts_are_no_formulas(text: str) -> None:
    row = read(statement(of_lines=lines(-1, text=text, reference=text, kind=text)))[1]
    for cell in (row["text"], row["reference"], row["kind"]):
        assert cell.startswith("'")
        assert cell[1:].strip() == text.strip()
    assert row["amount"] == "-0.000001"


@pytest.mark.parametrize("text", NASTY)
def test_any_text_stays_in_its_row(text: str) -> None:
    file = statement_csv(statement(of_lines=lines(1, text=text)))
    assert len(file.decode().splitlines()) == 4
    assert not [byte for byte in file if byte < 0x20 and byte not in b"\r\n"]
