"""Loads the exchange rates of `WE1WEB_RATES`, a file or an address. When it is missing or bad, the old ones stay."""

import asyncio
from datetime import datetime
from pathlib import Path

import asyncpg
import httpx2

from we1web.coordinator.rate_files import MAX_CHARS, BadRates, parse
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.domain.fx import Rate

TIMEOUT_S = 30.0


class FxRates:
    name = "fx_rates"
    every_s = 900.0

    def __init__(self, services: Services, source: str, transport: httpx2.AsyncBaseTransport | None = None):
        """`transport`: of tests."""
        self._services = services
        self._source = source
        self._transport = transport
        self._due = False

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Nothing yet: the file is read after the commit, because it may take a while."""
        self._due = True
        return 0

    async def committed(self) -> None:
        if self._due:
            self._due = False
            await self._load()

    async def _load(self) -> None:
        try:
            rates = parse(await self._read())
        except (OSError, UnicodeDecodeError, BadRates, httpx2.HTTPError) as error:
            logger.warning("no rates were loaded; the old ones stay", source=self._source, error=str(error))
            return
        async with self._services.database.transaction(SERVICE) as tx:
            fresh = await tx.fetch(statement("rates/load"), *_columns(rates), self._source, self._services.clock.now())
        logger.info("rates loaded", source=self._source, changed=len(fresh), newest=str(max(r.day for r in rates)))

    async def _read(self) -> str:
        if not self._source.startswith("https://"):
            return await asyncio.to_thread(_read_file, Path(self._source))
        pieces, size = [], 0
        async with (
            httpx2.AsyncClient(timeout=TIMEOUT_S, transport=self._transport) as http,
            http.stream("GET", self._source) as answer,
        ):
            answer.raise_for_status()
            async for piece in answer.aiter_bytes():
                size += len(piece)
                if size > MAX_CHARS:
                    raise BadRates(f"more than {MAX_CHARS} bytes")
                pieces.append(piece)
        return b"".join(pieces).decode()


def _read_file(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.read(MAX_CHARS + 1)


def _columns(rates: list[Rate]) -> tuple[list[object], ...]:
    return [r.day for r in rates], [r.base for r in rates], [r.quote for r in rates], [r.nanos for r in rates]
