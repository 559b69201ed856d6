"""A coordinator process of its own for each test here, on the test server's PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess


@pytest_asyncio.fixture
async def coordinator(postgres: Postgres, tmp_path: Path) -> AsyncIterator[CoordinatorProcess]:
    process = CoordinatorProcess(tmp_path / "coordinator", DATABASE_URL=await postgres.create())
    await process.start()
    yield process
    await process.stop()
