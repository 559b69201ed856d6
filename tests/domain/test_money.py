"""Amounts: exact both ways, and nothing that is not plainly an amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.money import MAX_MICROS, BadAmount, format_micros, parse_micros, show


@pytest.mark.parametrize(
    ("text", "micros"),
    [("0.0005", 500), ("1", 1_000_000), ("12.50", 12_500_000), (" 0.1 ", 100_000), ("0", 0), ("0.000001", 1)],
)
def test_parses(text: str, micros: int) -> None:
    assert parse_micros(text) == micros


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (500, "0.0005"),
        (12_500_000, "12.50"),
        (0, "0.00"),
        (-1, "-0.000001"),
        (-1_500_000, "-1.50"),
        (123_456, "0.123456"),
    ],
)
def test_formats(micros: int, text: str) -> None:
    assert format_micros(micros) == text


@pytest.mark.parametrize(
    "text",
    ["", ".", ".5", "5.", "-1", "+1", "1e3", "1,5", "1_000", "0.0000001", "nan", "inf", "１", "1 2", "0x1", "9" * 11],
)
def test_refuses_what_is_no_plain_amount(text: str) -> None:
    with pytest.raises(BadAmount):
        parse_micros(text)


def test_refuses_more_than_json_can_hold() -> None:
    assert float(MAX_MICROS) == MAX_MICROS == 2**53 - 1
    assert parse_micros(format_micros(MAX_MICROS)) == MAX_MICROS
    with pytest.raises(BadAmount, match="more than"):
        parse_micros(format_micros(MAX_MICROS + 1))


@given(st.integers(0, MAX_MICROS))
def test_what_is_written_reads_back(micros: int) -> None:
    assert parse_micros(format_micros(micros)) == micros


@given(st.text(max_size=20))
def test_any_text_gives_an_amount_or_a_refusal(text: str) -> None:
    try:
        assert 0 <= parse_micros(text) <= MAX_MICROS
    except BadAmount as refusal:
        assert len(str(refusal)) < 200


def test_shows_the_currency() -> None:
    assert show(500) == "0.0005 USD"
    assert show(2_000_000, "eur") == "2.00 EUR"
