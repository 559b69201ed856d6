"""What the engine asks its shell to do: plain values, taken from the lists of the state. It decides nothing."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from we1web.engine.standing import Standing
    from we1web.engine.state import Bundle, Node


class Settled(NamedTuple):
    """Effect: these tasks ended."""

    bundle: "Bundle"
    places: Sequence[int]
    outcomes: Sequence[bytes]
    state: int
    """VERIFIED, FAILED or CANCELLED; for VERIFIED an outcome that is an agreed error means the task failed, paid."""
    paid: Sequence["Standing"]
    rejected: Sequence["Standing"]
    error: float = 0.0
    """What the policy states as the chance that an accepted outcome is wrong, for each of the tasks."""
    fast: Collection["Standing"] = ()
    """Those of the paid whose votes earn the bonus too."""


class Dispute(NamedTuple):
    """Effect: votes on one task differed, or a referee contradicted them, and this is how it ended."""

    bundle: "Bundle"
    place: int
    opened_at: float
    """Engine's clock, seconds."""
    resolved_at: float
    how: str
    """'referee', 'panel', 'exhausted' (nobody was left to ask), 'gave_up', 'cancelled'."""
    accepted: bytes | None
    """Digest that was accepted; None when the task failed."""
    truth: bytes | None
    """Digest that the referee computed; None when none was asked."""
    votes: Sequence[tuple["Standing", bytes, float, bool]]
    """Who, digest, weight at the end, and whether the vote is paid."""


class Heard(NamedTuple):
    """Effect: what a referee computed for a bundle that somebody contests; shorter than the bundle when it failed."""

    bundle: "Bundle"
    outcomes: Sequence[bytes]


class Surplus(NamedTuple):
    """Effect: correct work that was asked for but not needed any more is paid too."""

    bundle: "Bundle"
    places: Sequence[int]
    standing: "Standing"
    fast: bool = False
    """With the bonus."""


class Withdrawn(NamedTuple):
    """Effect: a node shall stop working on a bundle."""

    node: "Node"
    bundle_id: int
    code: str
