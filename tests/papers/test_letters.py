"""Texts on paper: whatever comes in, only what the bank and the encoder take comes out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.coordinator.papers.letters import latin, plain, sepa

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Łódź", "Lodz"),
        ("Müller & Söhne", "Muller & Sohne"),
        ("Жанна", "Zhanna"),
        ("王小明", "Wang Xiao Ming"),
        ("😀", ""),
    ],
)
def test_writes_every_script_in_latin_letters(text: str, letters: str) -> None:
    assert latin(text) == letters


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Müller & Söhne", "Muller + Sohne"),
        ('"Zoë" <zoe@x.org>', "'Zoe' .zoe.x.org."),
        ("a\r\n\tb", "a b"),
        ("snake_case; [x]", "snake-case, (x)"),
        ("😀😀", ""),
        ("<>", ""),
        ("   ", ""),
    ],
)
def test_keeps_to_the_characters_of_sepa(text: str, kept: str) -> None:
    assert sepa(text, 70) == kept


def test_is_cut_without_a_space_at_the_end() -> None:
    assert sepa("aaa bbb", 4) == "aaa"
    assert sepa("ж" * 1_000_000, 70) == ("zh" * 70)[:70]


@given(ANY_TEXT, st.integers(1, 140))
def test_any_text_fits_a_bank(text: str, limit: int) -> None:
    assert re.fullmatch(r"|[A-Za-z0-9/?:().,'+-]([A-Za-z0-9/?:().,'+ -]*[A-Za-z0-9/?:().,'+-])?", sepa(text, limit))
    assert len(sepa(text, limit)) <= limit


@given(ANY_TEXT)
def test_any_text_is_one_line_that_encodes(text: str) -> None:
    line = plain(text)
    assert line.encode().decode() == line
    assert len(line.splitlines()) <= 1
    assert len(line) == len(text)
