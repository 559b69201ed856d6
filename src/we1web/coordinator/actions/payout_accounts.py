"""Where a contributor's money goes: opened, read again at the rail, closed. One open account per person and rail.

A row is written before Stripe is asked, and its id is the idempotency key: a crash in between makes no second account.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from we1web.coordinator import stripe_accounts
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.payout_account_schemas import PayoutAccount, PayoutAccountOrder
from we1web.coordinator.queries.payout_accounts import view
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage.money_events import record
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.stripe_client import STRIPE, StripeRail
from we1web.domain.currency import CURRENCIES
from we1web.domain.iban import BadIban, check_iban
from we1web.domain.ledger import Actor, ActorKind

MANUAL = "manual"
MANUAL_CURRENCY = "eur"
"""What a SEPA credit transfer carries."""
UNMADE = "unmade:"
"""Stands for the rail's id of an account for as long as the rail has not made it."""


async def open_account(services: Services, caller: Identity, order: PayoutAccountOrder) -> PayoutAccount:
    """The account, with the way on for its owner where the rail needs to know more. Raises Refusal."""
    if order.currency not in CURRENCIES:
        raise _refused(f"there is no currency {order.currency!r} here", "currency_unknown", sorted(CURRENCIES))
    destination = _iban(order) if order.rail == MANUAL else f"{UNMADE}{services.clock.new_id()}"
    if order.rail == STRIPE:
        _stripe(services)
    by = Actor(ActorKind.USER, str(caller.user_id), "a payout account was opened")
    async with services.database.transaction(SERVICE) as tx:
        await tx.execute(statement("payouts/lock_user"), caller.user_id)
        row = await tx.fetchrow(statement("payout_accounts/open"), caller.user_id, order.rail)
        if row is None:
            status = "active" if order.rail == MANUAL else "pending"
            terms = (order.rail, order.country, order.currency, order.holder.strip(), destination, status)
            row = await tx.fetchrow(statement("payout_accounts/add"), caller.user_id, *terms)
            await record(tx, by, ("payout_account", row["id"]), "opened", caller.user_id, {"rail": order.rail})
        elif not _same(row, order, destination):
            raise Refusal(
                f"you have an account for the rail {order.rail} already",
                code="account_exists",
                hint="close it first; payouts on their way to it are still delivered",
            )
    if order.rail == MANUAL:
        return view(row)
    return await _ways_on(services, row, by)


async def link(services: Services, caller: Identity, account_id: UUID) -> PayoutAccount:
    """A fresh way on: the ones before were used or are too old. Raises Refusal."""
    row = await _own(services, caller, account_id)
    if row["rail"] != STRIPE:
        raise _refused("this account needs no onboarding", "account_not_ready", ())
    by = Actor(ActorKind.USER, str(caller.user_id), "an onboarding link was asked for")
    return await _ways_on(services, row, by)


async def refresh(services: Services, row: asyncpg.Record, by: Actor) -> asyncpg.Record:
    """Reads an account at Stripe and keeps what it says. Raises RailUnavailable or RailRefusal."""
    rail = services.rails.stripe
    if row["rail"] != STRIPE or rail is None or row["destination"].startswith(UNMADE):
        return row
    standing = await stripe_accounts.read(rail, row["destination"])
    if standing.status == "active" and row["status"] != "active":
        await stripe_accounts.pay_out_daily(rail, row["destination"])
    async with services.database.transaction(SERVICE) as tx:
        await mark(tx, row["id"], standing.status, standing.wants, by)
        return await tx.fetchrow(statement("payout_accounts/get"), row["id"])


async def mark(tx: asyncpg.Connection, account_id: UUID, status: str, wants: Sequence[str], by: Actor) -> bool:
    """What a rail says of an account; whether that is news. A closed account stays closed."""
    changed = await tx.fetchrow(statement("payout_accounts/mark"), account_id, status, list(wants))
    if changed is None:
        return False
    await record(tx, by, ("payout_account", account_id), status, changed["user_id"], {"wants": ", ".join(wants)[:300]})
    return True


async def close_account(services: Services, caller: Identity, account_id: UUID) -> None:
    """Nothing is paid to it any more. Raises Refusal while something is on its way there."""
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("payout_accounts/lock"), account_id, caller.user_id)
        if row is None:
            raise not_found("payout account")
        if await tx.fetchval(statement("payout_accounts/busy"), account_id):
            hint = "wait until they are paid; GET /api/payments/payouts shows them"
            raise Refusal("payouts are on their way to this account", code="account_busy", hint=hint)
        await mark(tx, account_id, "closed", (), Actor(ActorKind.USER, str(caller.user_id), "closed by its owner"))


async def _ways_on(services: Services, row: asyncpg.Record, by: Actor) -> PayoutAccount:
    """The account as Stripe has it now, and where its owner goes on unless all is well."""
    rail = _stripe(services)
    row = await refresh(services, await _made(services, rail, row), by)
    if row["status"] in ("active", "closed"):
        return view(row)
    url = await stripe_accounts.onboarding_url(rail, row["destination"], _back(services, row["id"]))
    return view(row).model_copy(update={"url": url})


async def _made(services: Services, rail: StripeRail, row: asyncpg.Record) -> asyncpg.Record:
    if not row["destination"].startswith(UNMADE):
        return row
    async with services.database.transaction(SERVICE) as tx:
        email = await tx.fetchval(statement("payout_accounts/email"), row["user_id"])
    made = await stripe_accounts.create(rail, row["id"], email, row["country"])
    async with services.database.transaction(SERVICE) as tx:
        return await tx.fetchrow(statement("payout_accounts/made"), row["id"], made)


async def _own(services: Services, caller: Identity, account_id: UUID) -> asyncpg.Record:
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("payout_accounts/lock"), account_id, caller.user_id)
    if row is None:
        raise not_found("payout account")
    return row


def _same(row: asyncpg.Record, order: PayoutAccountOrder, destination: str) -> bool:
    """Asking again for what is there is no mistake."""
    terms = (row["country"], row["currency"]) == (order.country, order.currency)
    return terms and (order.rail == STRIPE or row["destination"] == destination)


def _iban(order: PayoutAccountOrder) -> str:
    if order.currency != MANUAL_CURRENCY:
        raise _refused("bank transfers are made in euro only", "currency_mismatch", [MANUAL_CURRENCY])
    if not any(letter.isascii() and letter.isalnum() for letter in order.holder):
        raise _refused("holder: banks need the name of who is paid, in Latin letters", "invalid_request", ())
    try:
        iban = check_iban(order.iban or "")
    except BadIban as error:
        raise Refusal(str(error), code="iban_invalid", hint="take it from a letter of your bank") from None
    if iban[:2] != order.country:
        raise _refused("country: the account number is of another one", "iban_invalid", [iban[:2]])
    return iban


def _stripe(services: Services) -> StripeRail:
    if services.rails.stripe is None:
        hint = "use the rail manual, or ask the operator to connect Stripe"
        raise Refusal("this network does not pay through Stripe", code="rail_missing", hint=hint)
    return services.rails.stripe


def _back(services: Services, account_id: UUID) -> str:
    return f"{services.rails.site_url}/wallet/payouts?account={account_id}"


def _refused(message: str, code: str, choices: Sequence[str]) -> Refusal:
    hint = f"one of: {', '.join(choices)}" if choices else "correct it and send it again"
    return Refusal(message, code=code, hint=hint)
