"""The embedded issuer's accounts: rows of auth.users. It must never hand a password hash to anything but Passwords."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from we1web.coordinator.auth.errors import EmailInvalid, EmailTaken, ProfileInvalid
from we1web.coordinator.storage.statements import statement

MAX_EMAIL_CHARS = 254
MAX_METADATA_BYTES = 16 << 10
MAX_DISPLAY_NAME_CHARS = 100
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f.]+")


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the embedded issuer."""

    id: UUID
    email: str
    password_hash: str = field(repr=False)
    app_metadata: dict[str, Any]
    user_metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    confirmed_at: datetime | None
    last_sign_in_at: datetime | None

    @property
    def display_name(self) -> str | None:
        name = self.user_metadata.get("display_name")
        return name[:MAX_DISPLAY_NAME_CHARS] if isinstance(name, str) else None

    @property
    def profile(self) -> dict[str, dict[str, Any]]:
        """The two metadata claims of a token."""
        return {"app_metadata": self.app_metadata, "user_metadata": self.user_metadata}


def normal_email(email: str) -> str:
    """The address as it is stored. Raises EmailInvalid."""
    address = email.strip().lower()
    if len(address) > MAX_EMAIL_CHARS or not _EMAIL.fullmatch(address) or not _storable(address):
        raise EmailInvalid("this is no e-mail address")
    return address


def checked_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata that JSONB can hold and tokens can carry. Raises ProfileInvalid."""
    try:
        encoded = msgspec.json.encode(metadata)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise ProfileInvalid("the metadata cannot be stored as JSON") from None
    if len(encoded) > MAX_METADATA_BYTES or b"\\u0000" in encoded:
        raise ProfileInvalid("the metadata is too large or holds NUL characters")
    return dict(metadata)


def _storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


async def create(
    connection: asyncpg.Connection, email: str, password_hash: str, metadata: Mapping[str, Any], now: datetime
) -> Account:
    """A new account. Raises EmailTaken."""
    row = await connection.fetchrow(statement("auth/create_user"), email, password_hash, dict(metadata), now)
    if row is None:
        raise EmailTaken("this e-mail address is registered already")
    return _account(row)


async def by_email(connection: asyncpg.Connection, email: str) -> Account | None:
    """The account of a normal address."""
    row = await connection.fetchrow(statement("auth/user_by_email"), email)
    return _account(row) if row else None


async def by_id(connection: asyncpg.Connection, user_id: UUID) -> Account | None:
    row = await connection.fetchrow(statement("auth/user_by_id"), user_id)
    return _account(row) if row else None


async def update(
    connection: asyncpg.Connection,
    user_id: UUID,
    metadata: Mapping[str, Any],
    password_hash: str | None,
    now: datetime,
) -> Account:
    """Merges metadata into the account's and, when given, replaces the password's hash."""
    row = await connection.fetchrow(statement("auth/update_user"), user_id, dict(metadata), password_hash, now)
    return _account(row)


def _account(row: asyncpg.Record) -> Account:
    return Account(
        id=row["id"],
        email=row["email"],
        password_hash=row["encrypted_password"],
        app_metadata=row["raw_app_meta_data"],
        user_metadata=row["raw_user_meta_data"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        confirmed_at=row["email_confirmed_at"],
        last_sign_in_at=row["last_sign_in_at"],
    )
