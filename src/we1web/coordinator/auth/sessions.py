"""Sessions and their rotating refresh tokens: each token works once, a second use ends the whole session.

A grace of ten seconds forgives a client that asked twice at once. Tokens are stored as SHA-256 only.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import asyncpg

from we1web.coordinator.auth.errors import RefreshRefused
from we1web.coordinator.clock import Entropy
from we1web.coordinator.storage.statements import statement

REUSE_GRACE = timedelta(seconds=10)
IDLE_LIFETIME = timedelta(days=60)
_TOKEN_BYTES = 32
_MAX_TOKEN_CHARS = 200

LogoutScope = Literal["global", "local", "others"]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A session that goes on."""

    user_id: UUID
    session_id: UUID
    refresh_token: str = field(repr=False)


def digest(token: str) -> str:
    """What is stored of a refresh token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def fresh_token(entropy: Entropy) -> str:
    """43 url-safe characters nobody can guess."""
    return base64.urlsafe_b64encode(entropy(_TOKEN_BYTES)).rstrip(b"=").decode()


async def open_session(
    connection: asyncpg.Connection, user_id: UUID, now: datetime, entropy: Entropy, agent: str = ""
) -> Refreshed:
    """A new session with its first refresh token. `agent`: what the client calls itself."""
    session_id: UUID = await connection.fetchval(statement("auth/open_session"), user_id, now, agent or None)
    token = fresh_token(entropy)
    await connection.execute(statement("auth/add_refresh_token"), digest(token), session_id, None, now)
    return Refreshed(user_id, session_id, token)


async def refresh(
    connection: asyncpg.Connection, token: str, now: datetime, entropy: Entropy
) -> Refreshed | RefreshRefused:
    """Rotates a refresh token. A refusal is returned, not raised: ending a session has to be committed."""
    used = digest(token)
    row = await connection.fetchrow(statement("auth/take_refresh_token"), used) if _plausible(token) else None
    if row is None:
        return RefreshRefused("no such refresh token")
    if refusal := _refusal(row, now):
        await connection.execute(statement("auth/end_session"), row["session_id"])
        return refusal
    await connection.execute(statement("auth/use_refresh_token"), used, row["session_id"], now)
    child = fresh_token(entropy)
    await connection.execute(statement("auth/add_refresh_token"), digest(child), row["session_id"], used, now)
    return Refreshed(row["user_id"], row["session_id"], child)


async def end(connection: asyncpg.Connection, user_id: UUID, session_id: UUID, scope: LogoutScope) -> None:
    """Logs out: this session, the user's other ones, or all."""
    match scope:
        case "local":
            await connection.execute(statement("auth/end_session"), session_id)
        case "others":
            await connection.execute(statement("auth/end_other_sessions"), user_id, session_id)
        case "global":
            await connection.execute(statement("auth/end_all_sessions"), user_id)


async def sweep(connection: asyncpg.Connection, now: datetime) -> None:
    """Removes sessions that nobody refreshed for so long that they would be refused."""
    await connection.execute(statement("auth/sweep_sessions"), now - IDLE_LIFETIME)


def _plausible(token: str) -> bool:
    return 0 < len(token) <= _MAX_TOKEN_CHARS


def _refusal(row: asyncpg.Record, now: datetime) -> RefreshRefused | None:
    if row["used_at"] is not None and now - row["used_at"] > REUSE_GRACE:
        return RefreshRefused("the refresh token was used before; its session is ended", code="refresh_token_used")
    if now - row["refreshed_at"] > IDLE_LIFETIME:
        return RefreshRefused("the session was not used for too long")
    return None
