"""Every message between a node or requester and the coordinator, as msgspec structs.

On the wire a message is an array whose first element is its tag; fields keep their order for ever and new ones are
appended with a default. Times are relative (milliseconds or seconds, as the name says) because clocks differ.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from we1web.protocol import limits

Name = Annotated[str, Meta(max_length=limits.MAX_NAME_CHARS, pattern=r"^[^\x00]*$")]
"""Text that may be stored: no database keeps a NUL."""

Detail = Annotated[str, Meta(max_length=limits.MAX_DETAIL_CHARS)]
Uuid = Annotated[str, Meta(max_length=36)]
Code = Annotated[str, Meta(max_length=64)]
Count = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
Bundle = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
"""A bundle is named by the id of its first task: chunk << 20 | index in the chunk."""

Bundles = Annotated[list[Bundle], Meta(max_length=limits.MAX_WINDOW)]
Digest = Annotated[bytes, Meta(min_length=32, max_length=32)]
Country = Annotated[str, Meta(pattern="^([A-Z]{2})?$")]
Blob = Annotated[bytes, Meta(max_length=limits.INLINE_BYTES + 64)]
"""An encoded argument or outcome (see outcome.py): inline bytes, or the name of a blob."""


class Hello(Struct, array_like=True, frozen=True, tag="hello"):
    """First message of every connection."""

    versions: Annotated[list[int], Meta(max_length=16)]
    token: Annotated[str, Meta(max_length=limits.MAX_TOKEN_BYTES)]
    software: Name = ""


class Held(Struct, array_like=True, frozen=True):
    """Leases a node still holds from an earlier connection, with the coordinator's proof that it gave them."""

    grant: Annotated[bytes, Meta(max_length=64)]
    granted: Bundles
    """All bundles of the frame the grant covers, in its order."""
    held: Bundles
    """Those of them that the node is still working on or has not seen acknowledged."""


class Register(Struct, array_like=True, frozen=True, tag="node:register"):
    """What a node is. `node` is empty the first time; the answer names it and the node keeps the name."""

    node: Uuid
    name: Name
    cores: Annotated[int, Meta(ge=1, le=limits.MAX_CORES)]
    memory_bytes: Count
    runtimes: Annotated[list[Name], Meta(max_length=limits.MAX_RUNTIMES)]
    """Exact runtime ids, for example 'wasm-1' and 'pyodide-314.0.7-1a2b3c4d'."""
    speed: Annotated[float, Meta(ge=0, le=1e9)]
    """Benchmark score: million abstract operations a second on one core. A hint, never trusted."""
    window: Annotated[int, Meta(ge=1, le=limits.MAX_WINDOW)]
    """How many leases the node wants to hold at once, running and prefetched."""
    platform: Name = ""
    resume: Annotated[list[Held], Meta(max_length=limits.MAX_WINDOW)] = msgspec.field(default_factory=list)
    gpu: Name = ""
    """Its graphics processor, in words; empty: none that tasks may use."""
    country: Country = ""
    """ISO 3166-1 alpha-2 in capitals, as its owner says; empty: not told."""
    floor_micros_per_h: Count = 0
    """What its owner wants at least for an hour of one core, in micro-units."""
    cached: Annotated[list[Digest], Meta(max_length=limits.MAX_CACHED)] = msgspec.field(default_factory=list)
    """Blobs it has already: a hint that saves transfers, never trusted."""
    referee: Name = ""
    """Not a voter but a judge: '*' on the operator's own machines, or the id of one's own job; empty for all others."""


class Heartbeat(Struct, array_like=True, frozen=True, tag="node:heartbeat"):
    """Sent every `heartbeat_s`; also the way a node says that it pauses, and why."""

    running: Count
    queued: Count
    load: Annotated[float, Meta(ge=0, le=1e6)]
    """Share of the offered cores in use, 0 to 1."""
    accepting: bool = True
    """False: no new leases, please (paused or draining); what is held is still finished."""
    reason: Name = ""
    rtt_ms: Annotated[float, Meta(ge=0, le=1e6)] = 0.0
    """Round trip of the connection as the node measures it; 0: unknown. A hint, never trusted."""


class Report(Struct, array_like=True, frozen=True):
    """The outcomes of one bundle, in task order from its first task on."""

    bundle: Bundle
    outcomes: Annotated[list[Blob], Meta(min_length=1, max_length=limits.MAX_TASKS_PER_BUNDLE)]
    run_us: Count
    """Wall time of the whole bundle on the node, microseconds."""


class Complete(Struct, array_like=True, frozen=True, tag="task:complete"):
    """Results. Kept by the node and sent again after a reconnect until `seq` is acknowledged."""

    seq: Count
    reports: Annotated[list[Report], Meta(max_length=limits.MAX_REPORTS_PER_FRAME)]


class Failed(Struct, array_like=True, frozen=True, tag="task:failed"):
    """Bundles the node could not run and gives back: the fault is not the task's."""

    bundles: Bundles
    code: Code
    detail: Detail = ""


class Drain(Struct, array_like=True, frozen=True, tag="node:drain"):
    """The node leaves politely: no new leases; it closes when what it holds is reported and acknowledged."""

    reason: Name = ""


class Subscribe(Struct, array_like=True, frozen=True, tag="job:subscribe"):
    """A requester wants a job's results as they are agreed; those already agreed come first."""

    job: Uuid


class Unsubscribe(Struct, array_like=True, frozen=True, tag="job:unsubscribe"):
    job: Uuid


ClientMessage = Hello | Register | Heartbeat | Complete | Failed | Drain | Subscribe | Unsubscribe


class Welcome(Struct, array_like=True, frozen=True, tag="welcome"):
    """The coordinator accepted the hello: the version both speak."""

    version: int
    heartbeat_s: float
    software: str


class Registered(Struct, array_like=True, frozen=True, tag="node:registered"):
    node: str
    name: str
    status: str
    """'active', 'paused' (by its owner, from afar) or 'expelled'."""
    honoured: list[int]
    """Resumed bundles that are still wanted; the node drops the others."""


class Limits(Struct, array_like=True, frozen=True):
    """What one task may use."""

    wall_ms: int
    memory_bytes: int
    output_bytes: int
    instructions: int
    """Metered instructions (wasm only); 0 means the runtime does not meter."""


class JobInfo(Struct, array_like=True, frozen=True):
    """What all tasks of a job share; sent once per connection, before the first lease that needs it."""

    job: int
    runtime: str
    program: bytes
    """SHA-256 digest of the program blob."""
    entry: str
    limits: Limits
    requester: str = ""
    """Public name of whose job it is; empty: they gave none."""
    name: str = ""
    """What the requester calls the job."""
    purpose: str = ""
    """A line of the requester's for those whose devices do the work."""


class Lease(Struct, array_like=True, frozen=True):
    """One bundle to run: fresh interpreter or instance, tasks in order."""

    bundle: int
    job: int
    arguments: list[bytes]
    deadline_ms: int
    """Time from now until the coordinator gives the bundle to another node."""


class Refusal(Struct, array_like=True, frozen=True):
    """A reported bundle that counted for nothing, and why."""

    bundle: int
    code: str


class Assigned(Struct, array_like=True, frozen=True, tag="task:assigned"):
    """Leases, and acknowledgements on their way. May be empty of either."""

    ack: int
    """Every `task:complete` up to this sequence number is durable."""
    leases: list[Lease] = msgspec.field(default_factory=list)
    jobs: list[JobInfo] = msgspec.field(default_factory=list)
    grant: bytes = b""
    """Keyed MAC over the node and the bundles of this frame: with it the leases survive the coordinator."""
    refused: list[Refusal] = msgspec.field(default_factory=list)


class Cancel(Struct, array_like=True, frozen=True, tag="task:cancel"):
    """Stop working on these bundles; nothing is owed and nothing is wanted for them."""

    bundles: list[int]
    code: str


class Completed(Struct, array_like=True, frozen=True, tag="task:completed"):
    """Agreed tasks of one job, sent after they became durable.

    To the requester: one entry of each list per task, outcomes included. To a contributing node: how many of its votes
    were judged and what they earned, with empty lists.
    """

    job: str
    indexes: list[int] = msgspec.field(default_factory=list)
    """Places of the tasks in the job's input order."""
    states: list[str] = msgspec.field(default_factory=list)
    """Per task: 'verified', 'failed' or 'cancelled'."""
    outcomes: list[bytes] = msgspec.field(default_factory=list)
    votes: list[int] = msgspec.field(default_factory=list)
    """Per task: how many owners voted."""
    paid: int = 0
    """Of the node's votes: those that agreed and are credited."""
    rejected: int = 0
    """Of the node's votes: those that disagreed with the accepted outcome."""
    earned_micros: int = 0
    """What its owner was credited: a pool's commission is not in it."""
    pooled_micros: int = 0
    """What went into the pot of the owner's pool, to be split equally among its members."""


class JobProgress(Struct, array_like=True, frozen=True, tag="job:progress"):
    job: str
    state: str
    total: int
    verified: int
    failed: int
    spent_micros: int
    executions: int
    waiting: str = ""
    """Why nothing runs, in words; empty while something does."""


class PaymentProcessed(Struct, array_like=True, frozen=True, tag="payment:processed"):
    """A payout of the connection's user reached another state, sent after it became durable."""

    payout: str
    state: str
    """'transferred', 'paid', 'failed' or 'returned'."""
    currency: str
    gross_micros: int
    """What left the earnings."""
    net_micros: int
    """What is paid, after the fee."""
    reason: str = ""
    """Why it failed or came back: a code."""


class ErrorMessage(Struct, array_like=True, frozen=True, tag="error"):
    """A refusal. `fatal` ones are followed by the close of the connection."""

    code: str
    message: str
    hint: str = ""
    fatal: bool = False


ServerMessage = Welcome | Registered | Assigned | Cancel | Completed | JobProgress | ErrorMessage | PaymentProcessed
