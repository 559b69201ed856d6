"""A user's money changes its currency by a dated rate: both legs in one posting, against the platform's positions."""

from datetime import date
from decimal import Decimal

import asyncpg

from we1web.coordinator.actions import idempotency
from we1web.coordinator.actions.debt import check_debt
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.exchange_schemas import Exchange, ExchangeOrder, ExchangePair, ExchangePairs
from we1web.coordinator.rates import convertible, rate_of
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import transfers
from we1web.domain.currency import CURRENCIES
from we1web.domain.fx import NANOS, Conversion, convert
from we1web.domain.ledger import AccountKind, Actor, ActorKind
from we1web.domain.money import MAX_MICROS


async def quote(services: Services, order: ExchangeOrder) -> Exchange:
    """What would come out now. Nothing moves. Raises Refusal."""
    async with services.database.transaction(SERVICE) as tx:
        return _shown(order, await _convert(services, tx, order, services.clock.now().date()))


async def pairs(services: Services) -> ExchangePairs:
    """What can be exchanged now."""
    async with services.database.transaction(SERVICE) as tx:
        found = await convertible(tx, services.clock.now().date(), services.config.rates_max_age_days)
    return ExchangePairs(pairs=[ExchangePair(source_currency=source, target_currency=to) for source, to in found])


async def exchange_money(services: Services, caller: Identity, order: ExchangeOrder, claim: Claim | None) -> Body:
    """Moves it. Raises Refusal, InsufficientFunds."""
    async with services.database.transaction(SERVICE) as tx:
        body, _ = await idempotency.once(
            tx, claim, services.clock.now(), lambda: _exchange(services, tx, caller, order)
        )
    return body


async def _exchange(services: Services, tx: asyncpg.Connection, caller: Identity, order: ExchangeOrder) -> Body:
    await tx.execute(statement("jobs/lock_requester"), caller.user_id)
    await check_debt(tx, caller.user_id)
    conversion = await _convert(services, tx, order, services.clock.now().date())
    key = str(services.clock.new_id())
    moved = transfers.exchange(key, caller.user_id, AccountKind(order.account), conversion)
    await ledger.post(tx, moved, Actor(ActorKind.USER, str(caller.user_id), "exchanged money"))
    return _shown(order, conversion).model_dump(mode="json")


async def _convert(services: Services, tx: asyncpg.Connection, order: ExchangeOrder, today: date) -> Conversion:
    source, target = order.source_currency, order.target_currency
    for code in (source, target):
        if code not in CURRENCIES:
            raise Refusal(f"there is no currency {code}", code="currency_unknown", hint=", ".join(sorted(CURRENCIES)))
    if source == target:
        raise Refusal("source and target are the same currency", code="currency_mismatch", hint="name two")
    rate = await rate_of(tx, source, target, today, services.config.rates_max_age_days)
    conversion = convert(order.amount_micros, rate, services.config.exchange_margin_bps)
    if not 0 < conversion.received_micros <= MAX_MICROS:
        raise Refusal("nothing, or too much, would come out", code="bad_amount", hint="name another amount")
    if conversion.received_micros < order.least_micros:
        hint = "ask for a quote again"
        raise Refusal(f"only {conversion.received_micros} micro-units would come out", code="rate_changed", hint=hint)
    return conversion


def _shown(order: ExchangeOrder, conversion: Conversion) -> Exchange:
    return Exchange(
        account=order.account,
        source_currency=order.source_currency,
        target_currency=order.target_currency,
        amount_micros=conversion.source_micros,
        received_micros=conversion.received_micros,
        margin_micros=conversion.margin_micros,
        margin_bps=conversion.margin_bps,
        rate=format(Decimal(conversion.rate.nanos) / NANOS, "f"),
        rate_day=conversion.rate.day,
    )
