"""Who owes after a payment was taken back that had been spent: nothing new for them until it is paid."""

from uuid import UUID

import asyncpg

from we1web.coordinator.refusals import Refusal
from we1web.coordinator.storage.statements import statement
from we1web.domain.money import show


async def check_debt(tx: asyncpg.Connection, user_id: UUID) -> None:
    """Raises Refusal (debt_outstanding) with what to pay in."""
    row = await tx.fetchrow(statement("fundings/debts"), user_id)
    if row is not None:
        owed = show(row["debt_micros"], row["currency"])
        hint = f"your bank took a payment back that was spent already; pay in {owed} to go on"
        raise Refusal(f"you owe {owed}", code="debt_outstanding", hint=hint)
