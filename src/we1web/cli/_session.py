"""Single calls of the asynchronous core for commands that are no jobs: accounts, tokens, checks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from we1web.cli._options import Connection
from we1web.sdk import config
from we1web.sdk.api import Api
from we1web.sdk.async_client import AsyncClient
from we1web.sdk.clock import Pacing
from we1web.sdk.credentials import anonymous_api

T = TypeVar("T")


def call(connection: Connection, action: Callable[[Api], Awaitable[T]]) -> T:
    """Runs one exchange as whoever the connection says."""

    async def exchange() -> T:
        async with AsyncClient(connection.url, connection.token) as client:
            return await action(client.api)

    return asyncio.run(exchange())


def call_anonymously(url: str | None, action: Callable[[Api], Awaitable[T]]) -> T:
    """Runs one exchange that needs no token."""

    async def exchange() -> T:
        api = anonymous_api(url or config.url_from_environment() or config.DEFAULT_URL, Pacing(patience_s=0.1))
        try:
            return await action(api)
        finally:
            await api.close()

    return asyncio.run(exchange())
