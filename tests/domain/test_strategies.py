"""What every strategy owes the engine, and what each of the registered ones prefers."""

from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain import strategies
from we1web.domain.node import Candidate
from we1web.domain.reputation import weight
from we1web.domain.strategy import DEFAULT_STRATEGY, STRATEGIES, Strategy

each = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)


@dataclass(frozen=True)
class NodeFacts:
    """A frozen candidate; the defaults are a newcomer's."""

    delta: float = 0.06
    weight: float = 2.75
    proven: bool = False
    reliability: float = 1.0
    speed: float = 0.0
    cores: int = 1
    outstanding: int = 0
    last_served: int = 0


NEWCOMER: Candidate = NodeFacts()


@st.composite
def nodes(draw: st.DrawFn) -> NodeFacts:
    delta = draw(st.floats(1e-5, 1))
    return NodeFacts(
        delta=delta,
        weight=weight(delta),
        proven=draw(st.booleans()),
        reliability=draw(st.floats(0, 1)),
        speed=draw(st.floats(0, 1e9)),
        cores=draw(st.integers(1, 4_096)),
        outstanding=draw(st.integers(0, 10_000)),
        last_served=draw(st.integers(0, 1 << 50)),
    )


@each
def test_every_file_is_registered_under_its_name(strategy: Strategy) -> None:
    files = {path.stem for path in Path(strategies.__path__[0]).glob("*.py") if not path.stem.startswith("_")}
    assert files == set(STRATEGIES)
    assert STRATEGIES[strategy.name] is strategy
    assert DEFAULT_STRATEGY in STRATEGIES


@each
@given(node=nodes())
def test_scores_are_finite_and_depend_on_the_facts_alone(strategy: Strategy, node: NodeFacts) -> None:
    assert isfinite(strategy.score(node))
    assert strategy.score(node) == strategy.score(replace(node))


@each
@given(node=nodes())
def test_the_reason_is_one_short_line(strategy: Strategy, node: NodeFacts) -> None:
    reason = strategy.reason(node)
    assert 0 < len(reason) <= 100
    assert "\n" not in reason


@each
@given(node=nodes(), claimed=st.floats(0, 1e9))
def test_a_claim_of_speed_buys_nothing(strategy: Strategy, node: NodeFacts, claimed: float) -> None:
    assert strategy.score(replace(node, speed=claimed)) == strategy.score(node)


@each
def test_more_than_one_node_is_compared(strategy: Strategy) -> None:
    assert strategy.sample >= 2


def test_samples_are_as_decided() -> None:
    assert {name: strategy.sample for name, strategy in STRATEGIES.items()} == {
        "round_robin": 64,
        "reliability_weighted": 2,
    }


def test_round_robin_serves_everybody_in_turn() -> None:
    strategy = STRATEGIES["round_robin"]
    served = dict.fromkeys("abcd", 0)
    order = []
    for turn in range(1, 13):
        chosen = max(served, key=lambda name: strategy.score(NodeFacts(last_served=served[name])))
        served[chosen] = turn
        order.append(chosen)
    assert order == list("abcd") * 3


def test_round_robin_serves_newcomers_first() -> None:
    strategy = STRATEGIES["round_robin"]
    assert strategy.score(NEWCOMER) > strategy.score(NodeFacts(last_served=1))
    assert strategy.reason(NEWCOMER) == "was never served yet"


class TestReliabilityWeighted:
    score = staticmethod(STRATEGIES["reliability_weighted"].score)

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
