"""The one door to PostgreSQL: every query runs as a principal, so row-level security cannot be forgotten.

Two pools under two login roles: users (anon, authenticated) and service. It must never hand out an admin connection.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import asyncpg
import msgspec

from we1web.coordinator.clock import Entropy, random_bytes
from we1web.coordinator.storage import logins, seal, secret_store
from we1web.coordinator.storage.errors import Contended, DatabaseError, translated
from we1web.coordinator.storage.principal import Principal
from we1web.coordinator.storage.statements import statement

USER_CONNECTIONS = 8
SERVICE_CONNECTIONS = 8
_CONNECT_S = 10.0
_ACQUIRE_S = 10.0
_CLOSE_S = 10.0
_SETTINGS = {"application_name": "we1web", "timezone": "UTC", "jit": "off"}
_USER_SETTINGS = _SETTINGS | {
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
_SERVICE_SETTINGS = _SETTINGS | {
    "role": "service_role",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


class Database:
    """Pools of connections and the door to them."""

    def __init__(self, dsn: str, users: asyncpg.Pool, service: asyncpg.Pool, claims_seal: seal.Seal | None):
        self._dsn = dsn
        self._users = users
        self._service = service
        self._seal = claims_seal
        self.attached: dict[type, object] = {}
        """What others keep for as long as this database is open, one of a kind (its Auth)."""

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        user_connections: int = USER_CONNECTIONS,
        service_connections: int = SERVICE_CONNECTIONS,
        entropy: Entropy = random_bytes,
    ) -> "Database":
        """Opens both pools on a migrated database. `dsn` is the admin's, used to set the door up."""
        async with translated():
            claims_seal = await _prepare(dsn, entropy)
            users = await _pool(dsn, logins.USER_LOGIN, _USER_SETTINGS, user_connections)
            try:
                service = await _pool(dsn, logins.SERVICE_LOGIN, _SERVICE_SETTINGS, service_connections)
            except BaseException:
                users.terminate()
                raise
        return cls(dsn, users, service, claims_seal)

    def transaction(self, principal: Principal) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """THE door: commits when the block ends, rolls back when it raises; DatabaseLost when the server is gone."""
        return self._service_transaction() if principal.role == "service" else self._user_transaction(principal)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[asyncpg.Connection]:
        """As the service, reading only: everything of one moment, whatever others commit meanwhile."""
        async with (
            _acquired(self._service) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    async def connect_service(self) -> asyncpg.Connection:
        """A connection of its own as service_role (the journal). Wrap its use in errors.translated(connection)."""
        who = logins.login(self._dsn, logins.SERVICE_LOGIN)
        async with translated():
            return await _connect(self._dsn, who, _SERVICE_SETTINGS)

    async def close(self) -> None:
        """Closes both pools; connections still in use are given a moment, then cut."""
        for pool in (self._users, self._service):
            try:
                async with asyncio.timeout(_CLOSE_S):
                    await pool.close()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pool.terminate()

    @asynccontextmanager
    async def _service_transaction(self) -> AsyncIterator[asyncpg.Connection]:
        async with _acquired(self._service) as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def _user_transaction(self, principal: Principal) -> AsyncIterator[asyncpg.Connection]:
        async with _acquired(self._users) as connection, connection.transaction():
            await self._enter(connection, principal)
            yield connection

    async def _enter(self, connection: asyncpg.Connection, principal: Principal) -> None:
        if principal.user_id is None:
            await connection.execute(statement("door/enter_anon"))
            return
        claims = seal.claims_of(principal.user_id)
        if self._seal is None:
            await connection.fetchrow(statement("door/enter_supabase"), claims)
        else:
            await connection.fetchrow(statement("door/enter_sealed"), claims, self._seal.proof(claims))


@asynccontextmanager
async def _acquired(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the pool; errors of the server come out as ours, those of the block as they are."""
    connection = await _acquire(pool)
    try:
        async with translated(connection):
            yield connection
    finally:
        await pool.release(connection)


async def _acquire(pool: asyncpg.Pool) -> asyncpg.Connection:
    try:
        async with translated():
            return await pool.acquire(timeout=_ACQUIRE_S)
    except TimeoutError:
        raise Contended(f"no database connection became free within {_ACQUIRE_S:.0f} s") from None


async def _prepare(dsn: str, entropy: Entropy) -> seal.Seal | None:
    """As the admin: is the schema there, does it seal claims, and do both logins get in."""
    connection = await asyncpg.connect(dsn, timeout=_CONNECT_S)
    try:
        found = await connection.fetchrow(statement("door/look"))
        if not found["migrated"]:
            raise DatabaseError("the database has no WE1WEB schema yet", hint="run migrate() on it first")
        claims_seal = await _sealed(connection, entropy) if found["sealed"] else None
    finally:
        await connection.close()
    for role in (logins.USER_LOGIN, logins.SERVICE_LOGIN):
        await logins.ensure_password(dsn, logins.login(dsn, role))
    return claims_seal


async def _sealed(connection: asyncpg.Connection, entropy: Entropy) -> seal.Seal:
    async with connection.transaction():
        make = partial(entropy, secret_store.KEY_BYTES)
        key = await secret_store.get_or_create(connection, seal.SECRET_NAME, make)
        await seal.install(connection, key)
    return seal.Seal(key)


async def _pool(dsn: str, role: str, settings: dict[str, str], size: int) -> asyncpg.Pool:
    who = logins.login(dsn, role)
    return await asyncpg.create_pool(
        dsn,
        user=who.role,
        password=who.password,
        min_size=0,
        max_inactive_connection_lifetime=0,
        max_size=size,
        timeout=_CONNECT_S,
        server_settings=settings,
        init=_set_codecs,
        reset=_keep if role == logins.SERVICE_LOGIN else None,
    )


async def _connect(dsn: str, who: logins.Login, settings: dict[str, str]) -> asyncpg.Connection:
    connection = await asyncpg.connect(
        dsn, user=who.role, password=who.password, timeout=_CONNECT_S, server_settings=settings
    )
    await _set_codecs(connection)
    return connection


async def _set_codecs(connection: asyncpg.Connection) -> None:
    """JSON columns are Python values on both sides."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode)


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _keep(connection: asyncpg.Connection) -> None:
    """A service connection leaves no state behind (settings are local to its transactions): save the round trip."""
