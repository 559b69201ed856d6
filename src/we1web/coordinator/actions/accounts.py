"""What people do with their accounts: register, log in, stay logged in, change the profile, make and revoke tokens.

Passwords are hashed before and outside of the database transaction. Must never say which addresses are registered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator.auth import access_tokens, accounts, api_tokens, sessions
from we1web.coordinator.auth.accounts import Account
from we1web.coordinator.auth.api_tokens import ApiToken
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import AuthError, CredentialsInvalid, EmailInvalid, RefreshRefused, SamePassword
from we1web.coordinator.auth.identity import ALL_SCOPES, Identity
from we1web.coordinator.auth.sessions import LogoutScope, Refreshed
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement

OPERATOR_EMAIL = "operator@localhost.localdomain"
OPERATOR_TOKEN_NAME = "operator"


@dataclass(frozen=True, slots=True)
class Login:
    """A logged-in account with the tokens of its session."""

    account: Account
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime


async def sign_up(auth: Auth, email: str, password: str, metadata: Mapping[str, Any], agent: str = "") -> Login:
    """A new account, logged in. Raises EmailInvalid, WeakPassword, ProfileInvalid, EmailTaken."""
    auth.require_local()
    address, profile, now = accounts.normal_email(email), accounts.checked_metadata(metadata), auth.clock.now()
    password_hash = await auth.passwords.hash(password)
    async with auth.database.transaction(SERVICE) as connection:
        account = await accounts.create(connection, address, password_hash, profile, now)
        opened = await sessions.open_session(connection, account.id, now, auth.entropy, agent)
    return _login(auth, account, opened, now)


async def log_in(auth: Auth, email: str, password: str, agent: str = "") -> Login:
    """A new session of an existing account. Raises CredentialsInvalid."""
    auth.require_local()
    account = await _account_for(auth, email)
    stored = account.password_hash if account else None
    if not await auth.passwords.verify(stored, password) or account is None:
        raise CredentialsInvalid("unknown e-mail address or wrong password")
    fresh_hash = await auth.passwords.hash(password) if auth.passwords.is_outdated(account.password_hash) else None
    now = auth.clock.now()
    async with auth.database.transaction(SERVICE) as connection:
        if fresh_hash:
            await connection.execute(statement("auth/rehash"), account.id, fresh_hash)
        opened = await sessions.open_session(connection, account.id, now, auth.entropy, agent)
    return _login(auth, account, opened, now)


async def refresh(auth: Auth, refresh_token: str) -> Login:
    """The session goes on with fresh tokens. Raises RefreshRefused; a used token ends its session."""
    auth.require_local()
    now = auth.clock.now()
    async with auth.database.transaction(SERVICE) as connection:
        outcome = await sessions.refresh(connection, refresh_token, now, auth.entropy)
        account = None if isinstance(outcome, RefreshRefused) else await accounts.by_id(connection, outcome.user_id)
    if isinstance(outcome, RefreshRefused):
        raise outcome
    assert account is not None, "a session cannot outlive its account"
    return _login(auth, account, outcome, now)


async def log_out(auth: Auth, who: Identity, scope: LogoutScope) -> None:
    """Ends sessions; their access tokens stop working at once."""
    session_id = of_session(auth, who)
    async with auth.database.transaction(SERVICE) as connection:
        await sessions.end(connection, who.user_id, session_id, scope)


async def account_of(auth: Auth, who: Identity) -> Account:
    """The caller's account."""
    auth.require_local()
    async with auth.database.transaction(SERVICE) as connection:
        account = await accounts.by_id(connection, who.user_id)
    assert account is not None, "an identity has an account"
    return account


async def change(auth: Auth, who: Identity, metadata: Mapping[str, Any], password: str | None) -> Account:
    """Merges metadata, sets another password. A new password ends the caller's other sessions."""
    session_id = of_session(auth, who)
    profile = accounts.checked_metadata(metadata)
    password_hash = await _new_hash(auth, who, password) if password is not None else None
    async with auth.database.transaction(SERVICE) as connection:
        if password_hash:
            await sessions.end(connection, who.user_id, session_id, "others")
        return await accounts.update(connection, who.user_id, profile, password_hash, auth.clock.now())


async def create_token(
    auth: Auth, who: Identity, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new API token and its secret, which is never shown again. Only a login may do this, not another token."""
    require_login(who)
    token = api_tokens.fresh(auth.entropy)
    async with auth.database.transaction(SERVICE) as connection:
        made = await api_tokens.create(
            connection, who.user_id, name, scopes, token=token, now=auth.clock.now(), expires_at=expires_at
        )
    return made, token


async def list_tokens(auth: Auth, who: Identity) -> list[ApiToken]:
    """The caller's tokens, without their secrets."""
    async with auth.database.transaction(SERVICE) as connection:
        return await api_tokens.of_user(connection, who.user_id)


async def revoke_token(auth: Auth, who: Identity, token_id: UUID) -> None:
    """Ends one of the caller's tokens."""
    require_login(who)
    async with auth.database.transaction(SERVICE) as connection:
        await api_tokens.revoke(connection, who.user_id, token_id, auth.clock.now())


async def operator_token(auth: Auth) -> str:
    """A fresh API token of the operator's account, which is made when missing; the one before is revoked."""
    token, now = api_tokens.fresh(auth.entropy), auth.clock.now()
    async with auth.database.transaction(SERVICE) as connection:
        operator = await _operator(auth, connection, now)
        await connection.execute(statement("auth/revoke_tokens_named"), operator, OPERATOR_TOKEN_NAME, now)
        await api_tokens.create(connection, operator, OPERATOR_TOKEN_NAME, sorted(ALL_SCOPES), token=token, now=now)
    return token


async def _operator(auth: Auth, connection: asyncpg.Connection, now: datetime) -> UUID:
    """Its password is drawn and forgotten: the operator comes in by token."""
    account = await accounts.by_email(connection, OPERATOR_EMAIL)
    if account is None:
        auth.require_local()
        nobody_knows = await auth.passwords.hash(sessions.fresh_token(auth.entropy))
        account = await accounts.create(connection, OPERATOR_EMAIL, nobody_knows, {"display_name": "Operator"}, now)
    await connection.execute(statement("auth/make_operator"), account.id)
    return account.id


async def _account_for(auth: Auth, email: str) -> Account | None:
    try:
        address = accounts.normal_email(email)
    except EmailInvalid:
        return None
    async with auth.database.transaction(SERVICE) as connection:
        return await accounts.by_email(connection, address)


async def _new_hash(auth: Auth, who: Identity, password: str) -> str:
    account = await account_of(auth, who)
    if await auth.passwords.verify(account.password_hash, password):
        raise SamePassword("the new password is the old one")
    return await auth.passwords.hash(password)


def of_session(auth: Auth, who: Identity) -> UUID:
    """The caller's session in our own database. Raises AuthError for a caller with an API token."""
    auth.require_local()
    require_login(who)
    assert who.session_id is not None
    return who.session_id


def require_login(who: Identity) -> None:
    """Raises AuthError for a caller with an API token."""
    if who.session_id is None:
        raise AuthError("an API token may not manage the account", code="scope_missing", hint="log in for this")


def _login(auth: Auth, account: Account, opened: Refreshed, now: datetime) -> Login:
    claims = access_tokens.issue(
        user_id=account.id,
        email=account.email,
        session_id=opened.session_id,
        now=now,
        issuer=auth.issuer,
        profile=account.profile,
    )
    return Login(account, auth.keys.sign(claims), opened.refresh_token, now + access_tokens.LIFETIME)
