"""What the product asks of Stripe, step by step, against a sandbox of Stripe's (a test key) or against the simulator.

It uses the coordinator's own rails, moves no money, and leaves an open checkout session and a closed account behind.
What needs a person (paying, onboarding) and what needs Stripe to call us (webhooks) it does not try.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import stripe

from we1web.coordinator import stripe_accounts
from we1web.coordinator.funding import Funding
from we1web.coordinator.fundings.stripe import StripeFunding
from we1web.coordinator.payout_rail import Later, Never, Order
from we1web.coordinator.payout_rails.stripe import StripePayouts
from we1web.coordinator.stripe_client import StripeRail, asking
from we1web.domain.funding import State
from we1web.protocol.errors import We1webError

SITE = "https://we1web.example"
TEN_UNITS = 10_000_000


class Step(NamedTuple):
    """One thing that was tried."""

    name: str
    ok: bool
    said: str


class Unexpected(AssertionError):
    """Stripe answered, and not as the product expects."""


@dataclass
class Smoke:
    """One run; its id makes idempotency keys that no other run used."""

    rail: StripeRail
    run: UUID
    now: datetime
    country: str = "DE"
    currency: str = "eur"
    account: str = ""

    async def steps(self) -> list[Step]:
        """All of them in order; one that fails does not keep the later ones from being tried."""
        tried: list[tuple[str, Callable[[], Awaitable[str]]]] = [
            ("the key is a test key", self._balance),
            ("a checkout session is opened once", self._session),
            ("a recipient is created once", self._recipient),
            ("it can be onboarded", self._onboarding),
            ("it is not active before that", self._standing),
            ("its payouts are set to daily", self._schedule),
            ("nothing is transferred to it yet", self._refused),
            ("balance transactions are listed", self._movements),
            ("it is closed", self._close),
        ]
        return [await _try(name, step) for name, step in tried]

    async def _balance(self) -> str:
        with asking():
            balance = await self.rail.client.v1.balance.retrieve_async()
        _expect(not balance.livemode, "this is live money")
        return f"{len(balance.available)} currencies"

    async def _session(self) -> str:
        names, nothing = (self.run, self.run, "stripe", self.currency), (None, None, None, None)
        funding = Funding(*names, TEN_UNITS, 0, State.OPEN, 0, 0, *nothing, self.now)
        rail = StripeFunding(self.rail, SITE)
        first, again = await rail.open(funding), await rail.open(funding)
        _expect(first.session_id == again.session_id, "one key made two sessions")
        _expect(bool(first.url), "the session has no page")
        return str(first.session_id)

    async def _recipient(self) -> str:
        first, again = [
            await stripe_accounts.create(self.rail, self.run, "smoke@we1web.example", self.country) for _ in range(2)
        ]
        _expect(first == again, "one key made two accounts")
        self.account = first
        return first

    async def _onboarding(self) -> str:
        url = await stripe_accounts.onboarding_url(self.rail, self.account, f"{SITE}/wallet?account={self.run}")
        _expect(url.startswith("http"), "the link is no address")
        return "a link"

    async def _standing(self) -> str:
        standing = await stripe_accounts.read(self.rail, self.account)
        _expect(standing.status in ("pending", "restricted"), f"it is {standing.status}")
        return f"{standing.status}: {', '.join(standing.wants)}"

    async def _schedule(self) -> str:
        await stripe_accounts.pay_out_daily(self.rail, self.account)
        return "daily"

    async def _refused(self) -> str:
        order = Order(
            self.run, self.run, "stripe", self.currency, TEN_UNITS, 0, self.account, 0, False, self.now, self.now
        )
        answer = await StripePayouts(self.rail).send(order, self.now)
        _expect(isinstance(answer, Later | Never), f"it was sent: {answer}")
        return f"{type(answer).__name__}: {getattr(answer, 'reason', '')}"

    async def _movements(self) -> str:
        with asking():
            page = await self.rail.client.v1.balance_transactions.list_async({"limit": 3})
        return f"{len(page.data)} shown"

    async def _close(self) -> str:
        with asking():
            closed = await self.rail.client.v2.core.accounts.close_async(
                self.account, {"applied_configurations": ["recipient"]}
            )
        _expect(bool(getattr(closed, "closed", False)), "it is still open")
        return self.account


async def _try(name: str, step: Callable[[], Awaitable[str]]) -> Step:
    try:
        return Step(name, True, await step())
    except (We1webError, stripe.StripeError, Unexpected) as error:
        return Step(name, False, f"{type(error).__name__}: {error}")


def _expect(holds: bool, else_: str) -> None:
    if not holds:
        raise Unexpected(else_)
