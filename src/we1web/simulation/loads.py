"""The suite `strategies`: every strategy under every workload, on a network of volunteers. One row a run.

A workload is a value: who is there, and which jobs come. A new one is one function and one line in `WORKLOADS`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from we1web.domain.policy import DEFAULT_POLICY
from we1web.domain.strategy import STRATEGIES
from we1web.simulation import populations
from we1web.simulation.adversaries import HONEST, Independent
from we1web.simulation.attacks import make_policy, policy_names
from we1web.simulation.figures import jain, percentile
from we1web.simulation.fleet import Member
from we1web.simulation.populations import Device
from we1web.simulation.report import Request, Row
from we1web.simulation.tally import Tally
from we1web.simulation.workloads import PRICE_MICROS, JobSpec, Work, blob
from we1web.simulation.world import Plan, World

OPEN = 500
"""Bundles in the engine at once: what waits longer waits outside, as with many jobs in a real queue."""
PIECE = 30
"""Tasks of a small job."""
VOTES = 3
"""What a stream reckons with."""
FAULTY = Independent(0.1)
MICROS_PER_H = 200_000
"""What a cheap node's owner asks at least for an hour of a core; the price of a second of work pays ten times that."""


class Load(NamedTuple):
    """Devices and jobs."""

    devices: Sequence[Device]
    jobs: Sequence[JobSpec]
    faulty: int = 0
    """So many of the devices, from the first on, err in one of ten results."""

    @property
    def members(self) -> list[Member]:
        return [Member(device, FAULTY if n < self.faulty else HONEST) for n, device in enumerate(self.devices)]


Workload = Callable[[int, int, Random], Load]
"""(nodes, tasks, generator) → what happens."""


def stream(devices: Sequence[Device], tasks: int, load: float, work: Work, *, gpu: bool = False) -> list[JobSpec]:
    """Small jobs one after the other that take this share of the devices' power: there is always somebody to choose."""
    power = sum(device.speed * device.cores for device in devices)
    every_s = VOTES * PIECE * work.mean_s / (load * power)
    return [JobSpec(PIECE, work, at_s=every_s * number, gpu=gpu) for number in range(max(1, tasks // PIECE))]


def uniform(nodes: int, tasks: int, random: Random) -> Load:
    """Small jobs of equal tasks, half of what machines that stay could do."""
    devices = populations.steady(nodes, random)
    return Load(devices, stream(devices, tasks, 0.5, Work(1.0, 0.0)))


def bulk(nodes: int, tasks: int, random: Random) -> Load:
    """One job of equal tasks, more than all can do at once."""
    return Load(populations.steady(nodes, random), [JobSpec(tasks, Work(1.0, 0.0))])


def heavy_tail(nodes: int, tasks: int, random: Random) -> Load:
    """Few tasks take most of the time."""
    return Load(populations.steady(nodes, random), [JobSpec(tasks, Work(0.4, tail=1.3))])


def mixed_gpu(nodes: int, tasks: int, random: Random) -> Load:
    """A third of the machines has a graphics processor. One stream of jobs needs one, another would find place on the
    rest of the machines."""
    devices = [
        device._replace(gpu="discrete" if random.random() < 1 / 3 else "", memory_bytes=8 * populations.GIB)
        for device in populations.steady(nodes, random)
    ]
    devices[:4] = [device._replace(gpu="discrete") for device in devices[:4]]
    special = [device for device in devices if device.gpu]
    plain = [device for device in devices if not device.gpu]
    share = sum(d.speed * d.cores for d in special) / sum(d.speed * d.cores for d in devices)
    jobs = stream(plain, round(tasks * (1 - share)), 0.85, Work()) + stream(
        special, round(tasks * share), 0.85, Work(), gpu=True
    )
    return Load(devices, jobs)


def shared_inputs(nodes: int, tasks: int, random: Random) -> Load:
    """Six jobs, each with an input of 40 MB that a node has to fetch before its first task."""
    inputs = [((blob(random), 40_000_000),) for _ in range(6)]
    return Load(
        [device._replace(bytes_per_s=4e6) for device in populations.steady(nodes, random)],
        [JobSpec(tasks // 6, Work(), inputs=each) for each in inputs],
    )


def deadlines(nodes: int, tasks: int, random: Random) -> Load:
    """A large job without hurry; small ones of a higher priority and with a deadline come in between."""
    devices = populations.steady(nodes, random)
    large = tasks * 3 // 4
    power = sum(device.speed * device.cores for device in devices)
    length_s = 3 * 1.15 * large / power
    small = [
        JobSpec(tasks // 12, Work(), at_s=length_s * share, deadline_s=max(20.0, length_s / 4), priority=1)
        for share in (0.2, 0.4, 0.6)
    ]
    return Load(devices, [JobSpec(large, Work()), *small])


def cheap_but_flaky(nodes: int, tasks: int, random: Random) -> Load:
    """Half of the nodes ask little and vanish every few minutes, the others ask five times as much and stay."""
    stable = [device._replace(floor_micros_per_h=5 * MICROS_PER_H) for device in populations.steady(nodes, random)]
    flaky = [
        device._replace(floor_micros_per_h=MICROS_PER_H, session_s=180.0, gap_s=60.0, politeness=0.1, slow_share=0.05)
        for device in stable[: nodes // 2]
    ]
    devices = [*flaky, *stable[nodes // 2 :]]
    return Load(devices, stream(devices, tasks, 0.3, Work()))


def unreliable(nodes: int, tasks: int, random: Random) -> Load:
    """Small jobs for a third of what there is, and a third of the machines errs and comes and goes."""
    devices = populations.steady(nodes, random)
    bad = [device._replace(session_s=600.0, gap_s=60.0, politeness=0.1) for device in devices[: nodes // 3]]
    return Load([*bad, *devices[nodes // 3 :]], stream(devices, tasks, 0.33, Work()), faulty=nodes // 3)


def volunteers(nodes: int, tasks: int, random: Random) -> Load:
    """One job on tabs, desktops, phones and small servers around the world that come and go."""
    return Load(populations.volunteers(nodes * 4, random), [JobSpec(tasks, Work())])


WORKLOADS: dict[str, Workload] = {
    "uniform": uniform,
    "bulk": bulk,
    "heavy-tail": heavy_tail,
    "mixed-gpu": mixed_gpu,
    "shared-inputs": shared_inputs,
    "deadlines": deadlines,
    "cheap-but-flaky": cheap_but_flaky,
    "unreliable": unreliable,
    "volunteers": volunteers,
}


class Run(NamedTuple):
    """One strategy under one workload."""

    strategy: str
    workload: str
    tasks: int
    seed: int
    nodes: int = 60
    policy: str = DEFAULT_POLICY

    @property
    def label(self) -> dict[str, str]:
        return {"strategy": self.strategy, "workload": self.workload, "policy": self.policy}

    @property
    def command(self) -> str:
        return (
            f"we1web simulate --suite strategies --strategy {self.strategy} --scenario {self.workload} "
            f"--policy {self.policy} --tasks {self.tasks} --nodes {self.nodes} --seed {self.seed}"
        )

    def world(self) -> World:
        """What is about to happen."""
        load = WORKLOADS[self.workload](self.nodes, self.tasks, Random(self.seed))
        plan = Plan(self.seed, load.members, load.jobs, open_bundles=OPEN)
        return World(plan, make_policy(self.policy), STRATEGIES[self.strategy])

    def run(self) -> Row:
        world = self.world()
        return figures(world, world.run())


def cases(ask: Request) -> Iterator[Run]:
    """Every workload under every strategy that was asked for."""
    for workload in ask.wanted(ask.scenarios, WORKLOADS):
        for strategy in ask.wanted(ask.strategies, STRATEGIES):
            for policy in ask.wanted(ask.policies, policy_names(), DEFAULT_POLICY):
                yield Run(strategy, workload, ask.tasks, ask.seed, ask.nodes, policy)


def figures(world: World, tally: Tally) -> Row:
    """What a row says of a run."""
    ended = max(1, tally.accepted + tally.failed)
    return {
        "makespan_s": round(tally.ended_at, 3),
        "makespan_over_bound": tally.ended_at / bound_s(world),
        "executions_per_task": tally.executions / ended,
        "cost_micros": tally.spent_micros,
        "cost_over_price": tally.spent_micros / (ended * PRICE_MICROS),
        "asked_micros": round(tally.asked_micros),
        "wasted_fraction": 1 - tally.useful_s / tally.busy_s if tally.busy_s else 0.0,
        "wait_p50_s": round(percentile(tally.waits, 0.5), 3),
        "wait_p99_s": round(percentile(tally.waits, 0.99), 3),
        "latency_p50_s": round(percentile(tally.latencies, 0.5), 3),
        "latency_p99_s": round(percentile(tally.latencies, 0.99), 3),
        "gpu_latency_p50_s": round(percentile(tally.gpu_latencies, 0.5), 3),
        "gpu_latency_p99_s": round(percentile(tally.gpu_latencies, 0.99), 3),
        "fairness": jain(tally.shares),
        "evenness": jain(tally.earnings),
        "late_jobs": tally.late_jobs,
        "tasks": ended,
    }


def bound_s(world: World) -> float:
    """No schedule is faster: all work in the fewest votes on all cores, and the longest task on the fastest."""
    work = {spec: world.work_s(spec) for spec in world.plan.jobs}
    alone = [spec.at_s + max(_power_s(world, [spec], work), _longest_s(world, spec, work[spec])) for spec in work]
    return max(_power_s(world, list(work), work), *alone)


def _able(world: World, jobs: Sequence[JobSpec]) -> list[Device]:
    """Devices that can do some of it."""
    return [m.device for m in world.plan.members if not all(spec.gpu for spec in jobs) or m.device.gpu]


def _power_s(world: World, jobs: Sequence[JobSpec], work: Mapping[JobSpec, Sequence[float]]) -> float:
    power = sum(d.speed * d.cores * populations.share_online(d) for d in _able(world, jobs))
    return world.policy.estimated_votes * sum(sum(work[spec]) for spec in jobs) / power


def _longest_s(world: World, spec: JobSpec, work: Sequence[float]) -> float:
    """Votes on one task that the policy asks for one after the other."""
    rounds = -(-world.policy.estimated_votes // world.policy.first_wave(False))
    return rounds * max(work) / max(device.speed for device in _able(world, [spec]))
