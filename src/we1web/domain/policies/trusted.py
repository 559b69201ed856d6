"""Policy `trusted`: one's own devices, one execution, no vote. Its results are labelled as unverified.

It must never be applied to strangers: the job's requirements admit only nodes of its owner.
"""

from collections.abc import Sequence
from typing import Final

from we1web.domain.consensus import MORE, Agreed, Case, Quick, Split, Undecided, Verdict, Vote, Voter, ruled


class Trusted:
    name: Final = "trusted"
    quorum: Final = 1
    estimated_votes: Final = 1
    max_votes: Final = 1
    checks: Final = False
    check_rate: Final = 0.0
    hold_s: Final = 0.0
    audit_rate: Final = 0.0

    def first_wave(self, interactive: bool) -> int:
        return 1

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        """The one answer there is. Its error is what the device's record says, and no record may grow on it."""
        if case.truth is not None:
            return ruled(case.truth, votes)
        if not votes:
            return Split() if case.exhausted else Undecided(1)
        dissent = tuple(position for position, vote in enumerate(votes) if vote.digest != votes[0].digest)
        agreed = tuple(position for position in range(len(votes)) if position not in dissent)
        return Agreed(votes[0].digest, agreed, dissent, verified=False, error=votes[0].delta)

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        return Quick("accept", voters[0].delta) if voters else MORE


POLICY: Final = Trusted()
