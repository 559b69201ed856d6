"""Accepted, but not finally: the lists of what a policy holds. While a bundle is held nothing of it is paid or told.

What becomes of held bundles is decided in finality.py.
"""

from we1web.engine.state import Bundle, State


def hold(state: State, bundle: Bundle, error: float, now: float) -> None:
    """All its ballots are equal and the policy accepts them until further notice."""
    job = bundle.job
    bundle.held_at = now
    bundle.error = error
    job.held[bundle.id] = bundle
    job.held_tasks += bundle.n
    state.held += 1
    state.holding[job.key] = job
    for ballot in bundle.ballots:
        ballot.standing.held[bundle.id] = bundle


def release(state: State, bundle: Bundle) -> None:
    """It is not held any more; whoever calls this says what becomes of it."""
    if bundle.held_at < 0:
        return
    job = bundle.job
    bundle.held_at = -1.0
    del job.held[bundle.id]
    job.held_tasks -= bundle.n
    state.held -= 1
    if not job.held:
        del state.holding[job.key]
    for ballot in bundle.ballots:
        ballot.standing.held.pop(bundle.id, None)
