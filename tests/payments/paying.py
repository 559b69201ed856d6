"""A coordinator, a simulated Stripe and a clock that can be moved, to pay people with. Loops run when told to."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
from pydantic import SecretStr
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Person, Site, no_loops, run
from tests.moved_clock import MovedClock
from tests.simulated_stripe import simulated
from tests.storage.rows import BY

from we1web.coordinator.actions.payout_reading import rails_of
from we1web.coordinator.loops.loop import run_once
from we1web.coordinator.loops.payout_plans import PayoutPlans
from we1web.coordinator.loops.payout_reads import PayoutReads
from we1web.coordinator.loops.payout_sender import PayoutSender
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import transfers
from we1web.domain.currency import to_minor, whole_minor
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction
from we1web.testing.stripe_simulator.simulator import Simulator

_numbers = itertools.count(1)
IBAN = "DE89370400440532013000"
COUNTRIES = {"usd": "US", "eur": "DE", "gbp": "GB", "jpy": "JP", "kwd": "KW"}


@dataclass
class Desk:
    """Everything a test needs to pay people."""

    site: Site
    stripe: Simulator
    clock: MovedClock
    clients: list[httpx2.AsyncClient] = field(default_factory=list)

    def __post_init__(self) -> None:
        rails = rails_of(self.services)
        self.sender = PayoutSender(self.services, rails)
        self.reads = PayoutReads(self.services, rails)
        self.plans = PayoutPlans(self.services)

    @property
    def services(self) -> Services:
        return self.site.app.services

    def advance(self, **time: float) -> None:
        """Both clocks, ours and Stripe's."""
        self.clock.advance(**time)
        self.stripe.advance(timedelta(**time).total_seconds())

    async def send(self) -> int:
        """One turn of the sender, until all it reserved is recorded."""
        done = await run_once(self.services, self.sender)
        await self.sender.finish()
        return done

    async def send_all(self, turns: int = 200) -> None:
        """Turns until nothing is on its way to a rail; waiting is done by moving the clock."""
        for _ in range(turns):
            if not await self.send():
                if not await self.fetch(
                    "select from payouts where state in ('requested', 'reserved')"
                    " and next_attempt_at < '9000-01-01' or bounced_id is not null"
                    " and state in ('transferred', 'paid')"
                ):
                    return
                self.advance(minutes=4)
        raise AssertionError("something still waits")

    async def read(self) -> int:
        return await run_once(self.services, self.reads)

    async def fetch(self, query: str, *arguments: object) -> list[Any]:
        async with self.services.database.transaction(SERVICE) as tx:
            rows: list[Any] = await tx.fetch(query, *arguments)
            return rows

    async def account(self, person: Person, currency: str = "usd", rail: str = "stripe", **bank: Any) -> str:
        """A payout account that is ready, at the rail and in our database."""
        destination = IBAN
        if rail == "stripe":
            destination = await self.recipient(COUNTRIES[currency], **bank)
        row = await self.fetch(
            "insert into payout_accounts (user_id, rail, country, currency, holder, destination, status)"
            " values ($1, $2, $3, $4, 'Ada Example', $5, 'active') returning id",
            UUID(person.id), rail, COUNTRIES[currency], currency, destination,
        )  # fmt: skip
        return str(row[0]["id"])

    async def person(self) -> Person:
        """Somebody with a token that outlives the moves of the clock."""
        client, email = self.site.client(), f"paid{next(_numbers)}@example.com"
        answer = await client.post("/api/auth/register", json={"email": email, "password": "correct horse battery"})
        client.headers["Authorization"] = f"Bearer {answer.json()['session']['access_token']}"
        token = await client.post("/api/auth/tokens", json={"name": "tests", "scopes": ["node"]})
        assert token.status_code in (200, 201), token.text
        client.headers["Authorization"] = f"Bearer {token.json()['token']}"
        self.clients.append(client)
        return Person(answer.json()["user"]["id"], email, client)

    async def recipient(self, country: str, **bank: Any) -> str:
        assert self.services.rails.stripe is not None
        transfers_ = {"stripe_balance": {"stripe_transfers": {"requested": True}}}
        made = await self.services.rails.stripe.client.v2.core.accounts.create_async(
            {
                "contact_email": "ada@we1web.example",
                "dashboard": "express",
                "identity": {"country": country.lower(), "entity_type": "individual"},  # type: ignore[typeddict-item]
                "configuration": {"recipient": {"capabilities": transfers_}},  # type: ignore[typeddict-item]
            }
        )
        self.stripe.world.onboard(made.id, **bank)
        return made.id

    async def earn(self, person: Person, micros: int, currency: str = "usd") -> None:
        """Earnings, and money at Stripe to pay them with, as a funding would have brought it."""
        key = f"test:{next(_numbers)}"
        earnings = AccountRef(AccountKind.EARNINGS, owner=UUID(person.id), currency=currency)
        held = whole_minor(micros, currency)
        world = AccountRef(AccountKind.WORLD, currency=currency)
        sides = {transfers.clearing("stripe", currency): -held, world: held - micros}
        moved = (Posting(earnings, micros), *(Posting(account, n) for account, n in sides.items() if n))
        async with self.services.database.transaction(SERVICE) as tx:
            await ledger.post(tx, Transaction(key, "test", moved), BY)
        if held:
            self.stripe.world.add_funds(currency, to_minor(held, currency))

    async def ask(self, person: Person, account: str, currency: str = "usd", **order: Any) -> dict[str, Any]:
        answer = await person.http.post(
            "/api/payments/payout",
            json={"account_id": account, "currency": currency} | order,
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def story(self, person: Person, payout: dict[str, Any]) -> dict[str, Any]:
        answer = await person.http.get(f"/api/payments/payouts/{payout['id']}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def balance(self, kind: str, currency: str = "usd", owner: str | None = None) -> int:
        (row,) = await self.fetch(
            "select coalesce(sum(balance), 0)::bigint n from ledger.balances where kind = $1 and currency = $2"
            " and ($3::uuid is null or owner_id = $3)",
            kind, currency, None if owner is None else UUID(owner),
        )  # fmt: skip
        return int(row["n"])

    def transfers(self) -> list[dict[str, Any]]:
        """All that Stripe ever transferred."""
        return [row.body for row in self.stripe.state.store.of("platform", "transfer")]


@asynccontextmanager
async def desk(postgres: Postgres, folder: Path, **settings: Any) -> AsyncIterator[Desk]:
    """A coordinator whose Stripe is simulated."""
    clock = MovedClock()
    simulator = Simulator(now=lambda: datetime.now(UTC).timestamp())
    async with simulated(simulator) as url, postgres.lent() as dsn:
        with_stripe = {
            "stripe_secret_key": SecretStr("sk_test_x"),
            "stripe_webhook_secrets": SecretStr("whsec_one"),
            "stripe_api_url": url,
            "stripe_rate_per_s": 2_000.0,
        } | settings
        async for site in run(dsn, folder, make_loops=no_loops, clock=clock, **with_stripe):
            made = Desk(site, simulator, clock)
            yield made
            for client in made.clients:
                await client.aclose()
