"""The font of our papers: measures text, breaks it into lines, and replaces what it cannot draw."""

import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from we1web.coordinator.papers.letters import latin, plain

NORMAL, BOLD = "Vera", "VeraBd"
_FOLDER = Path(reportlab.__file__).parent / "fonts"
_MAX_MEASURED = 600
"""Characters of a text that are looked at: more than fits anywhere."""
_INVISIBLE = {"Mn", "Me", "Cf"}
"""Categories of what a font like this one draws as nothing: accents without a letter, marks of direction."""


@cache
def register() -> None:
    """Makes both faces known to the drawing library; before anything is drawn or measured."""
    for name in (NORMAL, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf")))


@cache
def _drawn() -> frozenset[int]:
    """Code points that both faces have."""
    faces = [TTFont(name, str(_FOLDER / f"{name}.ttf")).face for name in (NORMAL, BOLD)]
    return frozenset.intersection(*(frozenset(face.charToGlyph) for face in faces))


def drawable(text: str) -> str:
    """The text with nearest Latin letters, or a question mark, for what the font lacks. Of the start of a long text."""
    start = unicodedata.normalize("NFC", plain(text[:_MAX_MEASURED]))
    if start.isascii():
        return start
    seen = (character for character in start if unicodedata.category(character) not in _INVISIBLE)
    runs = groupby(seen, key=lambda character: ord(character) in _drawn())
    return "".join("".join(run) if is_drawn else latin("".join(run)) or "?" for is_drawn, run in runs)


@lru_cache(10_000)
def _width(character: str, face: str) -> float:
    """In thousandths of the font's size."""
    register()
    return float(pdfmetrics.stringWidth(character, face, 1000))


def width(text: str, face: str, size: float) -> float:
    """Of a drawable text, in points."""
    return sum(_width(character, face) for character in text) * size / 1000


def lines(text: str, room: float, size: float, most: int, face: str = NORMAL) -> tuple[str, ...]:
    """The text, made drawable, in at most `most` lines that fit into `room`; an ellipsis tells what was cut."""
    rest = drawable(text).strip()
    found: list[str] = []
    while rest and len(found) < most:
        fits = _fitting(rest, room * 1000 / size, face)
        if fits < len(rest) and len(found) == most - 1:
            ellipsis = room * 1000 / size - _width("…", face)
            found.append(rest[: _fitting(rest, ellipsis, face)].rstrip() + "…")
            break
        end = _break(rest, fits)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return tuple(found) or ("",)


def _fitting(text: str, room: float, face: str) -> int:
    """How many characters fit, at least one."""
    used = 0.0
    for index, character in enumerate(text):
        used += _width(character, face)
        if used > room:
            return max(1, index)
    return len(text)


def _break(text: str, fits: int) -> int:
    """Where to end a line of `fits` characters: at a space or after a hyphen of its second half, or inside a word."""
    if fits == len(text) or text[fits] == " ":
        return fits
    gap = max(text.rfind(" ", 0, fits), text.rfind("-", 0, fits) + 1)
    return gap if gap > fits // 2 else fits
