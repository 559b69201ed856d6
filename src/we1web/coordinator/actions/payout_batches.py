"""The manual rail's work: an operator exports waiting payouts as a SEPA file and says what their bank did with it.

A payout is in one batch for ever. It moves in the ledger when the operator says that the bank paid it, not before.
"""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator.actions import idempotency, payout_life
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.payout_life import Told, payout_of
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.papers.pain001 import BadTransfer, Batch, CreditTransfer, Debtor, credit_transfer_file
from we1web.coordinator.payout_rail import Never
from we1web.coordinator.payout_rails.manual import CURRENCY
from we1web.coordinator.payout_schemas import BatchOrder, BatchPage, BatchView, Confirmation, PayoutView, ReturnOrder
from we1web.coordinator.queries import cursors, payouts
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.schemas import MAX_INT
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger, money_events
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import transfers
from we1web.domain.ledger import Actor, ActorKind, Transaction
from we1web.domain.payout import Event, NoSuchStep, State, advance

MOST = 1_000
"""Payouts in one file: what a bank's upload takes, and what one transaction confirms in a second or two."""


async def export(services: Services, caller: Identity, order: BatchOrder, claim: Claim | None) -> Body:
    """All that waits, up to MOST, as a new batch. Raises Refusal."""
    by = _operator(caller, "exported payouts for the bank")
    news: list[Told] = []

    async def act(tx: asyncpg.Connection) -> Body:
        return await _export(services, tx, caller, order, by, news)

    async with services.database.transaction(SERVICE) as tx:
        body, _ = await idempotency.once(tx, claim, services.clock.now(), lambda: act(tx))
    _tell(services, news)
    return body


async def file(services: Services, caller: Identity, batch_id: UUID) -> tuple[str, bytes]:
    """Its name and its bytes, the same whenever it is asked for. Raises Refusal."""
    _operator(caller, "")
    async with services.database.transaction(SERVICE) as tx:
        batch = await _find(tx, batch_id)
        debtor = Debtor(**await tx.fetchval(statement("payouts/export_event"), str(batch_id)))
        rows = await tx.fetch(statement("payouts/of_batch"), batch_id)
    paper = Batch(
        batch["message_id"],
        batch["created_at"],
        batch["execution_date"],
        debtor,
        tuple(_credit(row) for row in rows),
        batch["currency"],
    )
    return f"{batch['message_id']}.xml", await asyncio.to_thread(credit_transfer_file, paper)


async def confirm(services: Services, caller: Identity, batch_id: UUID, order: Confirmation) -> BatchView:
    """The bank paid all but the rejected ones; said twice, it is done once. Raises Refusal."""
    by = _operator(caller, "confirmed a batch")
    rejected = {item.payout_id: item.reason for item in order.rejected}
    news: list[Told] = []
    async with services.database.transaction(SERVICE) as tx:
        batch = await _find(tx, batch_id)
        if batch["state"] == "closed":
            raise Refusal("this batch was confirmed already", code="batch_closed", hint="return single payouts instead")
        rows = await tx.fetch(statement("payouts/of_batch"), batch_id)
        if foreign := rejected.keys() - {row["id"] for row in rows}:
            hint = f"not in it: {sorted(map(str, foreign))[0]}"
            raise Refusal("a rejected payout is not in this batch", code="invalid_request", hint=hint)
        posted = [move for row in rows for move in await _settle(services, tx, row, rejected.get(row["id"]), by, news)]
        await ledger.post_many(tx, posted, by)
        closed = await tx.fetchrow(statement("payouts/close_batch"), batch_id, services.clock.now())
        await money_events.record(
            tx, by, ("payout_batch", batch_id), "confirm", None, {"payouts": len(rows), "rejected": len(rejected)}
        )
    _tell(services, news)
    return view(closed)


async def give_back(services: Services, caller: Identity, payout_id: UUID, order: ReturnOrder) -> PayoutView:
    """The bank sent one back after it had paid: what was sent is in the earnings again. Raises Refusal."""
    by = _operator(caller, "the bank returned it")
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("payouts/lock"), payout_id)
        if row is None:
            raise not_found("payout")
        if row["rail"] != "manual":
            hint = "what Stripe paid, Stripe tells us about"
            raise Refusal("only payouts by bank transfer are returned by hand", code="not_returnable", hint=hint)
        try:
            news, posted = await payout_life.give_back(tx, row, "bank_failed", order.reason, services.clock.now(), by)
        except NoSuchStep as error:
            raise Refusal(str(error), code="not_returnable", hint="only what was paid can come back") from None
        await ledger.post(tx, posted, by)
        row = await tx.fetchrow(statement("payouts/lock"), payout_id)
    _tell(services, [news])
    return payouts.view(row)


async def page(services: Services, caller: Identity, cursor: str | None, limit: int) -> BatchPage:
    """Batches, newest first. Raises Refusal."""
    _operator(caller, "")
    (before,) = cursors.decode(cursor, (MAX_INT,))
    async with services.database.transaction(SERVICE) as tx:
        rows = await tx.fetch(statement("payouts/batches"), before, limit + 1)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    return BatchPage(items=[view(row) for row in rows[:limit]], next_cursor=more)


def view(row: Any) -> BatchView:
    """A row of payout_batches as an operator sees it."""
    fields = {name: row[name] for name in BatchView.model_fields if name != "payouts"}
    return BatchView(payouts=row["n"], **fields)


async def _export(
    services: Services, tx: asyncpg.Connection, caller: Identity, order: BatchOrder, by: Actor, news: list[Told]
) -> Body:
    debtor, now = _debtor(services), services.clock.now()
    rows, refused = [], []
    for row in await tx.fetch(statement("payouts/exportable"), CURRENCY, MOST):
        try:
            _credit(row)
            rows.append(row)
        except (BadTransfer, ValueError) as error:
            # No bank would take it: the money goes back, rather than hold up everybody else's file.
            refused.append(row)
            news.append(await payout_life.refuse(tx, row, Never("bad_bank_account", str(error)), now, by, post=False))
    await ledger.post_many(tx, [move for row in refused for move in await payout_life.refusal(tx, row)], by)
    if not rows:
        hint = "payouts appear here when they are asked for; see GET /api/operator/payouts"
        if refused:
            return {"batch": None, "refused": len(refused)}
        raise Refusal("no payout waits for a bank transfer", code="nothing_to_export", hint=hint)
    batch_id = services.clock.new_id()
    total = sum(payout_of(row).net_micros for row in rows)
    execution = order.execution_date or now.date()
    message = f"W1-{batch_id.hex}"[:35]
    made = await tx.fetchrow(
        statement("payouts/add_batch"), batch_id, message, CURRENCY, len(rows), total, execution, caller.user_id, now
    )
    await tx.execute(statement("payouts/put_into_batch"), batch_id, [row["id"] for row in rows])
    # The file is made anew from this whenever it is asked for, whatever the settings say by then.
    detail = {"name": debtor.name, "iban": debtor.iban} | ({"bic": debtor.bic} if debtor.bic else {})
    await money_events.record(tx, by, ("payout_batch", batch_id), "export", None, detail)
    for row in rows:
        await money_events.record(tx, by, ("payout", row["id"]), "export", row["user_id"], {"batch": str(batch_id)})
    return {"batch": view(made).model_dump(mode="json"), "refused": len(refused)}


async def _settle(
    services: Services, tx: asyncpg.Connection, row: Any, reason: str | None, by: Actor, news: list[Told]
) -> list[Transaction]:
    """One payout of a confirmed batch. The caller posts what is returned."""
    now = services.clock.now()
    if reason is not None:
        news.append(await payout_life.refuse(tx, row, Never("bank_rejected", reason), now, by, post=False))
        return await payout_life.refusal(tx, row)
    state = advance(State(row["state"]), Event.TRANSFER)
    await tx.execute(statement("payouts/sent"), row["id"], now, None, None)
    await money_events.record(tx, by, ("payout", row["id"]), Event.TRANSFER, row["user_id"])
    news.append(await payout_life.pay(tx, dict(row) | {"state": state}, None, now, by))
    return [transfers.send_payout(payout_of(row), transfers.outside(row["rail"], row["currency"]))]


def _credit(row: Any) -> CreditTransfer:
    net = row["gross_micros"] - row["fee_micros"]
    return CreditTransfer(row["id"].hex, row["holder"], row["destination"], net, f"Payout {row['id'].hex[:8]}")


def _debtor(services: Services) -> Debtor:
    config = services.config
    try:
        return Debtor(config.bank_name, config.bank_iban, config.bank_bic or None)
    except ValueError as error:
        hint = "set WE1WEB_BANK_NAME, WE1WEB_BANK_IBAN and WE1WEB_BANK_BIC"
        raise Refusal(f"the network's own bank account is not set: {error}", code="bank_missing", hint=hint) from None


async def _find(tx: asyncpg.Connection, batch_id: UUID) -> Any:
    batch = await tx.fetchrow(statement("payouts/batch"), batch_id)
    if batch is None:
        raise not_found("batch")
    return batch


def _operator(caller: Identity, cause: str) -> Actor:
    if not caller.is_operator:
        raise Refusal("only an operator may do this", code="operator_only", hint="use the operator's token")
    return Actor(ActorKind.OPERATOR, str(caller.user_id), cause)


def _tell(services: Services, news: list[Told]) -> None:
    for told in news:
        services.market.tell(*told)
