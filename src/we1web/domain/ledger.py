"""Double entry: accounts, postings, and transactions that cannot be unbalanced.

Positive means that the platform owes the account that much. Nothing is ever changed: a correction is a new transaction.
Which business event becomes which postings stands in recipes.py, nowhere else.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from we1web.domain.money import DEFAULT_CURRENCY


class AccountKind(StrEnum):
    WORLD = "world"
    """Outside, where no rail keeps count: an operator's credits, what a bank paid by hand. Negative: money came in."""
    WALLET = "wallet"
    """What a user can spend on jobs."""
    ESCROW = "escrow"
    """What a job may still cost."""
    EARNINGS = "earnings"
    """What a contributor has earned."""
    DEBT = "debt"
    """What a user owes after a payment was taken back that had been spent: never above zero."""
    POOL = "pool"
    """A pool's treasury: its commission."""
    POT = "pot"
    """What a pool will split equally among its members."""
    FEES = "fees"
    """The platform's share."""
    CLEARING = "clearing"
    """Minus what a rail holds for us."""
    COSTS = "costs"
    """What a rail charged us: negative."""
    IN_FLIGHT = "in_flight"
    """Payouts and refunds on their way to a rail."""
    FX = "fx"
    """The platform's position in a currency, from converting for others: either sign."""
    ROUNDING = "rounding"
    """Fractions of a micro-unit that conversions left over: either sign."""


_PLACES = {
    AccountKind.WALLET: "owner",
    AccountKind.EARNINGS: "owner",
    AccountKind.DEBT: "owner",
    AccountKind.ESCROW: "job",
    AccountKind.POOL: "pool",
    AccountKind.POT: "pool",
    AccountKind.CLEARING: "rail",
    AccountKind.COSTS: "rail",
    AccountKind.IN_FLIGHT: "rail",
}
"""What names an account of a kind beside its currency; kinds that are not here have one account per currency."""


class ActorKind(StrEnum):
    USER = "user"
    OPERATOR = "operator"
    MARKET = "market"
    """The journal, when votes are settled."""
    RAIL = "rail"
    """A payment provider told us."""
    LOOP = "loop"
    """A background duty."""


class Actor(NamedTuple):
    """Who moves money, and why: kept with every transaction, for ever."""

    kind: ActorKind
    id: str
    """A user's id, a rail's or a duty's name."""
    cause: str
    """What made them do it: a request, a flush of the journal, a notice of a rail."""


class Unbalanced(AssertionError):
    """Postings that are no transaction: a bug in a recipe, never a user's fault."""


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Names an account; the store opens it when it is first used."""

    kind: AccountKind
    owner: UUID | None = None
    job: UUID | None = None
    currency: str = DEFAULT_CURRENCY
    pool: UUID | None = None
    rail: str | None = None

    def __post_init__(self) -> None:
        named = [place for place in ("owner", "job", "pool", "rail") if getattr(self, place) is not None]
        place = _PLACES.get(self.kind)
        if named != ([] if place is None else [place]):
            raise Unbalanced(f"a {self.kind} account is named by its {place or 'currency'}, not by {named}")


class Posting(NamedTuple):
    account: AccountRef
    amount: int
    """Micro-units; positive: the account is owed more afterwards."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """Postings that happen together. `key` makes it happen once, however often it is sent."""

    key: str
    kind: str
    postings: tuple[Posting, ...]
    meta: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sums: defaultdict[str, int] = defaultdict(int)
        for account, amount in self.postings:
            if type(amount) is not int or amount == 0:
                raise Unbalanced(f"{self.key}: {amount!r} is no amount to post")
            sums[account.currency] += amount
        if not self.key or not self.postings or any(sums.values()):
            raise Unbalanced(f"{self.key!r}: {dict(sums)} over {len(self.postings)} postings")
        if len({posting.account for posting in self.postings}) != len(self.postings):
            raise Unbalanced(f"{self.key}: an account is posted to twice")

    @property
    def fingerprint(self) -> bytes:
        """32 bytes that differ when the same key is used for something else."""
        lines = sorted(_line(posting) for posting in self.postings)
        return sha256("\n".join([self.kind, *lines]).encode()).digest()


def _line(posting: Posting) -> str:
    """Older accounts keep the text they were posted with, so that an old key still matches itself."""
    account, amount = posting
    place = account.pool or account.rail
    line = f"{account.kind}|{account.owner}|{account.job}|{account.currency}|{amount}"
    return line if place is None else f"{line}|{place}"
