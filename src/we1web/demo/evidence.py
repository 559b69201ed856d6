"""What the run proved: every claim of the report, derived from the market's own records and a local re-computation.

Pure: records in, findings out. It must never assume what it could count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Vote(NamedTuple):
    """One node's vote on one task, as the results of the job list it."""

    owner: str
    agreed: bool


class Answer(NamedTuple):
    """One ended task: what the market's records accepted, what its client received, and what this machine computed."""

    state: str
    accepted: bytes
    received: bytes
    computed_here: bytes
    votes: tuple[Vote, ...]


class JobRecord(NamedTuple):
    """One job as the market tells it, with its ended tasks."""

    name: str
    total: int
    executions: int
    spent_micros: int
    reward_micros: int
    """What one agreeing vote earns its owner, the platform's fee taken off."""
    answers: Sequence[Answer]
    seconds: float


@dataclass(frozen=True)
class Findings:
    """The figures of the run. `clean` says whether every promise was kept."""

    tasks: int
    tasks_verified: int
    executions: int
    wrong_accepted: int
    pixels_checked: int
    pixels_wrong: int
    saboteur_lies: int
    """Wrong answers it gave, counted by itself."""
    saboteur_votes: int
    """Those that the market counted as votes; the others came too late or after it was expelled."""
    saboteur_outvoted: int
    saboteur_earned_micros: int
    honest_votes: int
    honest_unpaid: int
    spent_micros: int
    fees_micros: int
    ledger_sum_micros: int

    @property
    def clean(self) -> bool:
        return not self.broken_promises()

    def broken_promises(self) -> list[str]:
        """What went wrong, a sentence each; empty when all is well."""
        promises = {
            f"{self.tasks - self.tasks_verified} of {self.tasks} tasks were not verified": (
                self.tasks_verified == self.tasks > 0
            ),
            "the saboteur never lied, so nothing was proved": self.saboteur_lies > 0 < self.saboteur_votes,
            f"{self.wrong_accepted} wrong answers were accepted": self.wrong_accepted == 0,
            f"{self.pixels_wrong} pixels differ from plain Python": self.pixels_wrong == 0,
            f"the saboteur earned {self.saboteur_earned_micros} micros": self.saboteur_earned_micros == 0,
            f"{self.honest_unpaid} honest votes were not paid": self.honest_unpaid == 0,
            f"the ledger sums to {self.ledger_sum_micros} micros": self.ledger_sum_micros == 0,
        }
        return [broken for broken, kept in promises.items() if not kept]


class Books(NamedTuple):
    """What the ledger says in the end."""

    earned_micros: Mapping[str, int]
    """By owner."""
    fees_micros: int
    sum_micros: int
    """Of all accounts."""


def weigh(jobs: Sequence[JobRecord], books: Books, *, saboteur: str, lies: int, pixels: tuple[int, int]) -> Findings:
    """The findings of a run in which the owner `saboteur` lies.

    `lies`: how many wrong answers it gave, as it confessed. `pixels`: how many were checked, and how many are wrong.
    """
    answers = [answer for job in jobs for answer in job.answers]
    votes = Counter(vote for answer in answers for vote in answer.votes)
    outvoted = votes[Vote(saboteur, False)]
    return Findings(
        tasks=sum(job.total for job in jobs),
        tasks_verified=sum(answer.state == "verified" for answer in answers),
        executions=sum(job.executions for job in jobs),
        wrong_accepted=sum({answer.accepted, answer.received} != {answer.computed_here} for answer in answers),
        pixels_checked=pixels[0],
        pixels_wrong=pixels[1],
        saboteur_lies=lies,
        saboteur_votes=outvoted + votes[Vote(saboteur, True)],
        saboteur_outvoted=outvoted,
        saboteur_earned_micros=books.earned_micros.get(saboteur, 0),
        honest_votes=sum(n for vote, n in votes.items() if vote.owner != saboteur),
        honest_unpaid=_unpaid(jobs, books.earned_micros, saboteur),
        spent_micros=sum(job.spent_micros for job in jobs),
        fees_micros=books.fees_micros,
        ledger_sum_micros=books.sum_micros,
    )


def _unpaid(jobs: Iterable[JobRecord], earned: Mapping[str, int], saboteur: str) -> int:
    """Honest votes without pay: those the market did not count as agreeing, and those its ledger did not credit."""
    due: Counter[str] = Counter()
    smallest_reward = 0
    outvoted = 0
    for job in jobs:
        smallest_reward = min(smallest_reward or job.reward_micros, job.reward_micros)
        for vote in (vote for answer in job.answers for vote in answer.votes if vote.owner != saboteur):
            due[vote.owner] += vote.agreed * job.reward_micros
            outvoted += not vote.agreed
    missing = sum(max(0, micros - earned.get(owner, 0)) for owner, micros in due.items())
    return outvoted + -(-missing // max(1, smallest_reward))
