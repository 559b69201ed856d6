"""How fast nodes are and how long tasks take, measured. What a node says about itself is only where measuring starts.

A node reports how long it ran. That is believed as far as the clock allows: no longer than it had the lease, and not
much shorter than the core time that went by while it had work. So a liar gains a factor of `TOLERANCE` at most.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from we1web.engine.state import Hold, Job, Node, State

SLOWEST, FASTEST = 1 / 16, 8.0
PRIOR_SLOWEST = 0.25
"""Before anything is measured a benchmark may make a node look slow, and never faster than the average one."""
NUDGE = 1.05
"""One benchmark moves what is typical by so much."""
KEEP = 0.95
"""Share of what was measured that survives a frame: about the last twenty of them count."""
TOLERANCE = 2.0
LATENCY_S = 0.25
"""Time between two frames that no node can work in, for all we know of its line."""
MEMORY = 0.2
"""Share of a new measurement in a job's estimated run time."""
SHORTEST_S = 1e-6
OUTLIER = 8.0
"""One report moves an estimate as if it were at most so many times longer or shorter."""


class Meter:
    """What one node did lately, in seconds of an average node's core (work) and of its own (claimed, core)."""

    __slots__ = ("claimed_s", "core_s", "frame", "heard_at", "longest_s", "work_s")

    def __init__(self) -> None:
        self.work_s = self.claimed_s = self.core_s = 0.0
        self.frame: list[tuple[Job, int, float]] = []
        """Reports since the last frame ended: job, tasks, seconds they can have taken."""
        self.heard_at = 0.0
        """When it last reported, or got work after it had none."""
        self.longest_s = 0.0
        """The longest bundle it was given since then, at its pace."""


def introduced(state: "State", node: "Node") -> None:
    """A node told its benchmark: what is typical moves a little, and unmeasured nodes start from the comparison."""
    if node.speed <= 0:
        return
    if not state.typical_speed:
        state.typical_speed = node.speed
    state.typical_speed *= NUDGE if node.speed > state.typical_speed else 1 / NUDGE
    if not node.meter.claimed_s:
        node.pace = min(1.0, max(PRIOR_SLOWEST, node.speed / state.typical_speed))


def measured(job: "Job", node: "Node", hold: "Hold", run_us: int, now: float) -> None:
    """One bundle was reported. What follows for estimates is done once a frame, except for the first of a job."""
    run_s = run_us / 1e6
    run_s = min(run_s, now - hold.granted)
    node.meter.frame.append((job, hold.tasks, run_s))
    if not job.task_s:
        job.task_s = _bounded(job, run_s / hold.tasks)


def frame_ended(node: "Node", now: float) -> None:
    """A frame of reports was counted: moves estimates. Call while `held` is what the node still has."""
    meter = node.meter
    frame = meter.frame
    if not frame:
        return
    busy = min(node.cores, len(node.held) + len(frame))
    core_s = max(0.0, now - meter.heard_at - LATENCY_S) * busy
    work_s, claimed_s = _learn(frame)
    if not meter.claimed_s:  # the prior counts as much as the first frame
        meter.claimed_s, meter.work_s = claimed_s, claimed_s * node.pace
    meter.work_s = KEEP * meter.work_s + work_s
    meter.claimed_s = KEEP * meter.claimed_s + claimed_s
    meter.core_s = KEEP * meter.core_s + core_s
    took_s = max(meter.claimed_s, meter.core_s / TOLERANCE)
    node.pace = min(FASTEST, max(SLOWEST, meter.work_s / took_s))
    meter.frame = []
    meter.heard_at = now


def _learn(frame: "list[tuple[Job, int, float]]") -> tuple[float, float]:
    """Moves the estimates of the jobs in a frame; returns the work it was and the time it took, in seconds."""
    totals: dict[Job, tuple[int, float]] = {}
    for job, tasks, run_s in frame:
        before, before_s = totals.get(job, (0, 0.0))
        totals[job] = before + tasks, before_s + run_s
    work_s = took_s = 0.0
    for job, (tasks, run_s) in totals.items():
        task_s = _bounded(job, run_s / tasks)
        took_s += tasks * task_s
        work_s += tasks * job.task_s
        job.task_s += MEMORY * (task_s - job.task_s)
    job, tasks, run_s = frame[-1]  # one of them shows how far single bundles scatter
    job.spread_s += MEMORY * (abs(_bounded(job, run_s / tasks) - job.task_s) - job.spread_s)
    return work_s, took_s


def _bounded(job: "Job", task_s: float) -> float:
    """A measurement within what is possible, and not so far out that one report could spoil an estimate."""
    task_s = min(job.wall_s, max(SHORTEST_S, task_s))
    return min(max(task_s, job.task_s / OUTLIER), job.task_s * OUTLIER) if job.task_s else task_s


def took(node: "Node", run_s: float, idle: bool, now: float) -> None:
    """The node got leases, the longest of `run_s`; `idle`: it had none."""
    meter = node.meter
    if idle:
        meter.heard_at, meter.longest_s = now, run_s
    elif run_s > meter.longest_s:
        meter.longest_s = run_s


def is_silent(node: "Node", lateness: float, late_s: float, now: float) -> bool:
    """Has the node been quiet for much longer than its longest bundle should take?"""
    meter = node.meter
    return bool(node.held) and now - meter.heard_at > max(late_s, lateness * meter.longest_s)
