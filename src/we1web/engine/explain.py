"""Why something waits, from the state and the conditions that placement itself uses. Questions only, no change.

Each answer carries a stable code, the figures behind it, and a rendering in words. It may look at every node, so it is
for whoever asks, never for the hot path.
"""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from we1web.domain.requirements import VETOES, veto
from we1web.domain.task import TaskState
from we1web.engine import lookup
from we1web.engine.standing import Standing
from we1web.engine.state import Bundle, Job, Node, State

JOB_REASONS: dict[str, str] = {
    "": "nothing waits",
    "queued": "its tasks are queued behind others",
    "referee": "votes differ and a referee is asked",
    "held": "its results are accepted and become final when the job ends or their time is over",
    "no_node": "no node with its runtime is online",
    "excluded": "no node online meets its conditions",
    "few_owners": "more owners must vote on every task than have nodes online for it",
    "budget": "the rest of the budget is reserved for work under way",
    "busy": "all nodes that may work on it are busy or paused",
    "turn": "it is served at its next turn",
    "another_owner": "waiting for a vote of another owner",
}
TASK_REASONS: dict[str, str] = JOB_REASONS | {
    "running": "it is under way",
    "late": "it takes longer than it should where it runs, and nobody else was asked yet",
    "ended": "it ended already, or is not being worked on yet",
}
NODE_REASONS: dict[str, str] = {
    "working": "it works",
    "offline": "it is not connected",
    "referee": "it is a referee: it only gets what votes cannot decide",
    "paused": "its owner paused it",
    "not_accepting": "it takes no work at the moment, as it says itself",
    "expelled": "too many of its answers were wrong",
    "silent": "it has been quiet for too long about what it holds",
    "full": "it holds as much as it asked for",
    "no_job": "no job needs one of its runtimes now",
    "jobs": "no job has anything for it",
    "turn": "it is served at the next turn",
}
FOR_NODE: dict[str, str] = VETOES | {
    "nothing_ready": "all that is left of the job is under way",
    "seen": "its owner voted on, holds or lost everything of the job that is ready",
    "budget": "the job cannot afford more at the moment",
    "turn": "the job is served at its next turn",
}


class Exclusion(NamedTuple):
    """So many nodes are out for one reason."""

    code: str
    nodes: int

    @property
    def words(self) -> str:
        return f"{self.nodes} for {VETOES[self.code]}"


@dataclass(frozen=True)
class JobAnswer:
    """Who could work on a job, and what it waits for."""

    code: str
    runtime_id: str
    online: int
    """Nodes that are connected and have the runtime."""
    excluded: tuple[Exclusion, ...]
    remain: int
    """Nodes left after the conditions."""
    owners: int
    """Owners of those."""
    free: int
    """Nodes among them that have room now."""
    running: int
    """Leases that are out."""
    ready: int
    """Bundles that wait for a node."""
    quorum: int
    start_s: float | None
    """When the next of it should start, in seconds from now; None when that cannot be told."""

    @property
    def words(self) -> str:
        parts = [f"{JOB_REASONS[self.code]}", f"{_count(self.online, 'node')} with {self.runtime_id} online"]
        if self.excluded:
            parts.append("out are " + ", ".join(exclusion.words for exclusion in self.excluded))
        parts.append(f"{self.remain} of {_count(self.owners, 'owner')} may work on it, {self.free} free now")
        parts.append(f"every task needs votes of {_count(self.quorum, 'owner')}")
        return "; ".join(parts) + _soon(self.start_s)


@dataclass(frozen=True)
class TaskAnswer:
    """What an open task waits for."""

    code: str
    state: TaskState | None
    """None when it is not in the engine."""
    votes: int
    needed: int
    """Votes it needs at least, as far as that is known now."""
    running: int
    late: int
    """Of those, leases that nobody waits for any more."""
    start_s: float | None
    job: JobAnswer | None

    @property
    def words(self) -> str:
        votes = f"{self.votes} of at least {_count(self.needed, 'vote')}" if self.job is not None else ""
        runs = f"runs on {_count(self.running, 'node')}" + (f", {self.late} of them late" if self.late else "")
        parts = [TASK_REASONS[self.code], votes, runs if self.running else ""]
        return "; ".join(part for part in parts if part) + _soon(self.start_s)


@dataclass(frozen=True)
class NodeAnswer:
    """Why a node has no (more) work."""

    code: str
    held: int
    window: int
    jobs: tuple[tuple[int, str], ...]
    """Key of each open job with one of its runtimes, and why it is not served from there."""

    @property
    def words(self) -> str:
        reasons = Counter(FOR_NODE[code] for _, code in self.jobs).most_common()
        listed = "".join(f"; {_count(count, 'job')}: {words}" for words, count in reasons)
        return f"{NODE_REASONS[self.code]}; it holds {self.held} of {_count(self.window, 'lease')}{listed}"


def waiting(state: State, job: Job) -> str:
    """'' while something runs or nothing is wanted; else the reason in words."""
    if job.leases or (job.closed and job.ended >= job.total):
        return ""
    return about_job(state, job).words


def about_job(state: State, job: Job) -> JobAnswer:
    """Who could work on the job, and why it waits; from outside this module: `explain.job`."""
    online = _online(state, job.runtime_id)
    codes = Counter(code for standing in online if (code := veto(job, standing)) is not None)
    able = [standing for standing in online if veto(job, standing) is None]
    free = [standing for standing in able if standing.slot >= 0]
    owners = len({standing.owner for standing in able})
    code = _job_code(job, len(online), len(able), owners, len(free))
    return JobAnswer(
        code,
        job.runtime_id,
        len(online),
        tuple(Exclusion(code, codes[code]) for code in VETOES if code in codes),
        len(able),
        owners,
        len(free),
        job.leases,
        len(job.ready),
        job.quorum,
        _start_s(state, job, able) if code in ("busy", "turn") else None,
    )


job = about_job


def _job_code(job: Job, online: int, able: int, owners: int, free: int) -> str:
    """The first reason that holds."""
    if not job.ready:
        if job.leases or (job.closed and job.ended >= job.total):
            return ""
        if job.appeals:
            return "referee"
        return "held" if job.held else "queued"
    if not able:
        return "excluded" if online else "no_node"
    if job.starved:
        return "budget"
    if owners < job.quorum:
        return "few_owners"
    if not free:
        return "busy"
    return "turn" if any(not bundle.owners for bundle in job.ready) else "another_owner"


def _start_s(state: State, job: Job, able: list[Standing]) -> float:
    """Until the first of these nodes has room, and all of higher priority is served."""
    ahead_s = sum(
        len(other.ready) * other.ready[-1].span * (other.task_s or other.wall_s)
        for other in state.ready_jobs.values()
        if other.priority > job.priority and other.runtime_id == job.runtime_id and other.ready
    )
    room_s = 0.0 if any(s.slot >= 0 for s in able) else min((s.backlog_s / 2 for s in able), default=0.0)
    return room_s + ahead_s / sum(standing.cores * standing.pace for standing in able)


def task(state: State, task_id: int) -> TaskAnswer:
    """What one task waits for."""
    bundle, place = lookup.find(state, task_id)
    if bundle is None or not lookup.is_open(bundle, place):
        return TaskAnswer("ended", None, 0, 0, 0, 0, None, None)
    told = lookup.votes(bundle, place)
    about = about_job(state, bundle.job)
    needed = max(bundle.job.quorum, len(told) + (bundle.held_at < 0))
    code = _task_code(bundle, about)
    start_s = about.start_s if bundle.want else None
    late = len(bundle.late or ())
    return TaskAnswer(code, lookup.task_state(state, task_id), len(told), needed, bundle.leases, late, start_s, about)


def _task_code(bundle: Bundle, about: JobAnswer) -> str:
    if bundle.appeal:
        return "referee"
    if bundle.held_at >= 0:
        return "held"
    if bundle.want:
        return about.code or "turn"
    return "running" if bundle.pending else "late"


def node(state: State, node: Node) -> NodeAnswer:
    """Why the node has no work, or no more of it."""
    open_jobs = [job for job in state.jobs.values() if _offers(node, job.runtime_id)]
    jobs = tuple((job.key, _code_for_node(job, node)) for job in open_jobs)
    return NodeAnswer(_node_code(node, jobs), len(node.held), node.window, jobs)


def _node_code(node: Node, jobs: tuple[tuple[int, str], ...]) -> str:
    """The first reason that holds."""
    offered = [standing for standing in node.standings.values() if standing.offered]
    states = {
        "offline": not node.alive,
        "referee": bool(node.referee),
        "paused": not node.active,
        "expelled": bool(offered) and all(standing.expelled for standing in offered),
        "not_accepting": not node.accepting,
        "silent": node.silent,
        "full": len(node.held) >= node.window,
        "working": bool(node.held),
        "no_job": not jobs,
        "turn": any(code == "turn" for _, code in jobs),
    }
    return next((code for code, holds in states.items() if holds), "jobs")


def _code_for_node(job: Job, node: Node) -> str:
    """Why this job gives this node nothing now."""
    vetoed = veto(job, node)
    if vetoed is not None:
        return vetoed
    if not job.ready:
        return "nothing_ready"
    if all(node.owner in bundle.owners for bundle in job.ready):
        return "seen"
    return "budget" if job.starved else "turn"


def _offers(node: Node, runtime_id: str) -> bool:
    standing = node.standings.get(runtime_id)
    return standing is not None and standing.offered and not standing.expelled


def _online(state: State, runtime_id: str) -> list[Standing]:
    nodes = [node for node in state.nodes.values() if node.alive and not node.referee]
    return [node.standings[runtime_id] for node in nodes if _offers(node, runtime_id)]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _soon(start_s: float | None) -> str:
    if start_s is None:
        return ""
    return "; should start now" if start_s < 1 else f"; should start in about {start_s:.0f} s"
