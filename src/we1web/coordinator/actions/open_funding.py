"""Opens a funding: its row first, then what the rail needs, so that a crash or a silent rail leaves one and not two."""

from uuid import UUID

import asyncpg

from we1web.coordinator import funding, fundings
from we1web.coordinator.actions import idempotency
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.funding_schemas import FundingOrder
from we1web.coordinator.queries.fundings import view
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage import money_events
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import funding_terms
from we1web.domain.funding import State
from we1web.domain.ledger import Actor, ActorKind
from we1web.domain.money import BadAmount


async def open_funding(services: Services, caller: Identity, order: FundingOrder, claim: Claim | None) -> Body:
    """The funding with what the payer does next, as JSON. Raises Refusal, RailUnavailable (then ask again)."""
    rail = fundings.rail(services, order.rail)
    if order.currency not in fundings.currencies(services)[order.rail]:
        raise funding.no_rail(f"{order.rail} in {order.currency}")
    try:
        funding_terms.check(order.amount_micros, order.currency)
    except BadAmount as error:
        raise Refusal(str(error), code="bad_amount", hint="name another amount") from None
    async with services.database.transaction(SERVICE) as tx:
        body, _ = await idempotency.once(tx, claim, services.clock.now(), lambda: _insert(services, tx, caller, order))
        row = await tx.fetchrow(statement("fundings/get"), UUID(body["id"]))
    if row["expires_at"] is None and row["state"] == State.OPEN:
        step = await rail.open(funding.of_row(row))
        async with services.database.transaction(SERVICE) as tx:
            row = await tx.fetchrow(statement("fundings/opened"), row["id"], *step)
    return view(services, row).model_dump(mode="json")


async def _insert(services: Services, tx: asyncpg.Connection, caller: Identity, order: FundingOrder) -> Body:
    await tx.execute(statement("jobs/lock_requester"), caller.user_id)
    limit = services.config.max_open_fundings
    if await tx.fetchval(statement("fundings/count_open"), caller.user_id) >= limit:
        hint = "pay one of them, or wait until they expire"
        raise Refusal(f"you have {limit} payments that wait for you", code="too_many_fundings", hint=hint)
    made = services.clock.new_id()
    told = (order.rail, order.currency, order.amount_micros, services.clock.now())
    row = await tx.fetchrow(statement("fundings/insert"), made, caller.user_id, *told)
    by = Actor(ActorKind.USER, str(caller.user_id), "opened a funding")
    detail = {"rail": order.rail, "currency": order.currency, "amount_micros": order.amount_micros}
    await money_events.record(tx, by, ("funding", made), State.OPEN, caller.user_id, detail)
    return view(services, row).model_dump(mode="json")
