"""The whole state of one simulated Stripe, and how objects come into it."""

import string
from dataclasses import dataclass, field
from random import Random
from typing import Any

from we1web.testing.stripe_simulator.account import Account
from we1web.testing.stripe_simulator.checking import Checker
from we1web.testing.stripe_simulator.clock import Clock
from we1web.testing.stripe_simulator.endpoint import Endpoint
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.store import PLATFORM, Body, Store, Stored

LETTERS = string.ascii_letters + string.digits
ID_LETTERS = 24


@dataclass(slots=True)
class Balance:
    """What an account holds in one currency, in minor units."""

    available: int = 0
    pending: int = 0


@dataclass(frozen=True)
class Call:
    """One accepted request, as an operation sees it."""

    parameters: Body
    owner: str
    """The platform, or the connected account in whose name it asks."""
    ids: tuple[str, ...] = ()
    """The ids in its path."""
    base_url: str = "http://127.0.0.1"
    """Where this simulator serves its own pages."""


@dataclass
class State:
    """What every operation reads and changes. Lives in one thread."""

    checker: Checker
    clock: Clock
    rng: Random
    store: Store = field(default_factory=Store)
    accounts: dict[str, Account] = field(default_factory=dict)
    balances: dict[tuple[str, str], Balance] = field(default_factory=dict)
    settings: dict[str, Body] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    links: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Token of an onboarding link → the account, where to go afterwards, and until when it is good."""
    unsent: list[Stored] = field(default_factory=list)
    """Events that no endpoint has been asked about yet."""
    off_spec: list[str] = field(default_factory=list)
    """What this simulator answered or told against the description: bugs of its own. Tests look at it."""
    platform_schedule: str = "manual"
    refunds_wait: bool = False
    """New refunds stay pending until the world says what became of them."""

    def now(self) -> int:
        return self.clock.now()

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_" + "".join(self.rng.choices(LETTERS, k=ID_LETTERS))

    def make(self, kind: str, owner: str, prefix: str, *, hidden: dict[str, Any] | None = None, **fields: Any) -> Body:
        """A new object of a kind: blank except for these fields."""
        body = self.checker.blank(kind)
        body["id"] = self.new_id(prefix)
        if "created" in body:
            body["created"] = self.now()
        body.update(fields)
        self.store.add(owner, body, hidden or {})
        return body

    def balance(self, owner: str, currency: str) -> Balance:
        return self.balances.setdefault((owner, currency), Balance())

    def hidden(self, id_: str) -> dict[str, Any]:
        stored = self.store.get(id_)
        assert stored is not None, id_
        return stored.hidden

    def account(self, id_: str, param: str = "account") -> Account:
        """Raises StripeRefusal."""
        found = self.accounts.get(id_)
        if found is None:
            raise invalid(f"No such account: '{id_[:100]}'", "resource_missing", param, 404)
        return found

    def require_available(self, owner: str, currency: str, amount: int) -> None:
        """Raises StripeRefusal with the code that Stripe has for it."""
        if self.balance(owner, currency).available < amount:
            whose = "your Stripe account" if owner == PLATFORM else "the connected account"
            raise invalid(f"You have insufficient available funds in {whose}.", "balance_insufficient", "amount")
