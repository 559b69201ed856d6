"""What one currency is worth in another, from the dated rates in the database. It loads none and decides nothing."""

from datetime import date, timedelta
from itertools import permutations

import asyncpg

from we1web.coordinator.refusals import Refusal
from we1web.coordinator.storage.statements import statement
from we1web.domain import fx
from we1web.domain.currency import CURRENCIES
from we1web.domain.fx import NoRate, Rate

_EVER = 36_500


async def rate_of(tx: asyncpg.Connection, base: str, quote: str, today: date, max_age_days: int) -> Rate:
    """The newest rate that is not too old. Raises Refusal: rate_stale when there are only older ones, rate_missing."""
    try:
        return fx.find(base, quote, await _newest(tx, today, max_age_days))
    except NoRate as missing:
        known = await _newest(tx, today, _EVER)
        try:
            old = fx.find(base, quote, known)
        except NoRate:
            hint = "the operator loads rates with WE1WEB_RATES"
            raise Refusal(str(missing), code="rate_missing", hint=hint) from None
        hint = "the operator has to load newer ones (WE1WEB_RATES); nothing is exchanged by old rates"
        raise Refusal(f"the rate is of {old.day}", code="rate_stale", hint=hint) from None


async def convertible(tx: asyncpg.Connection, today: date, max_age_days: int) -> list[tuple[str, str]]:
    """Every pair of currencies, from and to, that `rate_of` has a rate for."""
    known = await _newest(tx, today, max_age_days)
    return [pair for pair in permutations(sorted(CURRENCIES), 2) if _leads(*pair, known)]


def _leads(base: str, quote: str, known: dict[tuple[str, str], Rate]) -> bool:
    try:
        fx.find(base, quote, known)
    except NoRate:
        return False
    return True


async def _newest(tx: asyncpg.Connection, today: date, max_age_days: int) -> dict[tuple[str, str], Rate]:
    rows = await tx.fetch(statement("rates/newest"), today - timedelta(days=max_age_days), today)
    return {(row["base"], row["quote"]): Rate(**dict(row)) for row in rows}
