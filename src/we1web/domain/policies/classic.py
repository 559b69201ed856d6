"""Policy `classic`, the default: three owners, two thirds of the reputation weight; any dissent is a dispute.

A referee decides a dispute where there is one, else a panel does. It must never accept fewer than three votes without
a referee, nor a digest on weight alone while others can still be asked.
"""

from collections.abc import Sequence
from math import fsum
from typing import Final

from we1web.domain.consensus import (
    MORE,
    REFER,
    Case,
    Quick,
    Referred,
    Verdict,
    Vote,
    Voter,
    accept,
    error_of,
    ruled,
    tally,
)
from we1web.domain.policies import _panel

AUDIT: Final = 0.02
COLD_AUDIT: Final = 0.40
"""Of agreements among newcomers while hardly anybody is proven: nobody else vouches for them."""


class Classic:
    name: Final = "classic"
    quorum: Final = _panel.QUORUM
    estimated_votes: Final = _panel.QUORUM
    max_votes: Final = _panel.MAX_VOTES
    checks: Final = False
    check_rate: Final = 1.0
    audit_rate: Final = AUDIT

    def first_wave(self, interactive: bool) -> int:
        """Bulk tasks go out one replica after the other, so that a clique never holds a majority of one at once."""
        return self.quorum if interactive else 1

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        """What the votes of distinct owners amount to."""
        if case.truth is not None:
            return ruled(case.truth, votes)
        counted = tally(votes)
        if len(counted.camps) > 1 and case.referee:
            return Referred("dispute")
        final = case.exhausted or counted.votes >= self.max_votes
        winner = _panel.winner(counted, final=final)
        if winner is None:
            return _panel.ask(counted, self.quorum, final=final)
        if case.referee and case.second_draw < _audit_rate(any(vote.proven for vote in votes), case):
            return Referred("audit")
        return accept(winner, counted, votes, case)

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        """`judge` for equal votes of distinct owners, without looking at each."""
        if len(voters) < self.quorum:
            return MORE
        weight = fsum([voter.weight for voter in voters])
        if weight <= 0:
            return MORE
        if case.referee and case.second_draw < _audit_rate(any(voter.proven for voter in voters), case):
            return REFER
        return Quick("accept", error_of(weight))


def _audit_rate(anyone_proven: bool, case: Case) -> float:
    return COLD_AUDIT if case.cold and not anyone_proven else AUDIT


POLICY: Final = Classic()
