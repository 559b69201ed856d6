"""Tokens: given, from the environment, or from the login stored on this machine, renewed before it expires.

The stored login holds a refresh token that works once; whoever renews holds a lock on the file, so that two programs
never spend the same one. The file is readable by its owner only.
"""

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import httpx2
import msgspec
from msgspec import Struct

from we1web.protocol.errors import We1webError
from we1web.sdk import config
from we1web.sdk.api import Api
from we1web.sdk.clock import Pacing, wall_s
from we1web.sdk.errors import ApiError, NotAuthenticated
from we1web.sdk.models import Tokens
from we1web.sdk.transport import Transport

FILE = "login.json"
RENEW_BEFORE_S = 120
_LOG_IN = "run `we1web login`, or set WE1WEB_TOKEN to an API token"


class StoredLogin(Struct, frozen=True):
    """Who is logged in, and where."""

    url: str
    email: str
    access_token: str
    refresh_token: str
    expires_at: int


class LoginFileError(We1webError):
    """The stored login cannot be read."""

    code = "login_unreadable"
    hint = "run `we1web login` again"


class Source(NamedTuple):
    """A coordinator's address and a way to a token that works now."""

    url: str
    token: Callable[[], Awaitable[str]]


def token_source(
    url: str | None, token: str | None, pacing: Pacing, http: httpx2.AsyncBaseTransport | None = None
) -> Source:
    """Arguments, then the environment, then the stored login."""
    url = url or config.url_from_environment()
    token = token or config.token_from_environment()
    stored = None if token else load()
    if stored and url in (None, stored.url):
        return Source(stored.url, _Renewing(stored, pacing, http).token)
    return Source(url or config.DEFAULT_URL, _constant(token or ""))


def _constant(token: str) -> Callable[[], Awaitable[str]]:
    async def constant() -> str:
        if not token:
            raise NotAuthenticated("no token was given", code="token_missing", hint=_LOG_IN)
        return token

    return constant


async def _anonymous() -> str:
    return ""


def anonymous_api(url: str, pacing: Pacing, http: httpx2.AsyncBaseTransport | None = None) -> Api:
    """For logging in, and for what needs no token."""
    return Api(Transport(config.address(url).http, _anonymous, pacing, http))


class _Renewing:
    """The access token of the stored login; renewed, by one program at a time, shortly before it expires."""

    def __init__(self, stored: StoredLogin, pacing: Pacing, http: httpx2.AsyncBaseTransport | None) -> None:
        self._stored = stored
        self._pacing = pacing
        self._http = http
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        if _is_fresh(self._stored):
            return self._stored.access_token
        async with self._lock:
            if not _is_fresh(self._stored):
                await self._renew()
        return self._stored.access_token

    async def _renew(self) -> None:
        """Another program may have renewed while we waited for the lock: look at the file before asking."""
        lock = await asyncio.to_thread(_acquire, config.config_dir())
        try:
            self._stored = load() or self._stored
            if not _is_fresh(self._stored):
                self._stored = await self._renewed()
                save(self._stored)
        finally:
            os.close(lock)

    async def _renewed(self) -> StoredLogin:
        api = anonymous_api(self._stored.url, self._pacing, self._http)
        try:
            tokens: Tokens = await api.refresh(self._stored.refresh_token)
        except ApiError as error:
            if error.retryable:
                raise
            raise NotAuthenticated(f"the login has ended: {error.message}", code=error.code, hint=_LOG_IN) from None
        finally:
            await api.close()
        return msgspec.structs.replace(
            self._stored,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_at=tokens.expires_at,
        )


def _is_fresh(stored: StoredLogin) -> bool:
    return stored.expires_at - wall_s() > RENEW_BEFORE_S


def _acquire(folder: Path) -> int:
    """Waits for the lock; closing the descriptor gives it back."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{FILE}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def load(folder: Path | None = None) -> StoredLogin | None:
    """The stored login, if there is one. Raises LoginFileError."""
    path = (folder or config.config_dir()) / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=StoredLogin)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise LoginFileError(f"{path}: {error}") from None


def save(login: StoredLogin, folder: Path | None = None) -> Path:
    """Writes the login so that nobody else can read it, and never half of it."""
    folder = folder or config.config_dir()
    folder.mkdir(parents=True, exist_ok=True)
    path, draft = folder / FILE, folder / f"{FILE}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(login))
    draft.replace(path)
    return path


def forget(folder: Path | None = None) -> bool:
    """Deletes the stored login; False when there was none."""
    path = (folder or config.config_dir()) / FILE
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed
