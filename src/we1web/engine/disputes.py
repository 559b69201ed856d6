"""The record of a dispute that ended: the evidence as it was when the verdict fell."""

from collections.abc import Sequence

from we1web.domain.consensus import Vote
from we1web.engine.effects import Dispute
from we1web.engine.state import Ballot, Bundle, State

REFEREE, PANEL, EXHAUSTED = "referee", "panel", "exhausted"


def differ(votes: Sequence[Vote], truth: bytes | None) -> bool:
    """Whether there is anything to record: answers that contradict each other, or a referee."""
    digests = {vote.digest for vote in votes}
    return len(digests | ({truth} if truth is not None else set())) > 1


def record(
    state: State,
    bundle: Bundle,
    place: int,
    ballots: Sequence[Ballot],
    votes: Sequence[Vote],
    truth: bytes | None,
    accepted: bytes | None,
    how: str,
    now: float,
) -> None:
    """Notes how the dispute on one task ended; `ballots` and `votes` belong together."""
    opened = bundle.disputed_at if bundle.disputed_at >= 0 else now
    evidence = [
        (ballot.standing, vote.digest, vote.weight, accepted is not None and vote.digest == accepted)
        for ballot, vote in zip(ballots, votes, strict=True)
    ]
    state.disputes.append(Dispute(bundle, place, opened, now, how, accepted, truth, evidence))
