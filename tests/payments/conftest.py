"""A coordinator beside a simulated Stripe, on one clock that tests move, with every background duty run by hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from pydantic import SecretStr
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Person, Site, newcomer, no_loops, run
from tests.moved_clock import MovedClock
from tests.simulated_stripe import simulated

from we1web.coordinator.loops.funding_reads import FundingReads, FundingRefunds
from we1web.coordinator.loops.loop import Loop, run_once
from we1web.coordinator.loops.rail_notices import RailNotices
from we1web.coordinator.services import Services
from we1web.coordinator.storage import audit
from we1web.coordinator.storage.principal import SERVICE
from we1web.testing.stripe_simulator.balances import sums
from we1web.testing.stripe_simulator.simulator import Simulator

__all__ = ["newcomer"]
SECRET = "whsec_of_the_tests"
IBAN = "DE89370400440532013000"


@dataclass
class Stage:
    """Both sides, and what tests do with them."""

    site: Site
    stripe: Simulator
    clock: MovedClock

    @property
    def services(self) -> Services:
        return self.site.app.services

    async def turn(self, loop: Loop) -> int:
        return await run_once(self.services, loop)

    async def notices(self) -> None:
        """Stripe's notices arrive and are worked through."""
        await self.stripe.mail.deliver_all()
        while await self.turn(RailNotices(self.services)):
            pass

    async def loops(self) -> None:
        """Everything that reads again or sends, once."""
        await self.turn(FundingReads(self.services))
        await self.turn(FundingRefunds(self.services))

    def move(self, **time: float) -> None:
        self.clock.advance(**time)
        self.stripe.state.clock.catch_up()

    async def fetch(self, query: str, *arguments: object) -> list[dict[str, Any]]:
        async with self.services.database.transaction(SERVICE) as tx:
            return [dict(row) for row in await tx.fetch(query, *arguments)]

    async def opened(self, person: Person, amount_micros: int = 10_000_000, currency: str = "usd") -> dict[str, Any]:
        """A card payment that waits for its payer."""
        answer = await ask(person, amount_micros, currency)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def session(self, funding: dict[str, Any]) -> str:
        (row,) = await self.fetch("select session_id from public.fundings where id = $1", UUID(funding["id"]))
        return str(row["session_id"])

    async def paid(self, person: Person, amount_micros: int = 10_000_000, currency: str = "usd") -> dict[str, Any]:
        """A card payment that is in the wallet; `charge` is Stripe's name of it."""
        funding = await self.opened(person, amount_micros, currency)
        charge = self.stripe.world.pay(await self.session(funding))
        await self.notices()
        return funding | {"charge": charge["id"]}

    async def balance(self, person: Person, kind: str = "wallet", currency: str = "usd") -> int:
        rows = await self.fetch(
            "select balance from ledger.balances where owner_id = $1 and kind = $2 and currency = $3",
            UUID(person.id),
            kind,
            currency,
        )
        return sum(row["balance"] for row in rows)

    async def state(self, funding: dict[str, Any]) -> str:
        (row,) = await self.fetch("select state from public.fundings where id = $1", UUID(funding["id"]))
        return str(row["state"])

    async def clearing(self, currency: str = "usd") -> int:
        (row,) = await self.fetch(
            "select coalesce(sum(balance), 0)::bigint as micros from ledger.balances"
            " where kind = 'clearing' and rail = 'stripe' and currency = $1",
            currency,
        )
        return int(row["micros"])

    def held(self, currency: str = "usd") -> int:
        """What Stripe holds for us, in minor units."""
        (_, booked) = sums(self.stripe.state).get(("platform", currency), (0, 0))
        return booked


async def ask(
    person: Person, amount_micros: int = 10_000_000, currency: str = "usd", rail: str = "stripe", key: str = ""
) -> httpx2.Response:
    """Asks for a funding."""
    order = {"rail": rail, "currency": currency, "amount_micros": amount_micros}
    headers = {"Idempotency-Key": key or uuid4().hex}
    return await person.http.post("/api/payments/fundings", json=order, headers=headers)


async def assert_audited(services: Services) -> None:
    """Every row of a payment or payout has exactly the postings that its state stands for."""
    async with services.database.snapshot() as connection:
        checks = (*audit.LEDGER_CHECKS, *audit.RAIL_CHECKS)
        assert [one async for one in audit.differences(connection, checks)] == []


@pytest_asyncio.fixture(loop_scope="session")
async def stage(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Fresh on both sides for each test: the sums must agree at the end."""
    clock = MovedClock()
    simulator = Simulator(now=lambda: clock.now().timestamp())
    async with simulated(simulator) as url, postgres.lent() as dsn:
        settings = {
            "stripe_secret_key": SecretStr("sk_test_x"),
            "stripe_webhook_secrets": SecretStr(SECRET),
            "stripe_api_url": url,
            "stripe_rate_per_s": 10_000.0,
            "bank_iban": IBAN,
            "bank_name": "The Network",
        }
        folder = tmp_path_factory.mktemp("stage")
        async for site in run(dsn, folder, make_loops=no_loops, clock=clock, **settings):
            simulator.endpoint(f"{site.url}/api/payments/webhook", SECRET)
            yield Stage(site, simulator, clock)
            await assert_audited(site.app.services)


@pytest_asyncio.fixture(loop_scope="session")
async def site(stage: Stage) -> Site:
    """For the fixtures of tests/http."""
    return stage.site
