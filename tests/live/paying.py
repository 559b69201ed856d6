"""People who are paid by a coordinator in another process, from a simulated Stripe in this one."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx2

from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import transfers
from we1web.domain.ledger import AccountKind, AccountRef, Actor, ActorKind, Posting, Transaction
from we1web.testing.loopback import local_client
from we1web.testing.stripe_simulator.simulator import Simulator

BY = Actor(ActorKind.LOOP, "test", "test")


class Payee(NamedTuple):
    user: UUID
    authorization: str
    account: str


async def payee(http: httpx2.AsyncClient, simulator: Simulator, name: str, **bank: Any) -> Payee:
    """Somebody who is ready to be paid."""
    login = {"email": f"{name}@example.com", "password": "correct horse battery"}
    told = (await http.post("/api/auth/register", json=login)).raise_for_status().json()
    token = {"Authorization": f"Bearer {told['session']['access_token']}"}
    order = {"rail": "stripe", "country": "US", "currency": "usd"}
    opened = (await http.post("/api/payments/accounts", json=order, headers=token)).raise_for_status().json()
    simulator.world.onboard(list(simulator.state.accounts)[-1], **bank)
    ready = await http.post(f"/api/payments/accounts/{opened['id']}/link", headers=token)
    assert ready.json()["status"] == "active"
    return Payee(UUID(told["user"]["id"]), token["Authorization"], opened["id"])


async def earn(database: Database, simulator: Simulator, payees: list[Payee], micros: int) -> None:
    """Earnings of each, and the money at Stripe to pay them with."""
    async with database.transaction(SERVICE) as tx:
        for each in payees:
            earnings = AccountRef(AccountKind.EARNINGS, owner=each.user)
            moved = (Posting(transfers.clearing("stripe", "usd"), -micros), Posting(earnings, micros))
            await ledger.post(tx, Transaction(f"test:{each.user}", "test", moved), BY)
    simulator.world.add_funds("usd", len(payees) * micros // 10_000)


async def ask(url: str, who: Payee, micros: int, key: str) -> dict[str, Any] | None:
    """The payout, or None when there was no answer: a careful client asks again with the same key."""
    headers = {"Authorization": who.authorization, "Idempotency-Key": key}
    order = {"account_id": who.account, "currency": "usd", "amount_micros": micros}
    try:
        async with local_client(url, timeout=10) as http:
            answer = await http.post("/api/payments/payout", json=order, headers=headers)
    except httpx2.TransportError:
        return None
    if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        return None
    assert answer.status_code == httpx2.codes.OK, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def rows(database: Database, query: str, *arguments: object) -> list[Any]:
    async with database.transaction(SERVICE) as tx:
        found: list[Any] = await tx.fetch(query, *arguments)
        return found
