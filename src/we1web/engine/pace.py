"""How fast nodes are and how long tasks take, measured. What a node says about itself is only where measuring starts.

A node reports how long it ran. That is believed as far as the clock allows: no longer than it had the lease, and not
much shorter than the core time that went by while it had work. So a liar gains a factor of `TOLERANCE` at most.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from we1web.engine.state import Bundle, Hold, Job, Node, State

SLOWEST, FASTEST = 1 / 16, 8.0
PRIOR_SLOWEST = 0.25
"""Before anything is measured a benchmark may make a node look slow, and never faster than the average one."""
NUDGE = 1.05
"""One benchmark moves what is typical by so much."""
LEARN_S = 0.05
"""So long reports are collected before anything is made of them."""
KEEP = 0.95
"""Share of what was measured that survives the next measurement: about the last twenty count."""
FADE = 0.9
"""What is left of the longest bundle after a measurement; what it was given since counts in full."""
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

    __slots__ = (
        "busy_at",
        "claimed_s",
        "core_s",
        "failed_tries",
        "guessed",
        "heard_at",
        "job",
        "last_s",
        "learnt_at",
        "longest_s",
        "new_claimed_s",
        "new_work_s",
        "reports",
        "rests_until",
        "run_s",
        "tasks",
        "work_s",
    )

    def __init__(self) -> None:
        self.work_s = self.claimed_s = self.core_s = 0.0
        self.new_work_s = self.new_claimed_s = 0.0
        """Since it was last learnt from it."""
        self.reports = 0
        """Since then."""
        self.job: Job | None = None
        """The job that is being added up, in `tasks` and `run_s`: a sum and not a list, for there is one a lease."""
        self.tasks = 0
        self.run_s = self.last_s = 0.0
        self.learnt_at = float("-inf")
        self.busy_at = 0.0
        """When it got work after it had none."""
        self.heard_at = 0.0
        """When it last reported, or got work after it had none."""
        self.longest_s = 0.0
        """The longest bundle it was given lately, at its pace."""
        self.guessed = False
        """That is what a task may take at most, because nobody knew better."""
        self.failed_tries = 0
        """How often it let everything run out without a word since it last reported."""
        self.rests_until = 0.0


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
    """One bundle was reported. What follows for estimates is done now and then, except for the first of a job."""
    run_s, had_s = run_us / 1e6, now - hold.granted
    if run_s > had_s:  # noqa: PLR1730 -- a call of min() for every lease is not for free
        run_s = had_s
    meter = node.meter
    if meter.job is not job:
        _sum_up(meter)
        meter.job = job
    meter.tasks += hold.tasks
    meter.run_s += run_s
    meter.last_s = run_s / hold.tasks
    meter.reports += 1
    if not job.task_s:
        job.task_s = _bounded(job, meter.last_s)


def frame_ended(node: "Node", now: float) -> None:
    """A frame of reports was counted. Call while `held` is what the node still has."""
    meter = node.meter
    if meter.reports and now - meter.learnt_at >= LEARN_S:
        _sum_up(meter)
        _learn(node, meter, now)
    meter.heard_at, meter.failed_tries = now, 0


def _sum_up(meter: Meter) -> None:
    """Moves the estimates of the job whose reports were added up, and notes the work it was and the time it took."""
    job, tasks = meter.job, meter.tasks
    if job is None or not tasks:
        return
    task_s = _bounded(job, meter.run_s / tasks)
    meter.new_claimed_s += tasks * task_s
    meter.new_work_s += tasks * job.task_s
    job.spread_s += MEMORY * (abs(_bounded(job, meter.last_s) - job.task_s) - job.spread_s)
    job.task_s += MEMORY * (task_s - job.task_s)
    meter.job, meter.tasks, meter.run_s = None, 0, 0.0


def _learn(node: "Node", meter: Meter, now: float) -> None:
    """Moves the node's pace by what it did since the last time."""
    busy = min(node.cores, len(node.held) + meter.reports)
    core_s = max(0.0, now - max(meter.learnt_at, meter.busy_at) - LATENCY_S) * busy
    if not meter.claimed_s:  # the prior counts as much as the first measurement
        meter.claimed_s, meter.work_s = meter.new_claimed_s, meter.new_claimed_s * node.pace
    meter.work_s = KEEP * meter.work_s + meter.new_work_s
    meter.claimed_s = KEEP * meter.claimed_s + meter.new_claimed_s
    meter.core_s = KEEP * meter.core_s + core_s
    took_s = max(meter.claimed_s, meter.core_s / TOLERANCE)
    node.pace = min(FASTEST, max(SLOWEST, meter.work_s / took_s))
    meter.new_work_s = meter.new_claimed_s = 0.0
    meter.reports, meter.learnt_at = 0, now
    meter.longest_s *= FADE


def _bounded(job: "Job", task_s: float) -> float:
    """A measurement within what is possible, and not so far out that one report could spoil an estimate."""
    task_s = min(job.wall_s, max(SHORTEST_S, task_s))
    return min(max(task_s, job.task_s / OUTLIER), job.task_s * OUTLIER) if job.task_s else task_s


def took(node: "Node", job: "Job", run_s: float, idle: bool, now: float) -> None:
    """The node got leases, the longest of `run_s`; `idle`: it had none."""
    meter = node.meter
    if not job.task_s:
        meter.guessed = True
    if idle:
        meter.heard_at = meter.busy_at = now
        meter.longest_s = run_s
    elif run_s > meter.longest_s:
        meter.longest_s = run_s


def reckon(node: "Node", bundles: "Mapping[int, Bundle]") -> None:
    """The longest bundle again, by what is known by now."""
    meter = node.meter
    held = [(hold.tasks, bundles[bundle_id].job) for bundle_id, hold in node.held.items()]
    meter.longest_s = max((tasks * (job.task_s or job.wall_s) / node.pace for tasks, job in held), default=0.0)
    meter.guessed = not all(job.task_s for _, job in held)


def is_silent(node: "Node", lateness: float, late_s: float, now: float) -> bool:
    """Has the node been quiet for much longer than its longest bundle should take?"""
    meter = node.meter
    return bool(node.held) and now - meter.heard_at > max(late_s, lateness * meter.longest_s)
