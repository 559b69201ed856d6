"""What HTTP requests and answers look like, as pydantic models: the OpenAPI document is made of these. No logic."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from we1web.domain.money import MAX_MICROS
from we1web.domain.policy import DEFAULT_POLICY, MAX_EPSILON, MIN_EPSILON
from we1web.domain.validator import DEFAULT_VALIDATOR
from we1web.protocol.limits import MAX_BLOB_BYTES, MAX_CORES, MAX_NAME_CHARS, MAX_RUNTIMES

MAX_ARGUMENTS = 1_000
MAX_SUBMISSION_BYTES = 8 << 20
MAX_SEQUENCE = (1 << 30) - 2
MAX_INT = (1 << 63) - 1
MAX_COUNTRIES = 250
MAX_PARAMETERS = 16
MAX_PURPOSE_CHARS = 200

Line = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line of text without control characters."""
Purpose = Annotated[
    str,
    Field(
        max_length=MAX_PURPOSE_CHARS,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="What it is for, in a line: shown in public, beside the requester's name.",
    ),
]
Micros = Annotated[int, Field(ge=0, le=MAX_MICROS)]
Bonus = Annotated[
    int,
    Field(ge=0, le=MAX_MICROS, description="Micro-units on top for an agreeing execution that came in time."),
]
Price = Annotated[
    int,
    Field(
        ge=0,
        le=MAX_MICROS,
        description="Micro-units for one agreeing execution (one vote); 0 with policy trusted, and only there.",
    ),
]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in lower-case hex.")]
Entry = Annotated[str, Field(max_length=MAX_NAME_CHARS, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A function's name, or nothing where the program has one beginning."""
Country = Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")]
Countries = Annotated[list[Country], Field(max_length=MAX_COUNTRIES)]
ParameterName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
ParameterValue = (
    bool
    | Annotated[int, Field(ge=-(1 << 53), le=1 << 53)]
    | Annotated[float, Field(allow_inf_nan=False)]
    | Annotated[str, Field(max_length=MAX_NAME_CHARS, pattern=r"^[^\x00-\x1f\x7f]*$")]
)
Parameters = Annotated[
    dict[ParameterName, ParameterValue | dict[ParameterName, ParameterValue | dict[ParameterName, ParameterValue]]],
    Field(max_length=MAX_PARAMETERS, description="See docs/kinds.md, Validators."),
]
RuntimeName = Literal["python", "wasm"]
JobState = Literal["open", "running", "done", "cancelled"]
NodeStatus = Literal["active", "paused", "retired"]


class Request(BaseModel):
    """Base of request bodies: a field nobody knows is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class TaskLimits(Request):
    """What one task may use."""

    wall_s: Annotated[float, Field(ge=0.1, le=3_600)] = 60
    memory_bytes: Annotated[int, Field(ge=1 << 20, le=4 << 30)] = 512 << 20
    output_bytes: Annotated[int, Field(ge=1_024, le=MAX_BLOB_BYTES)] = 16 << 20
    instructions: Annotated[int, Field(ge=0, le=1 << 53)] = 100_000_000_000


class NodeRequirements(Request):
    """What a node must be or have to get the job's tasks; all but `near` are hard conditions."""

    memory_bytes: Annotated[int, Field(ge=0, le=1 << 50, description="Of the whole node.")] = 0
    cores: Annotated[int, Field(ge=0, le=MAX_CORES)] = 0
    gpu: bool = False
    countries: Annotated[Countries, Field(description="Only there; empty: anywhere.")] = []
    not_countries: Annotated[Countries, Field(description="Never there, nor where nobody tells.")] = []
    near: Annotated[Country | None, Field(description="Preferred, not demanded; strategy locality_aware heeds it.")] = (
        None
    )
    mine: Annotated[bool, Field(description="Only one's own nodes: with policy trusted, and always there.")] = False


class Order(Request):
    """What a job and a single task have in common."""

    name: Line = "job"
    purpose: Purpose = ""
    runtime: RuntimeName
    program: Digest
    entry: Entry = ""
    policy: Line = DEFAULT_POLICY
    epsilon: Annotated[
        float | None, Field(ge=MIN_EPSILON, le=MAX_EPSILON, description="Stated error; policy adaptive only.")
    ] = None
    hold_s: Annotated[
        float | None,
        Field(
            ge=0,
            le=86_400,
            description="How long a result that may be taken back is kept back; policies that hold results.",
        ),
    ] = None
    validator: Line = DEFAULT_VALIDATOR
    validator_parameters: Parameters = {}
    verifier: Annotated[Digest | None, Field(description="The program that checks outcomes; policy checked.")] = None
    verifier_entry: Entry = ""
    strategy: Annotated[Line | None, Field(description="Without it, the network's default.")] = None
    requirements: NodeRequirements = NodeRequirements()
    weight: Annotated[float, Field(ge=0.1, le=10, description="Share beside jobs of the same priority.")] = 1.0
    priority: Annotated[int, Field(ge=-1, le=1, description="Higher is served first; 1 is the operator's.")] = 0
    currency: Annotated[
        str | None, Field(pattern="^[a-z]{3}$", description="Of price, bonus and budget; the network's without it.")
    ] = None
    price_micros: Price
    bonus_micros: Bonus = 0
    bonus_within_s: Annotated[
        float | None,
        Field(gt=0, le=3_600, description="Seconds a task, from the lease to the report, for the bonus; see ADR 0012."),
    ] = None
    budget_micros: Annotated[
        Micros | None, Field(description="Hard cap; without it 1.5 times the estimate, bonuses included.")
    ] = None
    limits: TaskLimits = TaskLimits()
    deadline_s: Annotated[float | None, Field(ge=1, le=30 * 86_400)] = None


class JobOrder(Order):
    arguments: Annotated[list[Base64Bytes], Field(max_length=MAX_ARGUMENTS)] = []
    complete: Annotated[bool, Field(description="True: no further tasks will come.")] = False


class TaskOrder(Order):
    argument: Base64Bytes


class EstimateRequest(Request):
    n: Annotated[int, Field(ge=1, le=1_000_000_000)]
    price_micros: Price
    bonus_micros: Bonus = 0
    currency: Annotated[str | None, Field(pattern="^[a-z]{3}$")] = None
    policy: Line = DEFAULT_POLICY


class Estimate(BaseModel):
    n: int
    quorum: int
    """Paid votes a task needs when nobody disagrees."""
    estimate_micros: int
    """What it costs when nobody disagrees and nobody is in time for a bonus."""
    bonuses_micros: int
    """What comes on top when everybody is."""
    budget_micros: int
    """What we suggest to hold: disputes and bonuses included."""
    fee_micros: int
    """Our share of one vote's price."""
    currency: str


class Job(BaseModel):
    id: UUID
    name: str
    purpose: str
    runtime: str
    policy: str
    epsilon: float | None
    hold_s: float | None
    validator: str
    validator_parameters: dict[str, Any]
    strategy: str
    requirements: dict[str, Any]
    weight: float
    priority: int
    state: JobState
    total: int
    verified: int
    failed: int
    executions: int
    redundancy: Annotated[float | None, Field(description="Executions per ended task; null before the first ended.")]
    expected_wrong: Annotated[float, Field(description="Wrong results to expect, from the records of who voted.")]
    worst_case_wrong: Annotated[
        float | None,
        Field(
            description="At most so many wrong results to expect of liars who act alone and choose best when to lie, "
            "until they are caught; null where nobody compares (policy trusted)."
        ),
    ]
    singles: Annotated[int, Field(description="Accepted results that rest on one vote.")]
    referee_runs: Annotated[int, Field(description="Tasks that a referee ran.")]
    price_micros: int
    bonus_micros: int
    bonus_within_s: float | None
    budget_micros: int
    spent_micros: int
    currency: str
    created_at: datetime
    closed_at: datetime | None
    ended_at: datetime | None
    deadline_at: datetime | None
    waiting: Annotated[str, Field(description="Why nothing runs, in words; empty while something does.")] = ""


class Added(BaseModel):
    """The answer to a submission of tasks; `first` and `n` are places in the job's input order."""

    job: UUID
    state: str
    first: int
    n: int
    total: int


class Page(BaseModel):
    next_cursor: Annotated[str | None, Field(description="Give it back as `cursor`; null on the last page.")]


class JobPage(Page):
    items: list[Job]


class Vote(BaseModel):
    node: UUID | None
    agreed: bool
    weight: float
    fast: Annotated[bool, Field(description="It came in time for the job's bonus.")] = False


class ResultItem(BaseModel):
    """Documents one result; results are encoded with msgspec, see http/job_routes.py."""

    task: str
    index: int
    state: Literal["verified", "failed", "cancelled"]
    outcome: Annotated[str | None, Field(description="Base64 of the encoded outcome (spec/protocol.md, Outcomes).")]
    error_bound: Annotated[float | None, Field(description="Stated chance that it is wrong; null: nothing accepted.")]
    votes: list[Vote]


class ResultPage(Page):
    items: list[ResultItem]


class Why(BaseModel):
    """Why something waits; codes are stable, words are for people."""

    code: str
    words: str


class JobWhy(Why):
    runtime_id: str = ""
    online: Annotated[int, Field(description="Nodes that are connected and have the runtime.")] = 0
    excluded: Annotated[dict[str, int], Field(description="Condition → how many of these it excludes.")] = {}
    remain: Annotated[int, Field(description="Nodes left after the conditions.")] = 0
    owners: Annotated[int, Field(description="Owners of those.")] = 0
    free: Annotated[int, Field(description="Nodes among them that have room now.")] = 0
    running: Annotated[int, Field(description="Leases that are out.")] = 0
    ready: Annotated[int, Field(description="Bundles that wait for a node.")] = 0
    quorum: Annotated[int, Field(description="Owners that must vote on every task.")] = 0
    starts_in_s: Annotated[float | None, Field(description="When the next of it should start; null: unknown.")] = None


class TaskWhy(Why):
    state: str
    votes: int = 0
    needed: Annotated[int, Field(description="Votes it needs at least, as far as is known.")] = 0
    running: Annotated[int, Field(description="Nodes that are at it.")] = 0
    late: Annotated[int, Field(description="Of those, nodes nobody waits for any more.")] = 0
    starts_in_s: float | None = None
    job: Annotated[JobWhy | None, Field(description="Who could work on it; null once it ended.")] = None


class NodeWhy(Why):
    held: Annotated[int, Field(description="Leases it holds.")] = 0
    window: Annotated[int, Field(description="Leases it asked for.")] = 0
    jobs: Annotated[dict[str, int], Field(description="Reason → how many open jobs give it nothing for it.")] = {}


class TaskError(BaseModel):
    type: str
    message: str
    traceback: str


class TaskCreated(BaseModel):
    id: str
    job: UUID
    state: str


class Preview(BaseModel):
    """An argument or a result as a page can show it: `value`, unless `note` says why not."""

    size: Annotated[int, Field(description="Bytes of the runtime's own encoding.")]
    value: Annotated[Any, Field(description="As JSON (tuples are lists); of a WebAssembly module its text.")] = None
    base64: Annotated[str | None, Field(description="The first bytes of what is no value JSON could show.")] = None
    note: str = ""


class Task(BaseModel):
    id: str
    job: UUID
    index: int
    state: str
    outcome: str | None = None
    error: TaskError | None = None
    error_bound: Annotated[float | None, Field(description="Stated chance that the outcome is wrong.")] = None
    votes: list[Vote] = []
    cost_micros: int = 0
    disputes: Annotated[list[int], Field(description="Disputes on it that ended: GET /api/disputes/{id}.")] = []
    argument: Annotated[Preview | None, Field(description="What it was given.")] = None
    result: Annotated[Preview | None, Field(description="The accepted value; null for everything else.")] = None


class TaskRow(BaseModel):
    """A task in the table of its job."""

    index: Annotated[int, Field(description="Its place in the job's input order.")]
    id: str
    state: Annotated[
        Literal["queued", "voting", "disputed", "verified", "failed", "cancelled"],
        Field(description="The first three are of open tasks: as far as the market knows now."),
    ]
    votes: Annotated[int, Field(description="Of an ended task.")]
    agreed: Annotated[int, Field(description="Votes for what was accepted: those that are paid.")]
    cost_micros: int
    error_bound: float | None
    error: Annotated[str, Field(description="Type and message of an error, shortened; empty: none.")]
    disputed: Annotated[bool, Field(description="Votes on it differ, or differed.")]


class TaskRows(BaseModel):
    """Some tasks of a job in input order. `next` is the place to go on from; null after the last."""

    job: UUID
    total: Annotated[int, Field(description="All tasks of the job, whatever was asked for.")]
    items: list[TaskRow]
    next: int | None


class DisputeVote(BaseModel):
    node: UUID | None
    digest: Digest
    weight: float
    paid: bool
    mine: bool


class Contest(BaseModel):
    """What became of one's own contest. `overturned`: the vote was right after all, and is paid."""

    state: Literal["waiting", "upheld", "overturned"]
    created_at: datetime
    decided_at: datetime | None
    truth: Annotated[Digest | None, Field(description="What the operator's referee computed.")]
    paid_micros: int


class Dispute(BaseModel):
    """A dispute that ended, with its evidence."""

    id: int
    task: str
    job: UUID
    index: int
    opened_at: datetime
    resolved_at: datetime
    how: Literal["referee", "panel", "exhausted", "gave_up", "cancelled"]
    accepted: Annotated[Digest | None, Field(description="The digest that was accepted; null when the task failed.")]
    truth: Annotated[Digest | None, Field(description="The digest a referee computed; null when none was asked.")]
    votes: list[DisputeVote]
    contestable_until: Annotated[
        datetime | None, Field(description="Until when the caller may contest it; null when they may not.")
    ]
    contest: Annotated[Contest | None, Field(description="The caller's own.")]


class DisputePage(Page):
    items: list[Dispute]


class NodeOrder(Request):
    name: Line
    cores: Annotated[int | None, Field(ge=1, le=MAX_CORES)] = None
    memory_bytes: Annotated[int | None, Field(ge=0, le=MAX_INT)] = None
    runtimes: Annotated[list[Line], Field(max_length=MAX_RUNTIMES)] = []
    platform: Annotated[str, Field(max_length=MAX_NAME_CHARS, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class NodeStatusOrder(Request):
    status: NodeStatus


class NodeName(Request):
    name: Line


class Node(BaseModel):
    id: UUID
    name: str
    status: NodeStatus
    cores: int | None
    memory_bytes: int | None
    runtimes: list[str]
    speed: float | None
    platform: str | None
    gpu: str
    country: str
    floor_micros_per_h: int
    network: Annotated[str, Field(description="Where it connects from, coarsely; replicas of a task avoid the same.")]
    referee: Annotated[str, Field(description="Empty for a voter; '*' or a job's id for a judge.")]
    kind: Annotated[Literal["browser", "native"] | None, Field(description="Null until it has connected once.")]
    votes_paid: Annotated[int, Field(description="Votes that agreed and were credited, ever.")]
    votes_rejected: Annotated[int, Field(description="Votes that disagreed with what was accepted, ever.")]
    agreement: Annotated[float | None, Field(description="Share of its judged votes that agreed; null: none yet.")]
    expelled: Annotated[list[str], Field(description="Runtimes it gets no more work in: too many wrong answers.")]
    earned_micros: Annotated[int, Field(description="Ever, without what contested disputes brought.")]
    earned_24h_micros: Annotated[int, Field(description="The same in the last 24 full hours and this one.")]
    online: bool
    accepting: bool | None
    reason: str | None
    load: float | None
    last_seen_at: datetime | None
    created_at: datetime


class NodePage(Page):
    items: list[Node]


class Blob(BaseModel):
    digest: str
    size: int
