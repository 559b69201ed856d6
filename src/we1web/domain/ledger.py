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
    """Everything outside: goes negative when money comes in."""
    WALLET = "wallet"
    """What a user can spend on jobs."""
    ESCROW = "escrow"
    """What a job may still cost."""
    EARNINGS = "earnings"
    """What a contributor has earned."""
    FEES = "fees"
    """The platform's share."""


_OWNED = frozenset({AccountKind.WALLET, AccountKind.EARNINGS})


class Unbalanced(AssertionError):
    """Postings that are no transaction: a bug in a recipe, never a user's fault."""


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Names an account; the store opens it when it is first used."""

    kind: AccountKind
    owner: UUID | None = None
    job: UUID | None = None
    currency: str = DEFAULT_CURRENCY

    def __post_init__(self) -> None:
        owned, escrow = self.kind in _OWNED, self.kind == AccountKind.ESCROW
        if (self.owner is not None) != owned or (self.job is not None) != escrow:
            raise Unbalanced(f"{self.kind} account with owner {self.owner} and job {self.job}")


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
        lines = sorted(
            f"{account.kind}|{account.owner}|{account.job}|{account.currency}|{amount}"
            for account, amount in self.postings
        )
        return sha256("\n".join([self.kind, *lines]).encode()).digest()
