"""A payer's bank took a payment back, or gave it back: once each, as Stripe booked it, not as a notice says."""

from typing import Any

import asyncpg

from we1web.coordinator.actions.record_funding import locked
from we1web.coordinator.funding import Funding
from we1web.coordinator.storage import ledger, money_events
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.stripe_client import STRIPE
from we1web.domain import transfers
from we1web.domain.currency import from_minor
from we1web.domain.ledger import Actor, Transaction


async def settle_dispute(tx: asyncpg.Connection, found: Funding, dispute: Any, by: Actor) -> None:
    """Books what has moved because of the dispute and is not booked yet."""
    for moved in dispute.balance_transactions:
        if moved.currency != found.currency:
            continue  # settled in another currency: the reconciler shows it as unexplained
        amount, fee = from_minor(moved.amount, moved.currency), from_minor(moved.fee, moved.currency)
        found = await locked(tx, found.id)
        if amount < 0:
            await _charge_back(tx, found, dispute.id, -amount, fee, by)
        elif amount > 0:
            await _reinstate(tx, found, dispute.id, amount, by)
            if fee:
                await _once(tx, transfers.rail_cost(STRIPE, moved.id, fee, moved.currency), by)


async def _charge_back(tx: asyncpg.Connection, found: Funding, dispute: str, amount: int, fee: int, by: Actor) -> None:
    owned = await tx.fetchrow(statement("fundings/owned"), found.user_id, found.currency)
    taken = transfers.charge_back(dispute, found.payin, amount, fee, owned["wallet_micros"])
    if await _once(tx, taken, by):
        await tx.execute(statement("fundings/disputed"), found.id, amount)
        detail = {"dispute": dispute, "amount_micros": amount, "cost_micros": fee}
        await money_events.record(tx, by, ("funding", found.id), "disputed", found.user_id, detail)


async def _reinstate(tx: asyncpg.Connection, found: Funding, dispute: str, amount: int, by: Actor) -> None:
    owned = await tx.fetchrow(statement("fundings/owned"), found.user_id, found.currency)
    given = transfers.reinstate(dispute, found.payin, amount, owned["debt_micros"])
    if await _once(tx, given, by):
        await tx.execute(statement("fundings/disputed"), found.id, -amount)
        detail = {"dispute": dispute, "amount_micros": amount}
        await money_events.record(tx, by, ("funding", found.id), "reinstated", found.user_id, detail)


async def _once(tx: asyncpg.Connection, transaction: Transaction, by: Actor) -> bool:
    """Its postings depend on what the wallet held then, so a second time they would differ: look before posting."""
    if await tx.fetchval(statement("fundings/posted"), transaction.key):
        return False
    return await ledger.post(tx, transaction, by)
