"""Frozen nodes and jobs for tests of strategies and vetoes; the defaults are a newcomer's and a small job's."""

from dataclasses import dataclass

from hypothesis import strategies as st

from we1web.domain.reputation import weight
from we1web.domain.requirements import Requirements

DIGESTS = [bytes([n]) * 32 for n in range(4)]
COUNTRIES = ["", "DE", "FR", "US"]
ANYWHERE = Requirements()


@dataclass(frozen=True)
class NodeFacts:
    owner: int = 1
    memory_bytes: int = 4 << 30
    gpu: str = ""
    country: str = ""
    floor_micros_per_h: int = 0
    pace: float = 1.0
    delta: float = 0.06
    weight: float = 2.75
    proven: bool = False
    reliability: float = 1.0
    cores: int = 1
    outstanding: int = 0
    backlog_s: float = 0.0
    last_served: int = 0
    cached: frozenset[bytes] = frozenset()
    rtt_s: float = 0.0


@dataclass(frozen=True)
class JobFacts:
    requirements: Requirements = ANYWHERE
    memory_bytes: int = 1 << 20
    requester: int = 100
    reward_micros: int = 90
    task_s: float = 1.0
    quorum: int = 3
    inputs: frozenset[bytes] = frozenset()
    country: str = ""
    left_s: float = float("inf")


@st.composite
def nodes(draw: st.DrawFn) -> NodeFacts:
    delta = draw(st.floats(1e-5, 1))
    return NodeFacts(
        owner=draw(st.integers(1, 5)),
        memory_bytes=draw(st.integers(0, 1 << 45)),
        gpu=draw(st.sampled_from(["", "a GPU"])),
        country=draw(st.sampled_from(COUNTRIES)),
        floor_micros_per_h=draw(st.integers(0, 1 << 40)),
        pace=draw(st.floats(1 / 16, 8)),
        delta=delta,
        weight=weight(delta),
        proven=draw(st.booleans()),
        reliability=draw(st.floats(0, 1)),
        cores=draw(st.integers(1, 4_096)),
        outstanding=draw(st.integers(0, 10_000)),
        backlog_s=draw(st.floats(0, 1e6)),
        last_served=draw(st.integers(0, 1 << 50)),
        cached=frozenset(draw(st.sets(st.sampled_from(DIGESTS)))),
        rtt_s=draw(st.floats(0, 60)),
    )


@st.composite
def demands(draw: st.DrawFn) -> JobFacts:
    countries = st.frozensets(st.sampled_from(COUNTRIES[1:]))
    return JobFacts(
        requirements=Requirements(
            memory_bytes=draw(st.integers(0, 1 << 40)),
            cores=draw(st.integers(0, 64)),
            gpu=draw(st.booleans()),
            countries=draw(countries),
            not_countries=draw(countries),
            owners=draw(st.frozensets(st.integers(1, 6))),
        ),
        memory_bytes=draw(st.integers(0, 1 << 40)),
        requester=draw(st.integers(1, 6)),
        reward_micros=draw(st.integers(0, 1 << 40)),
        task_s=draw(st.one_of(st.just(0.0), st.floats(1e-6, 1e5))),
        quorum=draw(st.integers(1, 5)),
        inputs=frozenset(draw(st.sets(st.sampled_from(DIGESTS)))),
        country=draw(st.sampled_from(COUNTRIES)),
        left_s=draw(st.one_of(st.just(float("inf")), st.floats(-1e6, 1e6))),
    )
