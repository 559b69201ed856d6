"""What classic, pair and adaptive share: how votes are judged one task at a time, and how a dispute ends.

A referee decides a dispute where there is one. Else a panel does: owners are added one by one until the lead of one
answer is safe, however good the records look, since a clique may have earned them by agreeing with itself (reputation
capture). Never accepts on a single vote.
"""

from collections.abc import Callable, Sequence
from math import log
from typing import Final

from we1web.domain.consensus import (
    MORE,
    REFER,
    Camp,
    Case,
    Disputed,
    Quick,
    Referred,
    Split,
    Tally,
    Undecided,
    Verdict,
    Vote,
    accept,
    ruled,
    tally,
)

QUORUM: Final = 3
SHARE: Final = 0.66
"""Of the reputation weight, for the accepted answer."""
MAX_VOTES: Final = 25
LEAD: Final = log(1 / 1e-2)
"""Log odds at which a dispute ends: one chance in a hundred to err, on evidence that trusts nobody much."""


def judge(
    votes: Sequence[Vote], case: Case, quorum: int, unanimous: Callable[[Sequence[Vote], Case], Quick]
) -> Verdict:
    """What the votes of distinct owners amount to; `unanimous` is the policy's rule for those that agree."""
    if case.truth is not None:
        return ruled(case.truth, votes)
    counted = tally(votes)
    final = case.exhausted or counted.votes >= MAX_VOTES
    if len(counted.camps) == 1:
        quick = unanimous([votes[position] for position in counted.camps[0].positions], case)
        if quick is REFER:
            return Referred("audit")
        if quick is not MORE:
            return accept(counted.camps[0], counted, votes, case, hold=quick.action == "hold")
        return ask(counted, max(quorum + case.recalls, counted.votes + 1), final=final)
    if case.referee and counted.camps:
        return Referred("dispute")
    found = winner(counted, final=final)
    return ask(counted, quorum, final=final) if found is None else accept(found, counted, votes, case)


def looked_at_again(votes: int, quorum: int, case: Case) -> bool:
    """Whether a referee shall say what to make of an agreement that was taken back."""
    return case.referee and case.recalls > 0 and votes >= quorum


def too_few(votes: int, weight: float, quorum: int, case: Case) -> bool:
    """Whether equal votes of this weight are no agreement yet: each recall asks one more owner, if any is left."""
    return weight <= 0 or votes < quorum + (0 if case.exhausted else case.recalls)


def winner(counted: Tally, *, final: bool) -> Camp | None:
    """The accepted one of several camps: at the end by share alone, until then the lead must be safe as well."""
    if counted.votes < QUORUM:
        return None
    best = counted.camps[0]
    if final:
        best = max(counted.camps, key=lambda camp: camp.weight)
    safe = final or counted.lead() >= LEAD
    return best if safe and len(best.positions) > 1 and counted.share(best) >= SHARE else None


def ask(counted: Tally, needed: int, *, final: bool) -> Undecided | Disputed | Split:
    """What is wanted while nothing can be accepted."""
    if final:
        return Split()
    if len(counted.camps) > 1:
        return Disputed(1)  # one by one: who votes next must not know whom it votes with
    return Undecided(max(1, needed - counted.votes))
