"""An operator says what a bank received for a funding: that much goes into the payer's wallet, once."""

from uuid import UUID

import asyncpg

from we1web.coordinator.actions import idempotency
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.record_funding import record
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.funding import Reading
from we1web.coordinator.funding_schemas import Arrival
from we1web.coordinator.fundings.manual import MANUAL
from we1web.coordinator.queries.fundings import view
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain.currency import to_minor
from we1web.domain.funding import Event
from we1web.domain.ledger import Actor, ActorKind
from we1web.domain.money import BadAmount


async def confirm_funding(
    services: Services, caller: Identity, funding_id: UUID, said: Arrival, claim: Claim | None
) -> Body:
    """The funding afterwards, as JSON. Raises Refusal."""
    caller.require_operator()
    async with services.database.transaction(SERVICE) as tx:
        body, _ = await idempotency.once(
            tx, claim, services.clock.now(), lambda: _confirm(services, tx, caller, funding_id, said)
        )
    return body


async def _confirm(
    services: Services, tx: asyncpg.Connection, caller: Identity, funding_id: UUID, said: Arrival
) -> Body:
    row = await tx.fetchrow(statement("fundings/get"), funding_id)
    if row is None or row["rail"] != MANUAL:
        raise not_found("funding")
    if said.currency != row["currency"]:
        hint = "exchange it at the bank, or credit the user by hand"
        raise Refusal(f"this funding is in {row['currency']}", code="currency_mismatch", hint=hint)
    try:
        to_minor(said.amount_micros, said.currency)
    except BadAmount as error:
        raise Refusal(str(error), code="bad_amount", hint="as it stands in the bank statement") from None
    by = Actor(ActorKind.OPERATOR, str(caller.user_id), f"bank transfer {said.memo}".strip())
    if not await record(tx, funding_id, Reading(Event.PAY, said.amount_micros), by, services.clock.now()):
        raise Refusal("it was confirmed before", code="already_paid", hint="GET /api/operator/fundings shows it")
    return view(services, await tx.fetchrow(statement("fundings/get"), funding_id)).model_dump(mode="json")
