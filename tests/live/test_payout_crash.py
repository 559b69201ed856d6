"""A coordinator that is killed while it pays people: after each restart it goes on, and everybody is paid once."""

import asyncio
import itertools
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess

from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import transfers
from we1web.domain.ledger import AccountKind, AccountRef, Actor, ActorKind, Posting, Transaction
from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator.server import serving
from we1web.testing.stripe_simulator.simulator import Simulator
from we1web.testing.stripe_simulator.store import PLATFORM

KILLS, PEOPLE, EACH = 4, 6, 5
PATIENCE_S = 240.0
"""Through all the restarts, on a machine that has other things to do."""
MICROS = 5_000_000
BY = Actor(ActorKind.LOOP, "test", "test")


async def person(http: httpx2.AsyncClient, simulator: Simulator, number: int) -> tuple[UUID, str, str]:
    """Somebody who is ready to be paid: id, token, account."""
    login = {"email": f"crash{number}@example.com", "password": "correct horse battery"}
    told = (await http.post("/api/auth/register", json=login)).raise_for_status().json()
    token = {"Authorization": f"Bearer {told['session']['access_token']}"}
    order = {"rail": "stripe", "country": "US", "currency": "usd"}
    opened = (await http.post("/api/payments/accounts", json=order, headers=token)).raise_for_status().json()
    simulator.world.onboard(list(simulator.state.accounts)[-1])
    ready = await http.post(f"/api/payments/accounts/{opened['id']}/link", headers=token)
    assert ready.json()["status"] == "active"
    return UUID(told["user"]["id"]), token["Authorization"], opened["id"]


async def earn(database: Database, simulator: Simulator, people: list[tuple[UUID, str, str]]) -> None:
    async with database.transaction(SERVICE) as tx:
        for user, _, _ in people:
            earnings = AccountRef(AccountKind.EARNINGS, owner=user)
            moved = (Posting(transfers.clearing("stripe", "usd"), -EACH * MICROS), Posting(earnings, EACH * MICROS))
            await ledger.post(tx, Transaction(f"test:{user}", "test", moved), BY)
    simulator.world.add_funds("usd", PEOPLE * EACH * MICROS // 10_000)


async def ask(url: str, who: tuple[UUID, str, str], number: int) -> dict[str, Any] | None:
    """Asks until there is an answer, as a careful client does: the same key each time."""
    _, token, account = who
    headers = {"Authorization": token, "Idempotency-Key": f"payout-{number}"}
    order = {"account_id": account, "currency": "usd", "amount_micros": MICROS}
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=10) as http:
            answer = await http.post("/api/payments/payout", json=order, headers=headers)
    except httpx2.TransportError:
        return None
    if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        return None
    assert answer.status_code == httpx2.codes.OK, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def rows(database: Database, query: str) -> list[Any]:
    async with database.transaction(SERVICE) as tx:
        found: list[Any] = await tx.fetch(query)
        return found


@pytest.mark.parametrize("fault", ["slow", "drop_after"])
async def test_killed_while_it_pays_everybody_is_paid_once(postgres: Postgres, tmp_path: Path, fault: str) -> None:
    simulator = Simulator()
    async with serving(simulator) as stripe_url:
        dsn = await postgres.create()
        stripe = {"STRIPE_SECRET_KEY": "sk_test_x", "WE1WEB_STRIPE_WEBHOOK_SECRETS": "whsec_x"}
        stripe |= {"WE1WEB_STRIPE_API_URL": stripe_url, "DATABASE_URL": dsn}
        coordinator = CoordinatorProcess(tmp_path, **stripe)
        await coordinator.start()
        database = await Database.open(dsn, user_connections=1, service_connections=2)
        try:
            async with httpx2.AsyncClient(base_url=coordinator.url, timeout=30) as http:
                people = [await person(http, simulator, number) for number in range(PEOPLE)]
            await earn(database, simulator, people)
            simulator.faults.add(fault, "POST /v1/transfers", probability=0.7, seconds=0.2)  # type: ignore[arg-type]
            asking = [
                asyncio.create_task(eventually(partial(ask, coordinator.url, who, n), "an answer", PATIENCE_S))
                for n, who in zip(range(PEOPLE * EACH), itertools.cycle(people), strict=False)
            ]
            for kill in range(KILLS):
                await eventually(partial(asked_since, simulator, len(simulator.requests) + kill), "it is at work")
                await coordinator.kill()
                # As if the dead one's reservations had ended: it takes minutes.
                await rows(database, "update payouts set next_attempt_at = now() where state = 'reserved'")
                await coordinator.start()
            payouts = [payout["id"] for payout in await asyncio.gather(*asking)]
            assert len(set(payouts)) == PEOPLE * EACH
            await eventually(partial(all_sent, database), "everything left", PATIENCE_S)
        finally:
            await database.close()
            await coordinator.stop()
    groups = [row.body["transfer_group"] for row in simulator.state.store.of(PLATFORM, "transfer")]
    assert sorted(groups) == sorted(f"payout:{payout}" for payout in payouts)
    assert simulator.off_spec == []


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
