"""The decision as a library function: an outside program drives a small network with nothing else."""

import doctest
from random import Random

import pytest

from we1web.domain import judgement
from we1web.domain.consensus import Case
from we1web.domain.judgement import Evidence, Statement, decide, proven_share
from we1web.domain.reputation import passed

VETERAN = passed(Evidence(), 1_000)


def ballots(digests: str) -> list[Statement]:
    return [Statement(f"node {i}", f"owner {i}", digest.encode()) for i, digest in enumerate(digests)]


@pytest.mark.parametrize(
    ("policy", "digests", "action"),
    [
        ("classic", "aa", "more"),
        ("classic", "aaa", "accept"),
        ("classic", "aab", "more"),
        ("pair", "aa", "accept"),
        ("adaptive", "a", "more"),
        ("checked", "a", "referee"),
        ("trusted", "a", "accept"),
    ],
)
def test_what_newcomers_votes_lead_to(policy: str, digests: str, action: str) -> None:
    assert decide(policy, ballots(digests), {}).action == action


def test_an_owner_votes_once_whatever_its_nodes_say() -> None:
    crowd = [Statement(f"node {i}", "one owner", b"a") for i in range(9)]
    assert decide("classic", crowd, {}).action == "more"


def test_records_follow_from_verified_decisions_only() -> None:
    records = {"node 0": VETERAN}
    decision = decide("classic", ballots("aaaaaaaaab"), records, Case(proven_share=0.5))
    assert decision.action == "accept"
    assert decision.records["node 0"].passes > VETERAN.passes
    assert decision.records["node 9"].failures == 1
    assert decision.dissent == ("node 9",)
    newcomers = decide("classic", ballots("aaa"), {}, Case(proven_share=0.5))
    assert (newcomers.action, newcomers.records) == ("accept", {})


def test_a_veteran_stands_alone_for_a_job_that_states_its_error() -> None:
    alone = ballots("a")
    decision = decide("adaptive", alone, {"node 0": VETERAN}, Case(1.0, draw=0.9))
    assert (decision.action, decision.hold) == ("accept", True)
    assert decide("adaptive", alone, {"node 0": VETERAN}, Case(1.0, draw=0.9), epsilon=1e-6).action == "more"


def test_the_referees_word_is_final() -> None:
    decision = decide("pair", ballots("ab"), {}, Case(truth=b"b"))
    assert (decision.digest, decision.agreed, decision.dissent) == (b"b", ("node 1",), ("node 0",))


def test_a_caller_can_run_a_network_with_it() -> None:
    rng, records, wrong = Random(3), {}, 0
    liars = {f"node {i}" for i in range(4)}
    expelled: set[object] = set()
    for _ in range(600):
        votes: list[Statement] = []
        case = Case(proven_share(records.values()), referee=True, draw=rng.random())
        pool = [i for i in rng.sample(range(20), 20) if f"node {i}" not in expelled]
        while (decision := decide("pair", votes, records, case)).action != "accept":
            if decision.action == "referee":
                case = case._replace(truth=b"right")
                continue
            who = pool[len(votes)]
            lies = f"node {who}" in liars and rng.random() < 0.3
            votes.append(Statement(f"node {who}", who, b"wrong" if lies else b"right"))
        records |= decision.records
        expelled |= set(decision.expelled)
        wrong += decision.digest != b"right"
    assert wrong / 600 < 0.02
    assert expelled == liars


def test_the_example_of_its_documentation_runs() -> None:
    example = "\n".join(line[4:] for line in (judgement.__doc__ or "").splitlines() if line.startswith("    "))
    exec(compile(example, "judgement", "exec"), {**vars(judgement)})  # our own text
    assert not doctest.testmod(judgement).failed
