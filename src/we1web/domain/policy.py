"""The contract of a policy: when votes make a result. Policies are pure values; the engine asks, the policy answers.

A new policy is one file in policies/ and one line in `POLICIES`; the contract suite then tests it.
"""

from collections.abc import Sequence
from typing import Protocol

from we1web.domain.consensus import Case, Quick, Verdict, Vote, Voter
from we1web.domain.policies import adaptive, checked, classic, pair, trusted


class Policy(Protocol):
    @property
    def name(self) -> str:
        """What a job calls it."""

    @property
    def quorum(self) -> int:
        """The fewest votes it ever accepts without a referee."""

    @property
    def estimated_votes(self) -> int:
        """How many paid votes a task needs when nobody disagrees: what an estimate of costs multiplies by."""

    @property
    def max_votes(self) -> int:
        """The most votes it ever asks for."""

    @property
    def checks(self) -> bool:
        """Whether it matters who votes first: newcomers then get what waits for a second vote."""

    @property
    def check_rate(self) -> float:
        """The least probability with which a single vote is compared with another owner's; 0: there is no vote."""

    @property
    def audit_rate(self) -> float:
        """The least share of agreements that a referee audits where there is one."""

    @property
    def hold_s(self) -> float:
        """So long an acceptance that may be taken back is kept, unless the job says otherwise; 0: none may be."""

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        """What the votes amount to. When the case is exhausted it must decide, refer or split."""

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        """The same for equal votes of distinct owners, cheaply: asked once for a whole bundle."""

    def first_wave(self, interactive: bool) -> int:
        """How many replicas go out before the first vote is in."""


POLICIES: dict[str, Policy] = {
    policy.name: policy for policy in (classic.POLICY, pair.POLICY, adaptive.POLICY, checked.POLICY, trusted.POLICY)
}
DEFAULT_POLICY = classic.POLICY.name
MIN_EPSILON, MAX_EPSILON = 1e-6, 0.1
"""What error an adaptive job may state."""


def policy_of(name: str, epsilon: float | None = None) -> Policy:
    """The policy of a job; `epsilon` is the error it states. Raises KeyError for a name nobody knows."""
    if epsilon is not None and name == adaptive.POLICY.name:
        return adaptive.Adaptive(epsilon)
    return POLICIES[name]
