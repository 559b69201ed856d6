"""kill -9 between any two steps of a payout's life, at every boundary: after a restart it goes on, exactly once."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.live.gates import Asked, Commit, Gates, Guillotine
from tests.live.harness import CoordinatorProcess
from tests.live.paying import Payee, ask, earn, payee, rows
from tests.simulated_stripe import simulated, tell, with_stripe

from we1web.coordinator.storage import audit
from we1web.coordinator.storage.database import Database
from we1web.testing.loopback import local_client
from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator.store import PLATFORM

MICROS = 5_000_000
BAD_BANK = "000111111116"
PATIENCE_S = 120.0
A_DAY_S = 86_400
STEPS = (
    (Commit, "requested"),
    (Commit, "reserved"),
    (Asked, "transfers"),
    (Commit, "transferred"),
    (Commit, "noticed"),
    (Commit, "paid"),
    (Commit, "bounced"),
    (Asked, "reversals"),
    (Commit, "returned"),
)
"""A whole life: it is paid, then the bank sends it back after all, and it is earnings again."""
MOMENTS = [moment(step, happens) for moment, step in STEPS for happens in (False, True)]


@dataclass
class Till:
    """A coordinator that pays one person, again and again."""

    coordinator: CoordinatorProcess
    stripe: Guillotine
    database: Database
    gates: Gates
    who: Payee

    async def live(self, key: str) -> dict[str, Any]:
        """A payout from its request to its return, whatever happens to the coordinator meanwhile."""
        self.stripe.world.change_bank(list(self.stripe.state.accounts)[-1], BAD_BANK)  # Stripe pays no broken one again
        asked = partial(ask, self.coordinator.url, self.who, MICROS, key)
        payout = await eventually(asked, "the payout is accepted", PATIENCE_S)
        await eventually(partial(self._returned, payout["id"]), "it came back from the bank", PATIENCE_S)
        return payout

    async def earned(self) -> int:
        (row,) = await rows(self.database, "select balance from ledger.balances where kind = 'earnings'")
        micros: int = row["balance"]
        return micros

    async def _returned(self, payout: str) -> bool | None:
        """Days pass at the bank, each when all that Stripe told of the one before is known: else a bank that takes
        nothing back is quicker than anybody."""
        await self.stripe.deliver()
        query = """select state, state in ('transferred', 'paid') and bounced_id is null as travels,
            exists (select from rail_notices where done_at is null) as news from payouts where id = $1"""
        (row,) = await rows(self.database, query, UUID(payout))
        if row["travels"] and not row["news"] and not self.stripe.mail.letters:
            self.stripe.advance(A_DAY_S)
        return True if row["state"] == "returned" else None

    async def killed(self, moment: Commit | Asked) -> None:
        """Until the coordinator was killed in the armed moment, and serves again."""
        if isinstance(moment, Commit):
            await self.gates.spring(moment, self.coordinator.kill)
        else:
            await self.stripe.fallen.wait()
        await self.coordinator.start()

    async def arm(self, moment: Commit | Asked) -> None:
        if isinstance(moment, Commit):
            await self.gates.arm(moment)
        else:
            self.stripe.arm(moment, self.coordinator.kill)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def till(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Till]:
    stripe = Guillotine(signed_at=time.time)
    async with simulated(stripe) as stripe_url:
        dsn, folder = await postgres.create(), tmp_path_factory.mktemp("till")
        coordinator = CoordinatorProcess(folder, DATABASE_URL=dsn, **with_stripe(stripe_url))
        await coordinator.start()
        tell(stripe, coordinator.url)
        database = await Database.open(dsn, user_connections=1, service_connections=2)
        gates = await Gates.install(dsn)
        try:
            async with local_client(coordinator.url, timeout=30) as http:
                who = await payee(http, stripe, "ada", bank=BAD_BANK, bank_fails_late=True)
            await earn(database, stripe, [who], 2 * MICROS)
            yield Till(coordinator, stripe, database, gates, who)
        finally:
            await gates.close()
            await database.close()
            await coordinator.stop()


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.name())
async def test_killed_at_this_boundary_a_payout_lives_on_exactly_once(till: Till, moment: Commit | Asked) -> None:
    await till.arm(moment)
    before = await till.earned()
    payout, _ = await asyncio.gather(till.live(moment.name()), till.killed(moment))
    assert before - await till.earned() == payout["fee_micros"], "the bank sent back what Stripe had been paid to send"
    booked = await rows(till.database, "select kind from ledger.transactions where key ~ $1", f":{payout['id']}$")
    assert sorted(row["kind"] for row in booked) == ["payout", "payout_returned", "payout_sent"]
    transfers = [row.body for row in till.stripe.state.store.of(PLATFORM, "transfer")]
    (sent,) = [each for each in transfers if each["transfer_group"] == f"payout:{payout['id']}"]
    assert sent["amount_reversed"] == sent["amount"] == payout["net_micros"] // 10_000
    assert len(sent["reversals"]["data"]) == 1
    async with till.database.snapshot() as connection:
        checks = (*audit.LEDGER_CHECKS, *audit.RAIL_CHECKS)
        assert [one async for one in audit.differences(connection, checks)] == []
