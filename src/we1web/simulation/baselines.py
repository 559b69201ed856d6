"""What others do, as policies of the same engine: so that ours are compared under the same attacks.

`voting` asks three at once and takes two thirds of the votes, whoever they are from. `boinc` is the adaptive rule of
volunteer computing: a host is believed alone after ten valid results in a row, and then checked ever more rarely.
They must never be offered to jobs: they are here to lose.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol, runtime_checkable

from we1web.domain.consensus import (
    MORE,
    Agreed,
    Case,
    Disputed,
    Quick,
    Split,
    Tally,
    Undecided,
    Verdict,
    Vote,
    Voter,
    tally,
)
from we1web.domain.policy import Policy
from we1web.engine.effects import Settled
from we1web.engine.standing import Standing

ACCEPT: Final = Quick("accept")


@runtime_checkable
class Learner(Protocol):
    """A policy that keeps records of its own, and is told what ended."""

    def learn(self, settled: Settled) -> None: ...


class Voting:
    """Fixed replication: three at once, two equal digests win; more are asked while none has two thirds."""

    name: Final = "voting"
    quorum: Final = 3
    estimated_votes: Final = 3
    max_votes: Final = 9
    checks: Final = False
    check_rate: Final = 1.0
    audit_rate: Final = 0.0
    hold_s: Final = 0.0
    share: Final = 0.66

    def first_wave(self, interactive: bool) -> int:
        return self.quorum

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        counted = tally(votes)
        if counted.votes >= self.quorum and most(counted) >= self.share * counted.votes:
            return majority(counted, votes)
        return more(counted, self.quorum, final=case.exhausted or counted.votes >= self.max_votes)

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        return ACCEPT if len(voters) >= self.quorum else MORE


class Boinc:
    """Adaptive replication: one result of a trusted host is enough, except with chance 1/(valid results in a row)."""

    name: Final = "boinc"
    quorum: Final = 1
    estimated_votes: Final = 2
    max_votes: Final = 9
    checks: Final = False
    check_rate: Final = 0.01
    audit_rate: Final = 0.0
    hold_s: Final = 0.0
    pair: Final = 2
    trusted_after: Final = 10

    def __init__(self) -> None:
        self._valid: dict[int, int] = {}
        """Node key -> valid results in a row."""

    def first_wave(self, interactive: bool) -> int:
        return 1

    def judge(self, votes: Sequence[Vote], case: Case) -> Verdict:
        counted = tally(votes)
        if counted.camps and most(counted) >= self.pair:
            return majority(counted, votes)
        return more(counted, self.pair, final=case.exhausted or counted.votes >= self.max_votes)

    def unanimous(self, voters: Sequence[Voter], case: Case) -> Quick:
        alone = len(voters) == 1 and self._believed(voters[0], case.draw)
        return ACCEPT if alone or len(voters) >= self.pair else MORE

    def _believed(self, voter: Voter, draw: float) -> bool:
        valid = self._valid.get(voter.node.key, 0) if isinstance(voter, Standing) else 0
        return valid > self.trusted_after and draw >= 1 / valid

    def learn(self, settled: Settled) -> None:
        """Valid results count in a row; one invalid starts at nothing."""
        for standing in settled.paid:
            self._valid[standing.node.key] = self._valid.get(standing.node.key, 0) + len(settled.places)
        for standing in settled.rejected:
            self._valid[standing.node.key] = 0


def most(counted: Tally) -> int:
    """Votes for the most frequent answer."""
    return max(len(camp.positions) for camp in counted.camps)


def majority(counted: Tally, votes: Sequence[Vote]) -> Agreed:
    """The most frequent answer, whoever gave it."""
    best = max(counted.camps, key=lambda camp: len(camp.positions))
    dissent = tuple(position for position in range(len(votes)) if position not in best.positions)
    return Agreed(best.digest, best.positions, dissent, verified=False)


def more(counted: Tally, wanted: int, *, final: bool) -> Verdict:
    """Another vote, or the end."""
    if final:
        return Split()
    return Undecided(wanted - counted.votes) if counted.votes < wanted else Disputed(1)


BASELINES: dict[str, Callable[[], Policy]] = {"voting": Voting, "boinc": Boinc}
