"""Policy `pair`: two owners, one of them proven, asked one after the other; every agreement can be taken back.

What two strangers agree on may be a clique's lie, so a referee audits a share of the agreements, and each is held until
the job ends or its hold has passed: when one of the two is found out meanwhile, a third owner is asked. A dispute goes
to the referee, or to the panel. It must never accept one vote, nor two newcomers' where enough nodes are proven.
"""

from collections.abc import Sequence
from math import fsum
from typing import Final

from we1web.domain.consensus import MORE, REFER, Case, Quick, Verdict, Vote, Voter, error_of
from we1web.domain.policies import _panel

AUDIT: Final = 0.05
COLD_AUDIT: Final = 0.40
"""Of agreements without a proven member."""


class Pair:
    name: Final = "pair"
    quorum: Final = 2
    estimated_votes: Final = 2
    max_votes: Final = _panel.MAX_VOTES
    checks: Final = True
    check_rate: Final = 1.0
    hold_s: Final = 60.0
    audit_rate: Final = AUDIT

    def first_wave(self, interactive: bool) -> int:
        """One after the other: the second is chosen knowing whether the first is proven."""
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
        if not (vouched or case.cold or case.exhausted or votes > self.quorum):
            return MORE
        if case.referee and case.second_draw < (AUDIT if vouched else COLD_AUDIT):
            return REFER
        return Quick("hold", error_of(weight))


POLICY: Final = Pair()
