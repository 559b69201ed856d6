"""The contract of a policy: when votes make a result. Policies are pure values; the engine asks, the policy answers.

A new policy is one file in policies/ and one line in `POLICIES`; the contract suite then tests it.
"""

from collections.abc import Sequence
from typing import Protocol

from we1web.domain.consensus import Trust, Verdict, Vote
from we1web.domain.policies import classic


class Policy(Protocol):
    @property
    def name(self) -> str:
        """What a job calls it."""

    @property
    def quorum(self) -> int:
        """The fewest votes it ever accepts; also what an estimate of costs multiplies by."""

    @property
    def max_votes(self) -> int:
        """The most votes it ever asks for."""

    @property
    def checks(self) -> bool:
        """May a single vote of a proven node do? Then newcomers get check work first, and the proven first votes."""

    def judge(self, votes: Sequence[Vote], *, exhausted: bool, trust: Trust) -> Verdict:
        """What the votes amount to. `exhausted`: no further owner can vote now, so it must decide or split."""

    def first_wave(self, interactive: bool) -> int:
        """How many replicas go out before the first vote is in."""


POLICIES: dict[str, Policy] = {policy.name: policy for policy in (classic.POLICY,)}
DEFAULT_POLICY = classic.POLICY.name
