"""Whether a node answers in time: a share from 0 to 1, kept apart from whether its answers are right.

Vanishing is no lie: it must never touch reputation.py. It costs placement (strategies) and prefetch (`window`).
"""

NEWCOMER = 1.0
KEPT_FADE = 1 - 1 / 50
"""What is missing to 1 shrinks to this share with every frame of results that came in time."""
BROKEN_FADE = 0.8
"""The share shrinks to this with every time-out or disappearance, however many leases it concerned."""


def kept(reliability: float, n: int = 1) -> float:
    """After `n` more reports in time."""
    return 1.0 - (1.0 - reliability) * KEPT_FADE**n


def broken(reliability: float) -> float:
    """After the node let leases run out, or vanished with some."""
    return reliability * BROKEN_FADE


def window(asked: int, reliability: float) -> int:
    """How many leases to trust it with at once, of the `asked` it wants: never less than one."""
    return max(1, int(asked * reliability))
