"""Policy `adaptive`: one vote of a proven node is enough as often as the job's stated error allows, else a pair.

A node that errs in a share δ of its results is checked with probability 1 − ε/(2δ), and never less than in one result
of twelve: a record must not buy the right to lie unseen (BOINC's check rate falls to zero, which sleepers use). Results
on one vote are held, and taken back with all others of its voter when that is found out. It must never accept a single
vote of a node that is not proven.
"""

from collections.abc import Sequence
from typing import Final

from we1web.domain.consensus import Agreed, Case, Quick, Verdict, Vote, Voter
from we1web.domain.policies import pair

MIN_CHECK: Final = 0.08
DEFAULT_EPSILON: Final = 1e-3


class Adaptive:
    name: Final = "adaptive"
    quorum: Final = 1
    estimated_votes: Final = 2
    """Newcomers are checked always; a settled network needs about 1.2."""
    max_votes: Final = pair.POLICY.max_votes
    checks: Final = True
    check_rate: Final = MIN_CHECK
    hold_s: Final = pair.POLICY.hold_s
    audit_rate: Final = pair.AUDIT

    def __init__(self, epsilon: float = DEFAULT_EPSILON) -> None:
        self.epsilon = epsilon

    def first_wave(self, interactive: bool) -> int:
        """One: the first vote decides whether a second is wanted."""
        return 1

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        """What the votes of distinct owners amount to."""
        if len(votes) == 1 and case.truth is None and self._alone(votes[0], case):
            return Agreed(votes[0].digest, (0,), (), verified=False, error=votes[0].delta, hold=True)
        return pair.POLICY.judge(votes, case)

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        """`judge` for equal votes of distinct owners."""
        if len(voters) == 1 and self._alone(voters[0], case):
            return Quick("hold", voters[0].delta)
        return pair.POLICY.unanimous(voters, case)

    def _alone(self, voter: Voter, case: Case) -> bool:
        """Whether this vote needs no second one."""
        return voter.proven and voter.weight > 0 and not case.recalls and case.draw >= self.check(voter.delta)

    def check(self, delta: float) -> float:
        """The probability with which a proven node of error rate `delta` is checked."""
        return max(MIN_CHECK, 1.0 - self.epsilon / (2.0 * max(delta, 1e-12)))


POLICY: Final = Adaptive()
