"""Texts of people on paper: what a bank's character set or a font lacks is transliterated, never a reason to fail."""

import re
import unicodedata

# Brought by sepaxml, which needs it for the same purpose.
from text_unidecode import unidecode

_NOT_SEPA = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_NEAREST = str.maketrans({'"': "'", "`": "'", "&": "+", "_": "-", ";": ",", "[": "(", "]": ")", "{": "(", "}": ")"})


def plain(text: str) -> str:
    """One line that any encoder takes: control characters become spaces, lone surrogates question marks."""
    if text.isprintable():
        return text
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cs":
            return "?"
    return character


def latin(text: str) -> str:
    """The text in ASCII letters, as near as they come: 'Łódź' → 'Lodz', '王小明' → 'Wang Xiao Ming'."""
    return " ".join(str(unidecode(plain(text))).split())


def sepa(text: str, limit: int) -> str:
    """The text in the characters every SEPA bank accepts, cut to `limit`. Empty when no letter or digit is left."""
    kept = _NOT_SEPA.sub(".", latin(text[: 4 * limit]).translate(_NEAREST))[:limit].strip()
    return kept if any(character.isalnum() for character in kept) else ""
