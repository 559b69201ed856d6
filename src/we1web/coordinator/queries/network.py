"""Public numbers of the whole network: what the database says, remembered for some seconds, and this market's own.

Of people and devices it tells sums only: how many nodes there are in a country, never which.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

import asyncpg

from we1web.coordinator.network_schemas import Network, NetworkCountry, NetworkMinute, NetworkPrice
from we1web.coordinator.services import Services
from we1web.coordinator.storage.errors import DatabaseError
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import pricing

FRESH_S = 5.0
PRICE_FRESH_S = 60.0
"""A median of a whole day changes slowly, and costs more the more nodes there are."""
PING_S = 2.0
T = TypeVar("T")


class Remembered(Generic[T]):
    """Counting costs the database something, so nobody makes it do so more than once in some seconds."""

    def __init__(self, services: Services, fresh_s: float, count: Callable[[Services], Awaitable[T]]):
        self._services = services
        self._fresh_s = fresh_s
        self._count = count
        self._lock = asyncio.Lock()
        self._counted: T | None = None
        self._counted_s = float("-inf")

    async def read(self) -> T:
        async with self._lock:
            now_s = self._services.clock.monotonic()
            if self._counted is None or now_s - self._counted_s >= self._fresh_s:
                self._counted = await self._count(self._services)
                self._counted_s = now_s
            return self._counted


class NetworkNumbers:
    """The network as everybody may see it."""

    def __init__(self, services: Services):
        self._services = services
        self._picture = Remembered(services, FRESH_S, _picture)
        self._price = Remembered(services, PRICE_FRESH_S, _price)

    async def read(self) -> Network:
        picture = await self._picture.read()
        numbers = picture.numbers | self._services.market.numbers()
        earned = await self._price.read()
        update = {"numbers": numbers, "earned_micros_per_core_hour": earned.micros_per_core_hour}
        return picture.model_copy(update=update)

    async def price(self, task_s: float) -> NetworkPrice:
        """What one vote on a task of so many seconds should pay: as much as an hour of a core lately cost."""
        earned, config = await self._price.read(), self._services.config
        rate: float = config.price_per_core_h_micros
        if earned.micros_per_core_hour is not None:
            rate = pricing.gross(earned.micros_per_core_hour, config.fee_bps)
        return NetworkPrice(
            task_s=task_s,
            price_micros=pricing.suggest(task_s, rate),
            micros_per_core_hour=rate,
            earned_micros_per_core_hour=earned.micros_per_core_hour,
            core_hours=earned.core_hours,
            currency=config.currency,
        )


async def _picture(services: Services) -> Network:
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("network/numbers"))
        countries = await tx.fetch(statement("network/countries"))
        minutes = await tx.fetch(statement("network/minutes"))
        age_s = await tx.fetchval(statement("network/queue_age"))
    paid, rejected, ended = (_sum(minutes, *names) for names in (["votes_paid"], ["votes_rejected"], ENDED))
    return Network(
        numbers={name: float(value) for name, value in row.items()},
        countries=[NetworkCountry(**dict(country)) for country in countries],
        minutes=[_minute(minute) for minute in minutes],
        queue_age_s=age_s,
        agreement=paid / (paid + rejected) if paid + rejected else None,
        redundancy=(paid + rejected) / ended if ended else None,
        earned_micros_per_core_hour=None,
    )


ENDED = ["verified", "failed"]


def _sum(rows: Sequence[asyncpg.Record], *names: str) -> int:
    return sum(row[name] for row in rows for name in names)


def _minute(row: asyncpg.Record) -> NetworkMinute:
    votes = row["votes_paid"] + row["votes_rejected"]
    return NetworkMinute(at=row["at"], verified=row["verified"], failed=row["failed"], executions=votes)


class Earned(NamedTuple):
    """What an hour of one core earned, and how many such hours were looked at."""

    micros_per_core_hour: float | None
    core_hours: float


async def _price(services: Services) -> Earned:
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("network/price"), services.config.currency)
    return Earned(row["median"], row["core_hours"])


async def database_answers(services: Services) -> bool:
    """Whether the database answers soon."""
    try:
        async with asyncio.timeout(PING_S), services.database.transaction(SERVICE) as tx:
            return bool(await tx.fetchval(statement("network/ping")))
    except (DatabaseError, TimeoutError):
        return False
