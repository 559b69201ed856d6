"""How a dispute ends without a referee: the panel that classic, pair and adaptive share.

Owners are added one by one until the lead of one answer is safe, however good the records look: a clique may have
earned them by agreeing with itself (reputation capture). Never accepts on a single vote.
"""

from math import log
from typing import Final

from we1web.domain.consensus import Camp, Disputed, Split, Tally, Undecided

QUORUM: Final = 3
SHARE: Final = 0.66
"""Of the reputation weight, for the accepted answer."""
MAX_VOTES: Final = 25
LEAD: Final = log(1 / 1e-2)
"""Log odds at which a dispute ends: one chance in a hundred to err, on evidence that trusts nobody much."""


def winner(counted: Tally, *, final: bool) -> Camp | None:
    """The accepted camp: by share alone when unanimous or at the end, else the lead must be safe as well."""
    if counted.votes < QUORUM:
        return None
    best = counted.camps[0]
    if final:
        best = max(counted.camps, key=lambda camp: camp.weight)
    safe = final or counted.unanimous or counted.lead() >= LEAD
    return best if safe and len(best.positions) > 1 and counted.share(best) >= SHARE else None


def ask(counted: Tally, needed: int, *, final: bool) -> Undecided | Disputed | Split:
    """What is wanted while nothing can be accepted."""
    if final:
        return Split()
    if len(counted.camps) > 1:
        return Disputed(1)  # one by one: who votes next must not know whom it votes with
    return Undecided(max(1, needed - counted.votes))
