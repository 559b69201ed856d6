"""Hard conditions: what keeps a node from a job, by code, and that nothing else does."""

from dataclasses import replace

import pytest
from hypothesis import given
from tests.domain.facts import JobFacts, NodeFacts, demands, nodes

from we1web.domain.requirements import VETOES, Requirements, asked_micros, own_vote, veto

NODE = NodeFacts(owner=1, memory_bytes=4 << 30, cores=4, gpu="a GPU", country="DE")


def wants(**wanted: object) -> JobFacts:
    return JobFacts(requirements=Requirements(**wanted))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "job", "node"),
    [
        ("memory", wants(memory_bytes=(4 << 30) + 1), NODE),
        ("memory", JobFacts(memory_bytes=8 << 30), NODE),
        ("cores", wants(cores=5), NODE),
        ("gpu", wants(gpu=True), replace(NODE, gpu="")),
        ("country", wants(countries=frozenset({"FR"})), NODE),
        ("country", wants(countries=frozenset({"FR"})), replace(NODE, country="")),
        ("country", wants(not_countries=frozenset({"DE"})), NODE),
        ("country", wants(not_countries=frozenset({"FR"})), replace(NODE, country="")),
        ("owners", wants(owners=frozenset({2})), NODE),
        ("own_job", JobFacts(requester=1), NODE),
        ("price_floor", JobFacts(reward_micros=10, task_s=1.0), replace(NODE, floor_micros_per_h=36_001)),
    ],
)
def test_each_condition_vetoes_by_its_code(code: str, job: JobFacts, node: NodeFacts) -> None:
    assert veto(job, node) == code
    assert code in VETOES


@pytest.mark.parametrize(
    ("job", "node"),
    [
        (wants(memory_bytes=4 << 30, cores=4, gpu=True, countries=frozenset({"DE"})), NODE),
        (wants(not_countries=frozenset({"FR"}), owners=frozenset({1})), NODE),
        (JobFacts(reward_micros=10, task_s=1.0), replace(NODE, floor_micros_per_h=36_000)),
        (JobFacts(reward_micros=0, task_s=0.0), replace(NODE, floor_micros_per_h=1 << 40)),
    ],
)
def test_whoever_meets_them_exactly_may_work(job: JobFacts, node: NodeFacts) -> None:
    assert veto(job, node) is None


def test_ones_own_devices_work_on_ones_own_job_only_when_they_are_named() -> None:
    own = NodeFacts(owner=100)
    assert veto(JobFacts(requester=100), own) == "own_job"
    named = replace(wants(owners=frozenset({100, 2})), requester=100)
    assert veto(named, own) is None and own_vote(named)
    assert veto(replace(named, requester=2), own) is None
    pool = replace(wants(owners=frozenset({2})), requester=100)
    assert veto(pool, own) == "owners" and not own_vote(pool)


def test_a_fast_node_asks_less_for_a_task() -> None:
    job = JobFacts(reward_micros=10, task_s=1.0)
    node = replace(NODE, floor_micros_per_h=72_000)
    assert asked_micros(job, node) == 20 and veto(job, node) == "price_floor"
    assert veto(job, replace(node, pace=2.0)) is None


@given(job=demands(), node=nodes())
def test_every_code_is_explained_and_no_preference_vetoes(job: JobFacts, node: NodeFacts) -> None:
    code = veto(job, node)
    assert code is None or code in VETOES
    busy = replace(node, outstanding=0, backlog_s=1.0, reliability=0.0, delta=1.0, last_served=7, rtt_s=60.0)
    assert veto(job, busy) == code
