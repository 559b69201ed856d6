"""Public numbers of the whole network: what the database says, remembered for some seconds, and this market's own."""

import asyncio

from we1web.coordinator.services import Services
from we1web.coordinator.storage.errors import DatabaseError
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement

FRESH_S = 5.0
PING_S = 2.0


class NetworkNumbers:
    """Counting all jobs costs the database something, so nobody makes it do so more than once in some seconds."""

    def __init__(self, services: Services):
        self._services = services
        self._counted: dict[str, float] = {}
        self._counted_s = float("-inf")

    async def read(self) -> dict[str, float]:
        now_s = self._services.clock.monotonic()
        if now_s - self._counted_s >= FRESH_S:
            self._counted_s = now_s
            self._counted = await self._count()
        return self._counted | self._services.market.numbers()

    async def _count(self) -> dict[str, float]:
        async with self._services.database.transaction(SERVICE) as tx:
            row = await tx.fetchrow(statement("network/numbers"))
        numbers: dict[str, float] = {name: float(value) for name, value in row.items()}
        return numbers


async def database_answers(services: Services) -> bool:
    """Whether the database answers soon."""
    try:
        async with asyncio.timeout(PING_S), services.database.transaction(SERVICE) as tx:
            return bool(await tx.fetchval(statement("network/ping")))
    except (DatabaseError, TimeoutError):
        return False
