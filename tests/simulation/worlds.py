"""Small worlds for tests."""

from collections.abc import Sequence

from we1web.domain.policy import POLICIES
from we1web.domain.strategy import STRATEGIES
from we1web.simulation.adversaries import Behaviour
from we1web.simulation.checkers import Checker
from we1web.simulation.fleet import Member
from we1web.simulation.populations import Device
from we1web.simulation.workloads import JobSpec
from we1web.simulation.world import Plan, World


def members(count: int, *behaviours: Behaviour, owners: int = 0, device: Device | None = None) -> list[Member]:
    """Honest nodes, then one node of a clique for each behaviour; with `owners`, so many accounts share them."""
    device = device or Device()
    honest = [Member(device, owner=1 + i % owners if owners else 0) for i in range(count)]
    return honest + [Member(device, behaviour, honest=False, clique=1) for behaviour in behaviours]


def world(
    who: Sequence[Member], tasks: int = 60, *, bundle: int = 1, checkers: Sequence[Checker] | None = None
) -> World:
    plan = Plan(1, who, [JobSpec(tasks, bundle=bundle)], stride=20 if checkers is None else 0, horizon_s=3_600.0)
    return World(plan, POLICIES["classic"], STRATEGIES["reliability_weighted"], checkers)
