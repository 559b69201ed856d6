"""Policy `classic`, the default: three owners, two thirds of the reputation weight; any dissent is a dispute.

A referee decides a dispute where there is one, else a panel does. What three strangers agree on may be a clique's lie:
while none of them is proven it is held, and taken back when one of them is found out. It must never accept fewer than
three votes without a referee, nor a digest on weight alone while others can still be asked.
"""

from collections.abc import Sequence
from math import fsum
from typing import Final

from we1web.domain.consensus import MORE, REFER, Case, Quick, Verdict, Vote, Voter, error_of
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
    hold_s: Final = 10.0
    """Newcomers' agreements only. A clique of them contradicts somebody in its first seconds of work."""
    audit_rate: Final = AUDIT

    def first_wave(self, interactive: bool) -> int:
        """Bulk tasks go out one replica after the other, so that a clique never holds a majority of one at once."""
        return self.quorum if interactive else 1

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        """What the votes of distinct owners amount to."""
        return _panel.judge(votes, case, self.quorum, self.unanimous)

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        """`judge` for equal votes of distinct owners."""
        votes = len(voters)
        weight = fsum([voter.weight for voter in voters])
        if _panel.looked_at_again(votes, self.quorum, case):
            return REFER
        if _panel.too_few(votes, weight, self.quorum, case):
            return MORE
        vouched = any(voter.proven for voter in voters)
        if case.referee and case.second_draw < (COLD_AUDIT if case.cold and not vouched else AUDIT):
            return REFER
        return Quick("accept" if vouched else "hold", error_of(weight))


POLICY: Final = Classic()
