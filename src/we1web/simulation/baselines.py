"""What others do, as policies of the same engine: so that ours are compared under the same attacks.

`voting` asks three at once and takes two thirds of the votes, whoever they are from. It must never be offered to jobs:
it is here to lose.
"""

from collections.abc import Sequence
from typing import Final, Protocol, runtime_checkable

from we1web.domain.consensus import Agreed, Disputed, Split, Trust, Undecided, Verdict, Vote, tally
from we1web.domain.policy import Policy
from we1web.engine.state import Settled


@runtime_checkable
class Learner(Protocol):
    """A policy that keeps records of its own, and is told what ended."""

    def learn(self, settled: Settled) -> None: ...


class Voting:
    """Fixed replication: three at once, two equal digests win; more are asked while none has two thirds."""

    name: Final = "voting"
    quorum: Final = 3
    max_votes: Final = 9
    share: Final = 0.66

    def first_wave(self, interactive: bool) -> int:
        return self.quorum

    def judge(self, votes: Sequence[Vote], *, exhausted: bool, trust: Trust) -> Verdict:
        counted = tally(votes)
        best = max(counted.camps, key=lambda camp: len(camp.positions))
        if counted.votes >= self.quorum and len(best.positions) >= self.share * counted.votes:
            dissent = tuple(i for i in range(len(votes)) if i not in best.positions)
            return Agreed(best.digest, best.positions, dissent, verified=False)
        if exhausted or counted.votes >= self.max_votes:
            return Split()
        return Undecided(self.quorum - counted.votes) if counted.votes < self.quorum else Disputed(1)


BASELINES: dict[str, type[Policy]] = {"voting": Voting}
