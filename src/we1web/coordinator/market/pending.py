"""What an owner's votes on open tasks are worth: only the engine's memory knows them before they are judged. Pure."""

from we1web.engine.state import Bundle, State


def pending_micros(state: State, owner: int) -> int:
    """What these votes will earn if they all agree, held results included."""
    return sum(_worth(bundle, owner) for bundle in state.bundles.values() if owner in bundle.owners)


def _worth(bundle: Bundle, owner: int) -> int:
    voted = any(ballot.standing.node.owner == owner for ballot in bundle.ballots)
    if not voted or bundle.settled:
        return 0
    return bundle.job.reward_micros * (bundle.n - len(bundle.final or ()))
