"""What an owner's votes on open tasks are worth: only the engine's memory knows them before they are judged. Pure."""

from we1web.engine.state import Bundle, State


def pending_micros(state: State, owner: int) -> int:
    """What these votes will earn if they all agree, held results included."""
    return sum(_worth(bundle, owner) for bundle in state.bundles.values() if owner in bundle.owners)


def _worth(bundle: Bundle, owner: int) -> int:
    mine = next((ballot for ballot in bundle.ballots if ballot.standing.node.owner == owner), None)
    if mine is None or bundle.settled:
        return 0
    job = bundle.job
    reward = job.reward_micros + (job.bonus_reward_micros if mine.fast else 0)
    return reward * (bundle.n - len(bundle.final or ()))
