"""Secrets of the service that every coordinator must share: rows of the secrets table. It must never log a value."""

from collections.abc import Callable

import asyncpg

from we1web.coordinator.storage.statements import statement

KEY_BYTES = 32


async def get_or_create(connection: asyncpg.Connection, name: str, make: Callable[[], bytes]) -> bytes:
    """The secret of that name; when there is none, the first caller's is kept and everybody gets that one."""
    value: bytes | None = await connection.fetchval(statement("secrets/get"), name)
    if value is None:
        await connection.execute(statement("secrets/offer"), name, make())
        value = await connection.fetchval(statement("secrets/get"), name)
    assert value is not None, "a secret that was just offered must be there"
    return value
