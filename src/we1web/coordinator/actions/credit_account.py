"""An operator puts money into a user's wallet (it came in some other way). One balanced posting, once for each key."""

import asyncpg

from we1web.coordinator.actions import idempotency
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.money_schemas import Balances, CreditOrder
from we1web.coordinator.queries import credits
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes
from we1web.domain.ledger import Actor, ActorKind


async def credit_account(services: Services, caller: Identity, order: CreditOrder, claim: Claim | None) -> Body:
    """The user's balances afterwards, as JSON. Raises Refusal."""
    if not caller.is_operator:
        raise Refusal("only an operator may do this", code="operator_only", hint="use the operator's token")
    async with services.database.transaction(SERVICE) as tx:
        body, _ = await idempotency.once(tx, claim, services.clock.now(), lambda: _credit(services, tx, caller, order))
    return body


async def _credit(services: Services, tx: asyncpg.Connection, caller: Identity, order: CreditOrder) -> Body:
    if (order.email is None) == (order.user_id is None):
        raise Refusal("name either email or user_id", code="invalid_request", hint="exactly one of the two")
    user = await tx.fetchrow(statement("credits/find_user"), order.user_id, order.email)
    if user is None:
        raise not_found("user")
    key = f"operator:{services.clock.new_id()}"
    credit = recipes.fund(key, user["id"], order.amount_micros, services.config.currency, order.memo)
    await ledger.post(tx, credit, Actor(ActorKind.OPERATOR, str(caller.user_id), "credit"))
    return Balances(balances=await credits.balances(tx, user["id"])).model_dump(mode="json")
