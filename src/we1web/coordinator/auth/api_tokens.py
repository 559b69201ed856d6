"""API tokens: `we1_` and 43 characters, shown once, stored as SHA-256, revocable, limited to scopes."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from we1web.coordinator.auth.errors import NoSuchToken, TooManyTokens
from we1web.coordinator.clock import Entropy
from we1web.coordinator.storage.statements import statement

PREFIX = "we1_"
MAX_LIVE = 100
_SECRET_BYTES = 32
_LENGTH = len(PREFIX) + 43


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of a token; its secret part is not."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


def is_api_token(bearer: str) -> bool:
    """Whether a bearer token claims to be one of these (access tokens never start like this)."""
    return bearer.startswith(PREFIX)


def digest(token: str) -> bytes | None:
    """What is stored of a token; None when it cannot be one."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    return hashlib.sha256(token.encode()).digest()


def fresh(entropy: Entropy) -> str:
    """A new token."""
    return PREFIX + base64.urlsafe_b64encode(entropy(_SECRET_BYTES)).rstrip(b"=").decode()


async def create(
    connection: asyncpg.Connection,
    user_id: UUID,
    name: str,
    scopes: Sequence[str],
    *,
    token: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> ApiToken:
    """Stores a fresh token's digest. Raises TooManyTokens."""
    wanted = sorted(set(scopes))
    row = await connection.fetchrow(
        statement("auth/create_token"), user_id, name, wanted, digest(token), now, expires_at, MAX_LIVE
    )
    if row is None:
        raise TooManyTokens(f"an account has at most {MAX_LIVE} API tokens")
    return _token(row)


async def of_user(connection: asyncpg.Connection, user_id: UUID) -> list[ApiToken]:
    """The tokens that are not revoked, oldest first."""
    return [_token(row) for row in await connection.fetch(statement("auth/list_tokens"), user_id)]


async def revoke(connection: asyncpg.Connection, user_id: UUID, token_id: UUID, now: datetime) -> None:
    """Ends a token at once; harmless to repeat. Raises NoSuchToken for an unknown or foreign id."""
    if await connection.fetchval(statement("auth/revoke_token"), user_id, token_id, now) is None:
        raise NoSuchToken("no such API token")


def _token(row: asyncpg.Record) -> ApiToken:
    return ApiToken(
        id=row["id"],
        name=row["name"],
        scopes=tuple(row["scopes"]),
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
        expires_at=row["expires_at"],
    )
