"""Policy `checked`: the job brings a verifier much cheaper than its task; one vote, and every one of them verified.

The verifier runs on a referee. It must never accept a result that nobody verified: without a referee it waits.
"""

from collections.abc import Sequence
from typing import Final

from we1web.domain.consensus import (
    MORE,
    REFER,
    Case,
    Quick,
    Referred,
    Split,
    Undecided,
    Verdict,
    Vote,
    Voter,
    ruled,
)


class Checked:
    name: Final = "checked"
    quorum: Final = 1
    estimated_votes: Final = 1
    max_votes: Final = 25
    checks: Final = False
    check_rate: Final = 1.0
    hold_s: Final = 0.0
    audit_rate: Final = 1.0

    def first_wave(self, interactive: bool) -> int:
        return 1

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        """What the votes amount to: the first that the verifier confirms."""
        if case.truth is not None:
            return ruled(case.truth, votes)
        if any(vote.digest not in case.refuted for vote in votes):
            return Referred("check")
        if len(votes) >= self.max_votes or (case.exhausted and votes):
            return Split()
        return Undecided(1)

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        """`judge` for equal votes nobody verified yet."""
        return REFER if voters else MORE


POLICY: Final = Checked()
