"""Which of an owner's votes are not judged yet: only the engine's memory knows them. Pure."""

from we1web.engine.state import Bundle, State


def pending_votes(state: State, owner: int) -> dict[int, tuple[int, int]]:
    """Job key → votes that earn something if they agree, and how many of them came in time for a bonus.

    Held results are among them.
    """
    found: dict[int, tuple[int, int]] = {}
    for bundle in state.bundles.values():
        if owner in bundle.owners:
            votes, fast = _votes(bundle, owner)
            before = found.get(bundle.job.key, (0, 0))
            found[bundle.job.key] = (before[0] + votes, before[1] + fast)
    return {job: counts for job, counts in found.items() if counts[0]}


def _votes(bundle: Bundle, owner: int) -> tuple[int, int]:
    mine = next((ballot for ballot in bundle.ballots if ballot.standing.node.owner == owner), None)
    if mine is None or bundle.settled:
        return 0, 0
    votes = bundle.n - len(bundle.final or ())
    return votes, votes if mine.fast else 0
