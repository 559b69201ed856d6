"""What every strategy owes the engine, and what each of the registered ones prefers."""

from dataclasses import replace
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.facts import DIGESTS, JobFacts, NodeFacts, demands, nodes

from we1web.domain import strategies
from we1web.domain.node import Candidate
from we1web.domain.reputation import weight
from we1web.domain.requirements import Requirements
from we1web.domain.strategy import DEFAULT_STRATEGY, STRATEGIES, Demand, Strategy

each = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)

NEWCOMER: Candidate = NodeFacts()
JOB: Demand = JobFacts()


@each
def test_every_file_is_registered_under_its_name(strategy: Strategy) -> None:
    files = {path.stem for path in Path(strategies.__path__[0]).glob("*.py") if not path.stem.startswith("_")}
    assert files == set(STRATEGIES)
    assert STRATEGIES[strategy.name] is strategy
    assert DEFAULT_STRATEGY in STRATEGIES


@each
@given(node=nodes(), job=demands())
def test_scores_are_finite_and_depend_on_the_facts_alone(strategy: Strategy, node: NodeFacts, job: JobFacts) -> None:
    assert isfinite(strategy.score(node, job))
    assert strategy.score(node, job) == strategy.score(replace(node), replace(job))


@each
@given(node=nodes(), job=demands())
def test_the_reason_is_one_short_line(strategy: Strategy, node: NodeFacts, job: JobFacts) -> None:
    reason = strategy.reason(node, job)
    assert 0 < len(reason) <= 120
    assert "\n" not in reason


@each
def test_the_score_looks_at_nothing_but_the_contract(strategy: Strategy) -> None:
    """What a node claims of its speed is no part of `Candidate`: a node that has only the contract's facts will do."""
    assert not hasattr(NEWCOMER, "speed")
    strategy.score(NEWCOMER, JOB)


@each
def test_more_than_one_node_is_compared_and_never_all(strategy: Strategy) -> None:
    assert 2 <= strategy.sample <= 64


@each
@given(node=nodes(), job=demands(), more=st.floats(0, 1e6))
def test_nobody_is_preferred_for_having_more_to_do(
    strategy: Strategy, node: NodeFacts, job: JobFacts, more: float
) -> None:
    busier = replace(node, backlog_s=node.backlog_s + more, outstanding=node.outstanding + int(more))
    assert strategy.score(node, job) >= strategy.score(busier, job)


@each
@given(node=nodes(), job=demands(), factor=st.floats(1, 16))
def test_nobody_is_preferred_for_being_slower(
    strategy: Strategy, node: NodeFacts, job: JobFacts, factor: float
) -> None:
    assert strategy.score(node, job) >= strategy.score(replace(node, pace=node.pace / factor), job)


def test_round_robin_serves_everybody_in_turn() -> None:
    strategy = STRATEGIES["round_robin"]
    served = dict.fromkeys("abcd", 0)
    order = []
    for turn in range(1, 13):
        chosen = max(served, key=lambda name: strategy.score(NodeFacts(last_served=served[name]), JOB))
        served[chosen] = turn
        order.append(chosen)
    assert order == list("abcd") * 3


def test_round_robin_serves_newcomers_first() -> None:
    strategy = STRATEGIES["round_robin"]
    assert strategy.score(NEWCOMER, JOB) > strategy.score(NodeFacts(last_served=1), JOB)
    assert strategy.reason(NEWCOMER, JOB) == "was never served yet"


class TestReliabilityWeighted:
    @staticmethod
    def score(node: NodeFacts) -> float:
        return STRATEGIES["reliability_weighted"].score(node, JOB)

    def test_the_score_is_weight_times_chance_shared_among_what_is_to_do(self) -> None:
        node = NodeFacts(delta=0.1, weight=2.0, reliability=0.5, cores=4, outstanding=8)
        assert self.score(node) == pytest.approx(2.0 * 0.9 * 0.5 / 3)

    @given(nodes(), st.floats(1e-5, 1))
    def test_never_prefers_who_errs_more(self, node: NodeFacts, delta: float) -> None:
        low, high = sorted((node.delta, delta))
        better = replace(node, delta=low, weight=weight(low))
        worse = replace(node, delta=high, weight=weight(high))
        assert self.score(better) >= self.score(worse)

    @given(nodes(), st.floats(0, 1))
    def test_never_prefers_who_is_late_more_often(self, node: NodeFacts, reliability: float) -> None:
        low, high = sorted((node.reliability, reliability))
        assert self.score(replace(node, reliability=high)) >= self.score(replace(node, reliability=low))

    @given(nodes(), st.integers(0, 10_000))
    def test_never_prefers_who_has_more_to_do(self, node: NodeFacts, more: int) -> None:
        assert self.score(node) >= self.score(replace(node, outstanding=node.outstanding + more))

    def test_an_idle_newcomer_comes_before_a_busy_veteran(self) -> None:
        veteran = NodeFacts(delta=2e-4, weight=8.0, proven=True, outstanding=4)
        assert self.score(NEWCOMER) > self.score(veteran)
        assert self.score(replace(veteran, outstanding=0)) > self.score(NEWCOMER)


class TestLoadBalanced:
    strategy = STRATEGIES["load_balanced"]

    def test_what_counts_is_the_time_until_one_more_is_done(self) -> None:
        fast_but_busy, slow_but_idle = NodeFacts(pace=4.0, backlog_s=1.0), NodeFacts(pace=0.5)
        assert self.strategy.score(fast_but_busy, JOB) == -1.25
        assert self.strategy.score(slow_but_idle, JOB) == -2.0

    @given(nodes(), demands(), st.floats(1.01, 8))
    def test_always_prefers_the_faster_of_equals(self, node: NodeFacts, job: JobFacts, factor: float) -> None:
        assert self.strategy.score(replace(node, pace=node.pace * factor), job) >= self.strategy.score(node, job)

    @given(nodes(), st.floats(0, 1))
    def test_never_looks_at_reputation(self, node: NodeFacts, delta: float) -> None:
        assert self.strategy.score(replace(node, delta=delta, weight=weight(delta)), JOB) == self.strategy.score(
            node, JOB
        )


class TestCapabilityMatched:
    strategy = STRATEGIES["capability_matched"]

    def test_a_small_task_wastes_neither_a_gpu_nor_a_big_node(self) -> None:
        small, big = NodeFacts(memory_bytes=1 << 30), NodeFacts(memory_bytes=32 << 30, cores=32)
        gpu = replace(small, gpu="a GPU")
        order = sorted([gpu, big, small], key=lambda node: self.strategy.score(node, JOB))
        assert order == [gpu, big, small]

    def test_a_gpu_is_no_waste_where_it_is_asked_for(self) -> None:
        job = JobFacts(requirements=Requirements(gpu=True))
        node = NodeFacts(gpu="a GPU")
        assert self.strategy.score(node, job) > self.strategy.score(NodeFacts(), job)

    @given(nodes(), demands(), st.integers(1, 1 << 40))
    def test_never_prefers_a_bigger_node_that_is_not_needed(self, node: NodeFacts, job: JobFacts, more: int) -> None:
        needed = max(job.memory_bytes, job.requirements.memory_bytes)
        fits = replace(node, memory_bytes=max(node.memory_bytes, needed))
        bigger = replace(fits, memory_bytes=fits.memory_bytes + more)
        assert self.strategy.score(fits, job) >= self.strategy.score(bigger, job)

    @given(nodes(), demands())
    def test_who_lacks_something_comes_last(self, node: NodeFacts, job: JobFacts) -> None:
        job = replace(job, memory_bytes=max(1, job.memory_bytes))
        needed = max(job.memory_bytes, job.requirements.memory_bytes)
        fits = NodeFacts(memory_bytes=1 << 46, cores=4_096, gpu="a GPU", backlog_s=1e6)
        assert self.strategy.score(fits, job) > self.strategy.score(replace(node, memory_bytes=needed - 1), job)


class TestLocalityAware:
    strategy = STRATEGIES["locality_aware"]

    @given(nodes(), demands(), st.sampled_from(DIGESTS))
    def test_never_prefers_who_has_less_of_the_input(self, node: NodeFacts, job: JobFacts, digest: bytes) -> None:
        more, less = replace(node, cached=node.cached | {digest}), replace(node, cached=node.cached - {digest})
        assert self.strategy.score(more, job) >= self.strategy.score(less, job)
        if digest in job.inputs:
            assert self.strategy.score(more, job) > self.strategy.score(less, job)

    @given(nodes(), demands(), st.floats(0.001, 60), st.floats(0.001, 60))
    def test_never_prefers_who_is_further_away(self, node: NodeFacts, job: JobFacts, one: float, other: float) -> None:
        near, far = sorted((one, other))
        assert self.strategy.score(replace(node, rtt_s=near), job) >= self.strategy.score(replace(node, rtt_s=far), job)

    def test_an_unknown_distance_is_no_short_one_and_the_wished_country_counts(self) -> None:
        assert self.strategy.score(NodeFacts(rtt_s=0.02), JOB) > self.strategy.score(NodeFacts(), JOB)
        job = JobFacts(country="DE")
        assert self.strategy.score(NodeFacts(country="DE"), job) > self.strategy.score(NodeFacts(country="FR"), job)
        assert self.strategy.reason(NodeFacts(country="DE"), job) == "has 0 of 0 inputs, distance unknown, in DE"


class TestCostOptimized:
    strategy = STRATEGIES["cost_optimized"]

    def test_a_sure_and_timely_node_costs_the_quorum_and_a_doubtful_one_more(self) -> None:
        assert self.strategy.score(NodeFacts(delta=0.0), JOB) == -3 * 90
        assert self.strategy.score(NodeFacts(delta=0.5), JOB) == -3 * 90 * (1 + 2 * 0.5 / 0.5)
        assert self.strategy.score(NodeFacts(delta=0.0, reliability=0.5), JOB) == -3 * 90 * (1 + 0.5 / 0.5)

    @given(nodes(), demands(), st.floats(0, 1), st.floats(0, 1))
    def test_never_prefers_who_errs_or_is_late_more_often(
        self, node: NodeFacts, job: JobFacts, one: float, other: float
    ) -> None:
        low, high = sorted((one, other))
        assert self.strategy.score(replace(node, delta=low), job) >= self.strategy.score(replace(node, delta=high), job)
        sure, late = replace(node, reliability=high), replace(node, reliability=low)
        assert self.strategy.score(sure, job) >= self.strategy.score(late, job)

    @given(nodes(), demands(), st.integers(0, 1 << 40))
    def test_never_prefers_who_asks_more(self, node: NodeFacts, job: JobFacts, more: int) -> None:
        dearer = replace(node, floor_micros_per_h=node.floor_micros_per_h + more)
        assert self.strategy.score(node, job) >= self.strategy.score(dearer, job)

    def test_speed_matters_as_far_as_the_deadline_does(self) -> None:
        slow, fast = NodeFacts(pace=0.5), NodeFacts(pace=4.0)
        assert self.strategy.score(slow, JOB) == self.strategy.score(fast, JOB)
        hurry = JobFacts(left_s=2.0)
        assert self.strategy.score(fast, hurry) > self.strategy.score(slow, hurry)
