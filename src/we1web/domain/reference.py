"""The reference a payer writes on a bank transfer: short, without letters that look alike, and one typo is noticed."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs, a prime number: a weighted sum modulo 31 notices every wrong sign and every pair that was swapped."""
_SIGNS = 7


def make(number: int) -> str:
    """`WE1-XXXX-XXXX` of a number that nobody can guess; only its last 34 bits count."""
    signs = []
    for _ in range(_SIGNS):
        number, place = divmod(number, len(ALPHABET))
        signs.append(place)
    signs.append(_check(signs))
    text = "".join(ALPHABET[place] for place in signs)
    return f"WE1-{text[:4]}-{text[4:]}"


def read(text: str) -> str | None:
    """The reference in what a person typed (any case, any spacing); None when it is none, or mistyped."""
    bare = "".join(c for c in text.upper() if c.isalnum()).removeprefix("WE1")
    if len(bare) != _SIGNS + 1 or any(c not in ALPHABET for c in bare):
        return None
    places = [ALPHABET.index(c) for c in bare]
    return f"WE1-{bare[:4]}-{bare[4:]}" if places[-1] == _check(places[:-1]) else None


def _check(places: list[int]) -> int:
    return sum((position + 2) * place for position, place in enumerate(places)) % len(ALPHABET)
