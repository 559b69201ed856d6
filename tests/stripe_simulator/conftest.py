"""A simulated Stripe on a clock of its own, served on this machine, and the real stripe package as its client."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from we1web.testing.stripe_simulator.server import serving
from we1web.testing.stripe_simulator.simulator import Simulator

START = 1_900_000_000
DAY_S = 86_400


@dataclass
class Stage:
    """The simulator, where it serves, and a client."""

    simulator: Simulator
    url: str
    client: stripe.StripeClient

    async def fund(self, amount: int = 10_000, currency: str = "usd", **payment: Any) -> Any:
        """A checkout session that somebody has paid."""
        session = await self.session(amount, currency)
        self.simulator.world.pay(session.id, **payment)
        return await self.client.v1.checkout.sessions.retrieve_async(session.id)

    async def session(self, amount: int = 10_000, currency: str = "usd") -> Any:
        price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Funding"}}
        return await self.client.v1.checkout.sessions.create_async(
            {
                "mode": "payment",
                "success_url": "https://we1web.example/paid?session={CHECKOUT_SESSION_ID}",
                "client_reference_id": "funding-1",
                "metadata": {"funding": "1"},
                "line_items": [{"quantity": 1, "price_data": price}],
                "payment_intent_data": {"metadata": {"funding": "1"}, "transfer_group": "funding-1"},
            }
        )

    async def recipient(self, country: str = "us", *, onboarded: bool = True, **bank: Any) -> str:
        """The id of a connected account."""
        transfers = {"stripe_balance": {"stripe_transfers": {"requested": True}}}
        account = await self.client.v2.core.accounts.create_async(
            {
                "contact_email": "ada@we1web.example",
                "dashboard": "express",
                "identity": {"country": country, "entity_type": "individual"},
                "configuration": {"recipient": {"capabilities": transfers}},
                "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
                "include": ["configuration.recipient", "requirements", "identity", "defaults"],
            }
        )
        if onboarded:
            self.simulator.world.onboard(account.id, **bank)
        return account.id

    async def transfer(self, account: str, amount: int = 1_000, currency: str = "usd", key: str | None = None) -> Any:
        told = {"amount": amount, "currency": currency, "destination": account, "transfer_group": "payout:1"}
        return await self.client.v1.transfers.create_async(told, {"idempotency_key": key} if key else None)


def client(url: str, key: str = "sk_test_1", retries: int = 0, timeout: float = 5.0) -> stripe.StripeClient:
    http = stripe.HTTPXClient(timeout=timeout)
    return stripe.StripeClient(key, base_addresses={"api": url}, http_client=http, max_network_retries=retries)


async def refused(asked: Awaitable[Any]) -> tuple[int, str | None]:
    """Status and code of a request that must be refused."""
    with pytest.raises(stripe.StripeError) as caught:
        await asked
    error = caught.value
    return error.http_status, error.code or (error.error.code if error.error else None)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    simulator = Simulator(now=lambda: START)
    async with serving(simulator) as url:
        yield Stage(simulator, url, client(url))
    assert simulator.off_spec == []
    assert_books_agree(simulator)


def assert_books_agree(simulator: Simulator) -> None:
    from we1web.testing.stripe_simulator.balances import sums

    for account, (held, booked) in sums(simulator.state).items():
        assert held == booked, account


Refused = Callable[[Awaitable[Any]], Awaitable[tuple[int, str | None]]]
