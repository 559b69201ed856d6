"""The operator's report: where all the money is, by our books and by the rails', and what nobody has explained yet."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import asyncpg

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.money_report_schemas import CurrencyMoney, MoneyReport, RailCheck, RailMovement, WaitingNotice
from we1web.coordinator.rates import rate_of
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain.fx import convert

SHOWN = 100
Held = Mapping[str, int]
"""Kind of account → what all of them hold."""


async def report(services: Services, caller: Identity) -> MoneyReport:
    """Raises AuthError when the caller is no operator."""
    caller.require_operator()
    async with services.database.transaction(SERVICE) as tx:
        accounts = await tx.fetch(statement("money/accounts"))
        flows = {row["currency"]: row for row in await tx.fetch(statement("money/flows"))}
        checks = await tx.fetch(statement("money/checks"))
        notices = await tx.fetch(statement("money/notices"), SHOWN)
        movements = await tx.fetch(statement("money/unexplained"), SHOWN)
        codes = sorted({row["currency"] for row in accounts} | set(flows))
        currencies = [await _currency(services, tx, code, accounts, flows.get(code)) for code in codes]
    return MoneyReport(
        network_currency=services.config.currency,
        currencies=currencies,
        checks=[RailCheck(**dict(row)) for row in checks],
        notices_waiting=notices[0]["n"] if notices else 0,
        notices=[WaitingNotice(**dict(row)) for row in notices],
        unexplained=[RailMovement(**dict(row)) for row in movements],
    )


async def _currency(
    services: Services,
    tx: asyncpg.Connection,
    code: str,
    accounts: list[asyncpg.Record],
    flows: asyncpg.Record | None,
) -> CurrencyMoney:
    held: defaultdict[str, int] = defaultdict(int)
    rails: dict[str, int] = {}
    for row in accounts:
        if row["currency"] == code:
            held[row["kind"]] += row["micros"]
            if row["kind"] == "clearing":
                rails[row["rail"]] = -row["micros"]
    value, day = await _value(services, tx, code, held["fx"])
    return CurrencyMoney(
        currency=code,
        came_in_micros=flows["came_in"] if flows else 0,
        refunded_micros=flows["refunded"] if flows else 0,
        disputed_micros=flows["disputed"] if flows else 0,
        paid_out_micros=flows["paid_out"] if flows else 0,
        wallets_micros=held["wallet"],
        held_micros=held["escrow"],
        earnings_micros=held["earnings"],
        pools_micros=held["pool"] + held["pot"],
        debts_micros=-held["debt"],
        in_flight_micros=held["in_flight"],
        fees_micros=held["fees"],
        costs_micros=-held["costs"],
        outside_micros=-held["world"],
        at_rails_micros=rails,
        position_micros=held["fx"],
        position_value_micros=value,
        rate_day=day,
        rounding_micros=held["rounding"],
    )


async def _value(
    services: Services, tx: asyncpg.Connection, code: str, position: int
) -> tuple[int | None, date | None]:
    """A position in the network's currency at the newest rate; None when there is no fresh one."""
    network, today = services.config.currency, services.clock.now().date()
    if code == network or not position:
        return position, None
    try:
        rate = await rate_of(tx, code, network, today, services.config.rates_max_age_days)
    except Refusal:
        return None, None
    value = convert(abs(position), rate).received_micros
    return (value if position > 0 else -value), rate.day
