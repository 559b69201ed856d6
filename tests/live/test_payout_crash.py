"""A coordinator that is killed while it pays people: after each restart it goes on, and everybody is paid once."""

import asyncio
import itertools
from functools import partial
from pathlib import Path

from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess
from tests.live.paying import ask, earn, payee, rows
from tests.simulated_stripe import simulated, with_stripe

from we1web.coordinator.storage.database import Database
from we1web.testing.loopback import local_client
from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator.simulator import Simulator
from we1web.testing.stripe_simulator.store import PLATFORM

KILLS, PEOPLE, EACH = 4, 6, 5
PATIENCE_S = 240.0
"""Through all the restarts, on a machine that has other things to do."""
MICROS = 5_000_000


async def test_killed_while_it_pays_everybody_is_paid_once(postgres: Postgres, tmp_path: Path) -> None:
    simulator = Simulator()
    async with simulated(simulator) as stripe_url:
        dsn = await postgres.create()
        coordinator = CoordinatorProcess(tmp_path, DATABASE_URL=dsn, **with_stripe(stripe_url))
        await coordinator.start()
        database = await Database.open(dsn, user_connections=1, service_connections=2)
        try:
            async with local_client(coordinator.url, timeout=30) as http:
                people = [await payee(http, simulator, f"crash{number}") for number in range(PEOPLE)]
            await earn(database, simulator, people, EACH * MICROS)
            simulator.faults.add("drop_after", "POST /v1/transfers", probability=0.7)
            asking = [
                asyncio.create_task(
                    eventually(partial(ask, coordinator.url, who, MICROS, f"payout-{n}"), "an answer", PATIENCE_S)
                )
                for n, who in zip(range(PEOPLE * EACH), itertools.cycle(people), strict=False)
            ]
            for kill in range(KILLS):
                await eventually(partial(asked_since, simulator, len(simulator.requests) + kill), "it is at work")
                await coordinator.kill()
                await coordinator.start()
            payouts = [payout["id"] for payout in await asyncio.gather(*asking)]
            assert len(set(payouts)) == PEOPLE * EACH
            await eventually(partial(all_sent, database), "everything left", PATIENCE_S)
        finally:
            await database.close()
            await coordinator.stop()
    groups = [row.body["transfer_group"] for row in simulator.state.store.of(PLATFORM, "transfer")]
    assert sorted(groups) == sorted(f"payout:{payout}" for payout in payouts)


async def asked_since(simulator: Simulator, requests: int) -> bool | None:
    return True if len(simulator.requests) > requests else None


async def all_sent(database: Database) -> bool | None:
    """Whether all left, and what the ledger says of it."""
    if await rows(database, "select from payouts where state <> 'transferred'"):
        return None
    kinds = await rows(database, "select kind, sum(balance)::bigint n from ledger.balances group by kind")
    held = {row["kind"]: row["n"] for row in kinds}
    assert (held["earnings"], held["in_flight"]) == (0, 0)
    assert sum(held.values()) == 0
    return True
