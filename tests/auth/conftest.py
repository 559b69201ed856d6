"""An Auth on this module's database whose clock the test moves, and an HTTP client on its routes."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from tests.moved_clock import MovedClock

from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.http import auth_routes, gotrue_routes, problems
from we1web.coordinator.storage.database import Database

PASSWORD = "correct horse"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest_asyncio.fixture
async def auth(database: Database, clock: MovedClock) -> AsyncIterator[Auth]:
    opened = await Auth.open(database, clock=clock, public_url="http://auth.test")
    yield opened
    opened.close()


def application(database: Database, auth: Auth) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.include_router(auth_routes.routes(database, auth))
    app.include_router(gotrue_routes.routes(database, auth))
    return app


@pytest_asyncio.fixture
async def client(database: Database, auth: Auth) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=application(database, auth))
    async with httpx2.AsyncClient(transport=transport, base_url="http://auth.test") as opened:
        yield opened


@pytest.fixture
def address() -> str:
    """An e-mail address nobody used before."""
    return f"{uuid4().hex}@example.com"
