"""What the engine keeps: nodes with their standings, jobs, bundles in play, and the effects waiting to be taken.

Plain slots objects in dicts and lists, because they are touched for every lease. Nothing here decides anything.
"""

from collections import deque
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from we1web.domain.policy import Policy
from we1web.domain.requirements import Requirements
from we1web.domain.strategy import Strategy
from we1web.domain.validator import EXACT, Validator
from we1web.engine.effects import Dispute, Heard, Settled, Surplus, Withdrawn
from we1web.engine.pace import Meter
from we1web.engine.settings import Settings
from we1web.engine.standing import Standing
from we1web.protocol.messages import Limits

TASK_BITS = 20
"""Task id = chunk << TASK_BITS | place in the chunk."""

VERIFIED, FAILED, CANCELLED = 1, 2, 3
"""States of an ended task, as stored in tasks.state."""


def runtime_class(runtime_id: str) -> str:
    """Reputation is earned per class of runtime: 'pyodide' of 'pyodide-314.0.7-1a2b3c4d'."""
    return runtime_id.partition("-")[0]


class Hold(NamedTuple):
    """A lease, from the side of the node that holds it."""

    deadline: float
    tasks: int
    """How many of the bundle's tasks were asked for, from the first on."""
    expected_s: float
    """Its share of the node's backlog."""
    standing: Standing
    granted: float
    late_at: float
    """From then on it takes longer than it should."""


class Node:
    """A device of an owner. `key` and `owner` are the integer keys of the nodes and users tables."""

    __slots__ = (
        "accepting",
        "active",
        "alive",
        "backlog_s",
        "build",
        "cached",
        "cores",
        "country",
        "due",
        "floor_micros_per_h",
        "gone_at",
        "gpu",
        "held",
        "key",
        "lanes",
        "last_served",
        "memory_bytes",
        "meter",
        "network",
        "next_deadline",
        "owner",
        "pace",
        "passed_at",
        "referee",
        "rests_until",
        "rtt_s",
        "silent",
        "speed",
        "standings",
        "timely",
        "window",
    )

    def __init__(self, key: int, owner: int) -> None:
        self.key = key
        self.owner = owner
        self.cores = 1
        self.memory_bytes = 0
        self.speed = 0.0
        """Its own benchmark score: a hint, never trusted."""
        self.pace = 1.0
        """Measured speed; 1 is the average node's."""
        self.meter = Meter()
        self.silent = False
        """It holds leases and has been quiet for too long: it gets no more until it reports."""
        self.build = ""
        """What it runs on, in words: equal faults of equal builds may have one cause."""
        self.gpu = ""
        self.country = ""
        self.network = ""
        """What its connection says about where it is, coarsely; '' when that is unknown."""
        self.floor_micros_per_h = 0
        self.cached: dict[bytes, None] = {}
        """Digests of blobs it is likely to have, the oldest first."""
        self.rtt_s = 0.0
        """0 while unknown."""
        self.referee = ""
        """'' for a voter; '*' for the operator's judge, else the id of the one job it judges."""
        self.rests_until = 0.0
        self.window = 0
        self.alive = False
        self.accepting = True
        self.active = True
        """False while the owner paused the node from afar."""
        self.held: dict[int, Hold] = {}
        self.due: dict[int, float] = {}
        """Of what it holds for a bonus: the times until which reports earn it (bonus.py), the oldest lease first."""
        self.lanes: list[float] = []
        """A heap: when each core would be done with what was given out for a bonus, at the pace that earns it."""
        self.backlog_s = 0.0
        self.next_deadline = float("inf")
        self.gone_at = 0.0
        self.last_served = 0
        self.passed_at = -1.0
        """When a job first left it to others, since it last got work; -1: none did."""
        self.timely = 1.0
        """Recent share of leases that ended in a report, 0 to 1: no judgement of correctness."""
        self.standings: dict[str, Standing] = {}


class Ballot:
    """What one node answered for a bundle."""

    __slots__ = ("complete", "fast", "outcomes", "standing")

    def __init__(self, standing: Standing, outcomes: Sequence[bytes], complete: bool, fast: bool = False) -> None:
        self.standing = standing
        self.outcomes = outcomes
        self.complete = complete
        """Every task of the bundle has an outcome that is a vote."""
        self.fast = fast
        """It came in time for the job's bonus."""


Lies = dict[int, list[tuple[bytes, Standing]]]
"""Place -> wrong outcomes that a referee contradicted, and who gave them."""


class Bundle:
    """Consecutive tasks of one chunk that travel, run and are judged together until they disagree."""

    __slots__ = (
        "appeal",
        "arguments",
        "at",
        "bait",
        "ballots",
        "disputed_at",
        "draw",
        "error",
        "final",
        "hearing",
        "held_at",
        "id",
        "job",
        "judge",
        "judged_by_own",
        "late",
        "leases",
        "mark",
        "n",
        "nones",
        "open",
        "owners",
        "recalls",
        "refuted",
        "returned",
        "shown",
        "since",
        "size",
        "truths",
        "unjudged",
        "verified",
        "want",
    )

    def __init__(self, id: int, job: "Job", arguments: Sequence[bytes]) -> None:
        self.id = id
        self.job = job
        self.arguments = arguments
        self.n = len(arguments)
        self.size = sum(map(len, arguments))
        """Bytes of the arguments."""
        self.owners: dict[int, int] = {}
        """Owner -> node key, of everyone who holds it, voted, or lost it lately."""
        self.ballots: list[Ballot] = []
        self.open: list[int] | None = None
        """Places still to be judged one by one; None while all votes were equal as a whole, empty when settled."""
        self.final: dict[int, bytes] | None = None
        """Accepted outcomes by place, once anything of the bundle is settled."""
        self.nones: dict[int, dict[int, str]] | None = None
        """Place -> owner -> code, of runs without an outcome."""
        self.want = 0
        """Replicas wanted and not placed yet; the bundle is in its job's ready list exactly while this is positive."""
        self.at, self.leases = -1, 0
        self.late: set[int] | None = None
        """Keys of nodes whose lease is not counted on any more; they may still report."""
        self.mark = -1
        """Journal flush that holds its first ballot; -1 while it has none."""
        self.since = 0.0
        """When it last became ready, for patience."""
        self.verified = True
        """Every verdict so far was strong enough to move reputations."""
        self.draw = 1.0
        """Its random number, see consensus.Case."""
        self.recalls = self.returned = 0
        self.held_at = self.disputed_at = -1.0
        """How often it was taken back; when it was accepted, not finally, -1 while it is not held."""
        self.error = 0.0
        """What the policy stated when it was accepted."""
        self.appeal = ""
        """Why a referee shall run it; '' while none is asked."""
        self.shown: tuple[Ballot, ...] = ()
        """The ballots there were when a referee was asked."""
        self.judge: Standing | None = None
        """The referee that runs it now."""
        self.judged_by_own = self.hearing = self.unjudged = False
        """The requester's own referee judged it, which moves no reputations; it was settled long ago and is contested,
        so a referee alone runs it; a referee failed at it, so the panel decides."""
        self.truths: dict[int, bytes] | None = None
        """Outcomes by place as a referee computed them."""
        self.refuted: dict[int, set[bytes]] | None = None
        """Digests by place that a verifier rejected."""
        self.bait: Lies | None = None
        """Set when the settled bundle goes out once more to see who repeats these lies."""

    @property
    def settled(self) -> bool:
        return self.open is not None and not self.open

    @property
    def pending(self) -> int:
        """Leases that are counted on."""
        return self.leases - len(self.late) if self.late else self.leases

    @property
    def span(self) -> int:
        """How many of its tasks a replica must run, from the first on, to be comparable."""
        if self.open is None:
            return self.n
        return (self.open[-1] if self.open else max(self.bait or (self.n - 1,))) + 1


class Job:
    """What all its tasks share, and its running account. Money in micro-units."""

    __slots__ = (
        "appeals",
        "bonus_micros",
        "bonus_reward_micros",
        "bonus_within_s",
        "budget_micros",
        "bundles",
        "closed",
        "country",
        "deadline",
        "ended",
        "error_sum",
        "executions",
        "failed",
        "guessed",
        "held",
        "held_tasks",
        "hold_s",
        "id",
        "in_line",
        "info",
        "inputs",
        "interactive",
        "key",
        "leases",
        "left_s",
        "memory_bytes",
        "most_micros",
        "policy",
        "price_micros",
        "priority",
        "ready",
        "referee_runs",
        "requester",
        "requirements",
        "reserved_micros",
        "reward_micros",
        "runtime_id",
        "served_s",
        "singles",
        "spent_micros",
        "spread_s",
        "starved",
        "strategy",
        "task_s",
        "total",
        "validator",
        "verified",
        "wall_s",
        "weight",
    )

    def __init__(
        self,
        key: int,
        requester: int,
        runtime_id: str,
        policy: Policy,
        strategy: Strategy,
        price_micros: int,
        budget_micros: int,
        limits: Limits,
    ) -> None:
        self.key = key
        self.requester = requester
        self.runtime_id = runtime_id
        self.policy = policy
        self.strategy = strategy
        self.price_micros = price_micros
        self.budget_micros = budget_micros
        self.memory_bytes = limits.memory_bytes
        self.wall_s = limits.wall_ms / 1000
        self.id = ""
        """The job's public id."""
        self.requirements = Requirements(memory_bytes=limits.memory_bytes)
        self.validator: Validator = EXACT
        self.reward_micros = price_micros
        """What a contributor gets of the price."""
        self.bonus_micros = self.bonus_reward_micros = 0
        self.bonus_within_s, self.most_micros = 0.0, price_micros
        """See bonus.offer. So much is reserved for each vote that is under way or open: the most it may cost."""
        self.weight = 1.0
        """Its share of the network beside other jobs of the same priority."""
        self.priority = 0
        """Jobs of a higher one are served first."""
        self.deadline: float | None = None
        """When the requester wants it all, on the engine's clock; None: no hurry."""
        self.left_s = float("inf")
        """Seconds until then, as of its last turn."""
        self.country = ""
        """Where the work should be done if it can be chosen; '' for no preference."""
        self.inputs: frozenset[bytes] = frozenset()
        """Blobs that every task needs (its program among them)."""
        self.interactive = False
        """Few tasks: all first votes at once, for the shortest wait."""
        self.hold_s = policy.hold_s
        """So long an acceptance can be taken back, where the policy holds it and the job does not end before."""
        self._begin()

    def _begin(self) -> None:
        """Nothing has happened yet."""
        self.total = 0
        self.closed = False
        self.verified = self.failed = self.ended = 0
        self.executions = 0
        self.spent_micros = 0
        self.reserved_micros = 0
        self.starved = False
        """The last replica could not be afforded beside what is reserved."""
        self.task_s = 0.0
        """Measured run time of one task on an average node; 0 while unknown."""
        self.spread_s = 0.0
        """How far tasks are from `task_s` on average."""
        self.served_s = 0.0
        """Work given to it over its weight: who has the least is next (turns.py)."""
        self.guessed = 0
        """Executions that were charged before their run time was known."""
        self.in_line = False
        self.ready: list[Bundle] = []
        self.bundles: dict[int, Bundle] = {}
        self.leases = 0
        self.held: dict[int, Bundle] = {}
        """Accepted but not final, the oldest first."""
        self.held_tasks = 0
        self.appeals: dict[int, Bundle] = {}
        """Bundles that wait for a referee."""
        self.error_sum = 0.0
        """Expected number of wrong results among the accepted ones, from the records of their voters."""
        self.singles = 0
        """Accepted results that rest on one vote."""
        self.referee_runs = 0
        """Tasks that a referee ran."""

    @property
    def quorum(self) -> int:
        return self.policy.quorum

    @property
    def done(self) -> bool:
        """Nothing is left to run, to judge or to pay."""
        return self.closed and self.ended >= self.total and not self.leases


class Line:
    """Jobs of one runtime that wait for their turn."""

    __slots__ = ("aside", "heap")

    def __init__(self) -> None:
        self.heap: list[tuple[int, float, int, Job]] = []
        """(-priority, served_s, key, job), the next one first."""
        self.aside: deque[Job] = deque()
        """Jobs for which there was nobody when they were last looked at."""


class State:
    """Everything the engine knows."""

    __slots__ = (
        "amnesty",
        "appealing",
        "bundles",
        "changed",
        "cores_online",
        "disputes",
        "expelled",
        "expelled_count",
        "finished",
        "found_out",
        "hearings",
        "held",
        "holding",
        "hungry",
        "jobs",
        "judges",
        "lines",
        "networks",
        "nodes",
        "owners_online",
        "proven_online",
        "random",
        "ready_jobs",
        "served",
        "settings",
        "settled",
        "started_at",
        "surplus",
        "turn_clock",
        "typical_speed",
        "waiting",
        "withdrawn",
    )

    def __init__(self, random: Random, settings: Settings) -> None:
        self.random = random.random
        self.settings = settings
        self.nodes: dict[int, Node] = {}
        self.jobs: dict[int, Job] = {}
        self.bundles: dict[int, Bundle] = {}
        """Bundles that are open, or settled with a lease still out."""
        self.hungry: dict[str, list[Standing]] = {}
        self.ready_jobs: dict[int, Job] = {}
        """Jobs with ready bundles."""
        self.lines: dict[str, Line] = {}
        """Runtime id -> its jobs with ready bundles, in the order in which they take turns."""
        self.turn_clock: dict[int, float] = {}
        """Priority -> `served_s` of the job that was served last: where newcomers of that priority start."""
        self.typical_speed = 0.0
        """What nodes say of their speed, in the middle; 0 while none did."""
        self.networks: dict[str, set[str]] = {}
        """Runtime id -> networks of the nodes online, as of the last tick."""
        self.waiting: dict[int, Bundle] = {}
        """Bundles with votes that want another one: looked at by tick when nobody can give it."""
        self.amnesty: deque[tuple[float, Bundle, int]] = deque()
        self.owners_online: dict[str, dict[int, int]] = {}
        """Runtime id -> owner -> number of its nodes that could work."""
        self.proven_online: dict[str, list[int]] = {}
        """Runtime class -> [nodes online, proven ones among them]."""
        self.expelled_count: dict[str, int] = {}
        self.started_at: float | None = None
        """Time of the first tick."""
        self.cores_online = 0
        self.served = 0
        self.settled: list[Settled] = []
        self.surplus: list[Surplus] = []
        self.disputes: list[Dispute] = []
        self.hearings: list[Heard] = []
        self.withdrawn: list[Withdrawn] = []
        self.finished: list[Job] = []
        self.expelled: dict[Standing, bool] = {}
        """Standings to expel, and whether a referee's proof is behind it."""
        self.found_out: dict[Standing, None] = {}
        """Standings that just gave a wrong answer: what rests on them is looked at again."""
        self.held = 0
        """Bundles accepted but not final, of all jobs."""
        self.holding: dict[int, Job] = {}
        """Jobs that have such bundles."""
        self.judges: dict[tuple[str, str], dict[int, Standing]] = {}
        """(Node.referee, runtime id) -> referees online, by node key."""
        self.appealing: dict[int, Job] = {}
        """Jobs with bundles that wait for a referee."""
        self.changed: dict[Standing, None] = {}
        """Standings whose evidence is worth writing down (insertion ordered, so that replays are equal)."""
