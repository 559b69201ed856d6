"""The totals of the ledger, for an operator: what is owed to whom by kind of account, and that it sums to zero."""

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.money_schemas import Books, BookTotal
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def totals(services: Services, caller: Identity) -> Books:
    """One total for each kind of account and currency. Raises Refusal when the caller is no operator."""
    if not caller.is_operator:
        raise Refusal("only an operator may see this", code="operator_only", hint="use the operator's token")
    async with services.database.transaction(SERVICE) as tx:
        rows = await tx.fetch(statement("credits/books"))
    return Books(totals=[BookTotal(**dict(row)) for row in rows])
