"""The whole decision in one pure function, for programs that drive the policies themselves: simulators, audits, papers.

Given the votes of a task and the records of its voters, `decide` says accept, more, referee or give up, and returns the
records as they are after it. The engine uses the same policies and the same arithmetic, only in bulk. Nothing here
keeps state: what the caller does not pass in again is forgotten.

    records: dict[str, Evidence] = {}
    votes = [Statement("n1", "ann", b"42"), Statement("n2", "ben", b"42"), Statement("n3", "cem", b"42")]
    decision = decide("classic", votes, records)
    assert decision.action == "accept" and decision.digest == b"42"
    records = {**records, **decision.records}
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, assert_never

from we1web.domain.consensus import Agreed, Case, Disputed, Referred, Split, Undecided, Vote
from we1web.domain.policy import Policy, policy_of
from we1web.domain.reputation import Evidence, error_rate, expels, failed, passed, proven, weight

__all__ = ["Case", "Decision", "Evidence", "Statement", "decide", "proven_share"]

Action = Literal["accept", "more", "referee", "give_up"]


class Statement(NamedTuple):
    """One node's answer to a task: `digest` stands for the canonical bytes of its result."""

    node: Hashable
    owner: Hashable
    digest: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with the task, and what was learnt."""

    action: Action
    digest: bytes | None = None
    """The accepted answer."""
    missing: int = 0
    """How many more votes of other owners are wanted."""
    agreed: tuple[Hashable, ...] = ()
    """Nodes to be paid."""
    dissent: tuple[Hashable, ...] = ()
    """Nodes that contradicted the accepted answer."""
    error: float = 0.0
    """Chance that the accepted answer is wrong."""
    hold: bool = False
    """Not final: ask again, with `recalls` one higher, when one of `agreed` is found out before the job ends."""
    reason: str = ""
    """Why a referee is wanted: 'dispute', 'audit' or 'check'."""
    records: Mapping[Hashable, Evidence] = field(default_factory=dict)
    """The records that changed."""
    expelled: tuple[Hashable, ...] = ()
    """Nodes whose record says that they must go (see reputation.may_expel for the guard without a referee)."""


def decide(
    policy: Policy | str,
    votes: Sequence[Statement],
    records: Mapping[Hashable, Evidence],
    case: Case | None = None,
    *,
    epsilon: float | None = None,
) -> Decision:
    """One decision on one task. Pure; the order of `votes` decides nothing.

    `records` maps nodes to their evidence in this runtime; who is missing is new. `case` carries the rest: the share of
    proven nodes, whether a referee can be asked and what it computed (`truth`), the task's secret random number
    (`draw`, uniform, drawn once a task), earlier recalls. Without a case the share is that of `records`, and no referee
    is there.
    Sources: Sarmenta 2002 (credibility from checked work); Golle and Mironov 2001 (bounds that no strategy beats).
    """
    rule = policy_of(policy, epsilon) if isinstance(policy, str) else policy
    known = case or Case(proven_share(records.values()))
    verdict = rule.judge([_vote(statement, records) for statement in votes], known)
    match verdict:
        case Agreed():
            return _accepted(verdict, votes, records)
        case Undecided(missing=missing) | Disputed(missing=missing):
            return Decision("more", missing=missing)
        case Referred(why=why):
            return Decision("referee", reason=why)
        case Split():
            return Decision("give_up")
        case other:
            assert_never(other)


def proven_share(records: Iterable[Evidence]) -> float:
    """Share of proven nodes among these records; 0 for none."""
    standing = [proven(evidence) for evidence in records]
    return sum(standing) / len(standing) if standing else 0.0


def _vote(statement: Statement, records: Mapping[Hashable, Evidence]) -> Vote:
    evidence = records.get(statement.node, Evidence())
    delta = error_rate(evidence)
    return Vote(statement.digest, hash(statement.owner), delta, weight(delta), proven(evidence))


def _accepted(verdict: Agreed, votes: Sequence[Statement], records: Mapping[Hashable, Evidence]) -> Decision:
    right = [votes[position].node for position in verdict.agreed]
    wrong = [votes[position].node for position in verdict.dissent]
    after: dict[Hashable, Evidence] = {}
    if verdict.verified:
        after |= {node: passed(records.get(node, Evidence())) for node in right}
        after |= {node: failed(records.get(node, Evidence())) for node in wrong}
    return Decision(
        "accept",
        digest=verdict.digest,
        agreed=tuple(right),
        dissent=tuple(wrong),
        error=verdict.error,
        hold=verdict.hold,
        records=after,
        expelled=tuple(node for node, evidence in after.items() if expels(evidence)),
    )
