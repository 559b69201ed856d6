"""What a node's session asks its shell to do, or tells it. Values only: nothing here may act."""

from enum import StrEnum
from typing import NamedTuple

from we1web.protocol.messages import Completed, JobInfo, Lease


class End(StrEnum):
    """How a lease ended. Every lease the application was given ends exactly once, in one of these ways."""

    ACKNOWLEDGED = "acknowledged"
    """The report is durable at the coordinator."""
    REFUSED = "refused"
    """The report counted for nothing; the code says why."""
    CANCELLED = "cancelled"
    """The coordinator took the bundle back; stop working on it."""
    DROPPED = "dropped"
    """After a reconnect the coordinator did not want the bundle any more."""
    EXPIRED = "expired"
    """The deadline passed before there was a result; the coordinator gave the bundle to another node."""
    RETURNED = "returned"
    """The node itself gave the bundle back."""


class Send(NamedTuple):
    """Put this frame on the wire, after those before it."""

    frame: bytes


class Ready(NamedTuple):
    """Registered, or the node's status changed while it works."""

    node: str
    name: str
    status: str


class Leased(NamedTuple):
    """A bundle to run; `deadline` is a time of the shell's clock, in seconds."""

    lease: Lease
    job: JobInfo
    deadline: float


class Extended(NamedTuple):
    """The lease survived a reconnect and has a new deadline."""

    bundle: int
    deadline: float


class Ended(NamedTuple):
    """The lease is over: stop what still runs for it and forget it."""

    bundle: int
    end: End
    code: str = ""


class Judged(NamedTuple):
    """Votes of this node were judged; the message says what they earned."""

    completed: Completed


class Problem(NamedTuple):
    """The other side refused something, or broke a rule. A fatal one is followed by a Hangup."""

    code: str
    message: str
    hint: str = ""
    fatal: bool = False


class Hangup(NamedTuple):
    """Close the connection. `drained`: on purpose, there is nothing left to do."""

    close_code: int
    reason: str
    drained: bool = False


Effect = Send | Ready | Leased | Extended | Ended | Judged | Problem | Hangup
