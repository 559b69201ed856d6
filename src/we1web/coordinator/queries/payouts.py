"""Payouts of a user, their history and their postings; what waits, for an operator. Never a write."""

from typing import Any
from uuid import UUID

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.payout_schemas import (
    PayoutEntry,
    PayoutEvent,
    PayoutPage,
    PayoutStory,
    PayoutTransaction,
    PayoutView,
)
from we1web.coordinator.queries import cursors
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.schemas import MAX_INT
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement

_FIELDS = frozenset(PayoutView.model_fields) - {"net_micros"}
_KEYS = (
    "exchange:payout:{}",
    "payout:{}",
    "payout-sent:{}",
    "payout-failed:{}",
    "undo-exchange:payout:{}",
    "payout-returned:{}",
)


def view(row: Any) -> PayoutView:
    """A row of payouts as people see it."""
    fields = {name: row[name] for name in _FIELDS}
    return PayoutView(net_micros=row["gross_micros"] - row["fee_micros"], **fields)


async def page(services: Services, user_id: UUID, cursor: str | None, limit: int) -> PayoutPage:
    """A user's payouts, newest first."""
    (before,) = cursors.decode(cursor, (MAX_INT,))
    async with services.database.transaction(user(user_id)) as tx:
        rows = await tx.fetch(statement("payouts/page"), user_id, before, limit + 1)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    return PayoutPage(items=[view(row) for row in rows[:limit]], next_cursor=more)


async def story(services: Services, user_id: UUID, payout_id: UUID) -> PayoutStory:
    """One payout with all that happened to it, and what the ledger says. Raises Refusal."""
    async with services.database.transaction(user(user_id)) as tx:
        row = await tx.fetchrow(statement("payouts/get"), payout_id, user_id)
        if row is None:
            raise not_found("payout")
        events = await tx.fetch(statement("payouts/events"), str(payout_id))
    async with services.database.transaction(SERVICE) as tx:  # the platform's own accounts, by kind only
        entries = await tx.fetch(statement("payouts/entries"), [key.format(payout_id) for key in _KEYS])
    return PayoutStory(
        **view(row).model_dump(),
        events=[
            PayoutEvent(at=e["at"], event=e["event"], by=e["actor_kind"], cause=e["cause"], detail=e["detail"])
            for e in events
        ],
        transactions=_transactions(entries),
    )


async def waiting(services: Services, caller: Identity, cursor: str | None, limit: int) -> PayoutPage:
    """All payouts that have not left or must be taken back, oldest first, with why. Operators only."""
    if not caller.is_operator:
        raise Refusal("only an operator may do this", code="operator_only", hint="use the operator's token")
    (after,) = cursors.decode(cursor, (0,))
    async with services.database.transaction(SERVICE) as tx:
        rows = await tx.fetch(statement("payouts/waiting"), after, limit + 1)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    return PayoutPage(items=[view(row) for row in rows[:limit]], next_cursor=more)


def _transactions(entries: list[Any]) -> list[PayoutTransaction]:
    found: dict[int, PayoutTransaction] = {}
    for entry in entries:
        fresh = PayoutTransaction(id=entry["id"], kind=entry["kind"], at=entry["created_at"], entries=[])
        found.setdefault(entry["id"], fresh).entries.append(
            PayoutEntry(account=entry["account"], currency=entry["currency"], amount_micros=entry["amount"])
        )
    return list(found.values())
