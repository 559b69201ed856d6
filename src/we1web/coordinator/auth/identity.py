"""Who a bearer token speaks for: one function for access tokens of a login and for API tokens.

Every call asks the database, so that a logout or a revocation works at once and everywhere.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from we1web.coordinator.auth import api_tokens
from we1web.coordinator.auth.access_tokens import Claims
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import AuthError
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement

ALL_SCOPES = frozenset({"node", "jobs"})


@dataclass(frozen=True, slots=True)
class Identity:
    """An authenticated caller. `session_id` is None for an API token: such a caller may not manage the account."""

    user_id: UUID
    user_key: int
    email: str
    scopes: frozenset[str]
    session_id: UUID | None
    display_name: str | None = None
    is_operator: bool = False
    expires_at: datetime | None = None

    def require_operator(self) -> None:
        """Raises AuthError operator_only."""
        if not self.is_operator:
            raise AuthError("only an operator may do this", code="operator_only", hint="use the operator's token")

    def require(self, scope: str) -> None:
        """Raises AuthError scope_missing."""
        if scope not in self.scopes:
            raise AuthError(f"the token lacks the scope {scope!r}", code="scope_missing", hint="make another token")


async def identify(database: Database, bearer: str) -> Identity:
    """Resolves a bearer token. Raises AuthError: token_invalid, token_expired, token_revoked."""
    auth = Auth.of(database)
    if api_tokens.is_api_token(bearer):
        return await _by_api_token(auth, bearer)
    return await _by_claims(auth, await auth.verifier.verify(bearer))


async def _by_api_token(auth: Auth, bearer: str) -> Identity:
    digest, now = api_tokens.digest(bearer), auth.clock.now()
    if digest is None:
        raise AuthError("this is no API token")
    async with auth.database.transaction(SERVICE) as connection:
        row = await connection.fetchrow(statement("auth/token_identity"), digest, now)
    if row is None:
        raise AuthError("no such API token")
    if row["revoked_at"] is not None:
        raise AuthError("the API token was revoked", code="token_revoked", hint="make a new API token")
    if row["expires_at"] is not None and row["expires_at"] <= now:
        raise AuthError("the API token has expired", code="token_expired", hint="make a new API token")
    return _identity(row, frozenset(row["scopes"]), None, row["expires_at"])


async def _by_claims(auth: Auth, claims: Claims) -> Identity:
    async with auth.database.transaction(SERVICE) as connection:
        row = await (_of_session(connection, claims) if auth.verifier.local else _of_project(connection, claims))
    if row is None:
        raise AuthError("the session was ended", code="token_revoked", hint="log in again")
    return _identity(row, ALL_SCOPES, claims.session_id, claims.expires_at)


async def _of_session(connection: asyncpg.Connection, claims: Claims) -> asyncpg.Record | None:
    return await connection.fetchrow(statement("auth/session_identity"), claims.session_id, claims.user_id)


async def _of_project(connection: asyncpg.Connection, claims: Claims) -> asyncpg.Record | None:
    """A user of the Supabase project; one from before our schema was installed is adopted on the first visit."""
    row = await connection.fetchrow(statement("auth/user_identity"), claims.user_id)
    if row is None:
        await connection.execute(statement("auth/adopt_user"), claims.user_id, claims.email)
        row = await connection.fetchrow(statement("auth/user_identity"), claims.user_id)
    return row


def _identity(
    row: asyncpg.Record, scopes: frozenset[str], session_id: UUID | None, expires_at: datetime | None
) -> Identity:
    return Identity(
        user_id=row["id"],
        user_key=row["key"],
        email=row["email"],
        scopes=scopes,
        session_id=session_id,
        display_name=row["display_name"],
        is_operator=row["is_operator"],
        expires_at=expires_at,
    )
