"""sfc32: the seeded generator behind every task's randomness. Twin of `generator` in runtimes/guest/determinize.mjs.

Deterministic and fast, not secret: a task's random numbers are known to whoever knows its program and argument.
"""

_MASK = 0xFFFF_FFFF
_WARM_UP_ROUNDS = 12


class Entropy:
    """An endless stream of bytes that depends on `seed` alone."""

    def __init__(self, seed: int) -> None:
        self._state = (seed & _MASK, seed >> 32 & _MASK, 0, 1)
        for _ in range(_WARM_UP_ROUNDS):
            self._word()

    def read(self, size: int) -> bytes:
        """The next `size` bytes; what is left of the last word is dropped."""
        words = (self._word().to_bytes(4, "little") for _ in range(-(-size // 4)))
        return b"".join(words)[:size]

    def _word(self) -> int:
        a, b, c, count = self._state
        total = (a + b + count) & _MASK
        turned = (c << 21 | c >> 11) & _MASK
        self._state = (b ^ b >> 9, (c + (c << 3)) & _MASK, (turned + total) & _MASK, (count + 1) & _MASK)
        return total
