"""Writes down what became of a funding: the posting, the row and the event in one transaction, each once.

It must never decide what happened: that is what the rail said (or the operator), read a moment ago.
"""

from datetime import datetime
from uuid import UUID

import asyncpg

from we1web.coordinator import funding, fundings
from we1web.coordinator.funding import Funding, Reading
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger, money_events
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.domain import transfers
from we1web.domain.funding import TRANSITIONS, State, advance
from we1web.domain.ledger import Actor
from we1web.domain.transfers import Payin


async def read_again(services: Services, found: Funding, by: Actor) -> None:
    """Asks the rail what became of a funding, and writes it down. Raises RailUnavailable, RailRefusal."""
    rail = fundings.rail(services, found.rail)
    if found.session_id is None and found.state is State.OPEN:
        step = await rail.open(found)
        async with services.database.transaction(SERVICE) as tx:
            found = funding.of_row(await tx.fetchrow(statement("fundings/opened"), found.id, *step))
    reading = await rail.read(found)
    async with services.database.transaction(SERVICE) as tx:
        await record(tx, found.id, reading, by, services.clock.now())


async def record(tx: asyncpg.Connection, funding_id: UUID, reading: Reading, by: Actor, now: datetime) -> bool:
    """Whether anything changed. What is known already, or fits no step of its life, changes nothing."""
    found = await locked(tx, funding_id)
    if reading.event is None or (found.state, reading.event) not in TRANSITIONS:
        await tx.execute(statement("fundings/checked"), found.id, now)
        return False
    after, amount, cost = advance(found.state, reading.event), found.amount_micros, 0
    if after is State.PAID:
        amount, cost = reading.amount_micros, reading.cost_micros
        await _receive(tx, found.payin._replace(amount_micros=amount, cost_micros=cost), by)
    await tx.execute(
        statement("fundings/advance"), found.id, after, amount, cost, reading.payment_id, reading.charge_id, now
    )
    detail = {"amount_micros": amount, "cost_micros": cost, "currency": found.currency}
    if reading.note:
        detail["note"] = reading.note
        logger.warning("a funding is not as it should be", funding=str(found.id), note=reading.note)
    await money_events.record(tx, by, ("funding", found.id), after, found.user_id, detail)
    return True


async def locked(tx: asyncpg.Connection, funding_id: UUID) -> Funding:
    """The funding, with its user locked first: whatever takes from a wallet or owes does it one after the other."""
    user_id = (await tx.fetchrow(statement("fundings/get"), funding_id))["user_id"]
    await tx.execute(statement("jobs/lock_requester"), user_id)
    return funding.of_row(await tx.fetchrow(statement("fundings/lock"), funding_id))


async def _receive(tx: asyncpg.Connection, payin: Payin, by: Actor) -> None:
    owned = await tx.fetchrow(statement("fundings/owned"), payin.user, payin.currency)
    await ledger.post(tx, transfers.receive(payin, owned["debt_micros"]), by)
