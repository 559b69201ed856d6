"""What the coordinator answers, as typed values. Fields it adds tomorrow are ignored today."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from we1web.sdk.errors import BadAnswer

Model = TypeVar("Model")


class Job(Struct, frozen=True):
    id: str
    name: str
    runtime: str
    policy: str
    strategy: str
    state: str
    total: int
    verified: int
    failed: int
    executions: int
    price_micros: int
    budget_micros: int
    spent_micros: int
    currency: str
    created_at: str
    closed_at: str | None = None
    ended_at: str | None = None
    waiting: str = ""
    epsilon: float | None = None
    validator: str = "exact"
    weight: float = 1.0
    priority: int = 0
    redundancy: float | None = None
    """Executions per ended task."""
    expected_wrong: float | None = None
    """Wrong results to expect among the accepted ones, from the records of who voted."""
    worst_case_wrong: float | None = None
    """At most so many, whatever liars who act alone do until they are caught; None: no bound."""
    singles: int = 0
    """Accepted results that rest on one vote."""
    referee_runs: int = 0
    purpose: str = ""

    @property
    def ended(self) -> bool:
        return self.state in ("done", "cancelled")


class JobPage(Struct, frozen=True):
    items: list[Job]
    next_cursor: str | None = None


class Estimate(Struct, frozen=True):
    n: int
    quorum: int
    estimate_micros: int
    """What it costs when nobody disagrees."""
    budget_micros: int
    """What we suggest to hold: disputes included."""
    fee_micros: int
    currency: str
    bonuses_micros: int = 0
    """What comes on top when everybody is in time for the bonus."""


class PriceSuggestion(Struct, frozen=True):
    """What one vote should pay, by what an hour of one core lately earned."""

    task_s: float
    price_micros: int
    micros_per_core_hour: float
    core_hours: float
    currency: str
    earned_micros_per_core_hour: float | None = None
    """None: nothing was measured, the price is the operator's default."""


class Vote(Struct, frozen=True):
    """One contributor's say on one task."""

    node: str | None
    agreed: bool
    weight: float
    fast: bool = False
    """It came in time for the job's bonus."""


class ResultItem(Struct, frozen=True):
    task: str
    index: int
    state: str
    outcome: bytes | None
    votes: list[Vote]
    error_bound: float | None = None
    """What the policy states as the chance that it is wrong; None when nothing was accepted."""


class ResultPage(Struct, frozen=True):
    items: list[ResultItem]
    next_cursor: str | None = None


class DisputeVote(Struct, frozen=True):
    """One vote of a dispute. Digests are hex."""

    node: str | None
    digest: str
    weight: float
    paid: bool
    mine: bool


class Contest(Struct, frozen=True):
    """One's own: 'waiting' for a referee, then 'upheld' (the decision stands) or 'overturned' (paid after all)."""

    state: str
    created_at: str
    decided_at: str | None = None
    truth: str | None = None
    paid_micros: int = 0


class Dispute(Struct, frozen=True):
    """A dispute that ended, with its evidence."""

    id: int
    task: str
    job: str
    index: int
    opened_at: str
    resolved_at: str
    how: str
    accepted: str | None
    truth: str | None
    votes: list[DisputeVote]
    contestable_until: str | None = None
    contest: Contest | None = None


class DisputePage(Struct, frozen=True):
    items: list[Dispute]
    next_cursor: str | None = None


class Balance(Struct, frozen=True):
    currency: str
    wallet_micros: int
    earnings_micros: int
    held_micros: int


class Balances(Struct, frozen=True):
    balances: list[Balance]


class User(Struct, frozen=True):
    id: str
    email: str
    display_name: str | None = None


class Session(Struct, frozen=True):
    """Who a token speaks for."""

    user: User
    scopes: list[str]
    is_operator: bool = False
    expires_at: str | None = None


class Tokens(Struct, frozen=True):
    """A login: the access token works until `expires_at` (seconds since 1970), the refresh token gets the next one."""

    access_token: str
    refresh_token: str
    expires_at: int


class Login(Struct, frozen=True):
    user: User
    session: Tokens


class ApiToken(Struct, frozen=True):
    id: str
    name: str
    scopes: list[str]
    created_at: str
    last_used_at: str | None = None
    token: str | None = None
    """The secret, in the answer that creates it and never again."""


class ApiTokens(Struct, frozen=True):
    items: list[ApiToken]


class Nothing(Struct, frozen=True):
    """An answer whose content does not matter."""


def decode(content: bytes, kind: type[Model], *, msgpack: bool = False) -> Model:
    """An answer's content as `kind`. Raises BadAnswer."""
    try:
        return msgspec.msgpack.decode(content, type=kind) if msgpack else msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadAnswer(f"an answer of the coordinator does not fit: {str(error)[:200]}") from None


def read_json(content: bytes) -> Any:
    """An answer's JSON, or None when it is none."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
