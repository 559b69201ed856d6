"""Who vouches for an access token: our own keys, or the JWKS of a Supabase project. HS256 and `none` never do."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from we1web.coordinator.auth import access_tokens
from we1web.coordinator.auth.access_tokens import Claims
from we1web.coordinator.auth.errors import AuthError
from we1web.coordinator.auth.keys import ALGORITHM, SigningKeys
from we1web.coordinator.clock import Clock

JWKS_SUFFIX = "/.well-known/jwks.json"
REMOTE_ALGORITHMS = ("ES256", "RS256")
_FRESH_S = 600.0
_RETRY_S = 10.0
_FETCH_S = 5.0
_MAX_JWKS_BYTES = 64 << 10

Fetch = Callable[[str], Awaitable[dict[str, Any]]]


class Verifier(Protocol):
    """Turns an access token into claims that can be believed."""

    @property
    def local(self) -> bool:
        """Whether sessions live in our own database (then an ended one revokes its tokens at once)."""

    async def verify(self, token: str) -> Claims: ...


class LocalVerifier:
    """Our own ES256 keys."""

    local = True

    def __init__(self, keys: SigningKeys, clock: Clock):
        self._keys = keys
        self._clock = clock

    async def verify(self, token: str) -> Claims:
        return access_tokens.verify(token, self._keys.keys, [ALGORITHM], self._clock.now())


class JwksVerifier:
    """The public keys of another issuer, fetched when needed: every ten minutes, or when a token names a new key."""

    local = False

    def __init__(self, url: str, clock: Clock, fetch: Fetch | None = None):
        self._url = url
        self._issuer = url.removesuffix(JWKS_SUFFIX) if url.endswith(JWKS_SUFFIX) else None
        self._clock = clock
        self._fetch = fetch or fetch_jwks
        self._keys: KeySet | None = None
        self._tried_at_s = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def verify(self, token: str) -> Claims:
        keys = await self._keys_for(access_tokens.key_id(token))
        return access_tokens.verify(token, keys, REMOTE_ALGORITHMS, self._clock.now(), self._issuer)

    async def _keys_for(self, kid: str | None) -> KeySet:
        """A flood of tokens with invented key ids causes one fetch in ten seconds, not one each."""
        async with self._one_at_a_time:
            age_s = self._clock.monotonic() - self._tried_at_s
            unknown = self._keys is None or (kid is not None and all(key.kid != kid for key in self._keys))
            if age_s >= (_RETRY_S if unknown else _FRESH_S):
                await self._refresh()
            if self._keys is None:
                raise AuthError(
                    "the issuer's keys cannot be fetched now", code="unavailable", hint="try again", retryable=True
                )
            return self._keys

    async def _refresh(self) -> None:
        """Keeps the old keys when the issuer does not answer."""
        self._tried_at_s = self._clock.monotonic()
        try:
            self._keys = KeySet.import_key_set(await self._fetch(self._url))  # type: ignore[arg-type]
        except (httpx2.HTTPError, JoseError, ValueError, TypeError, KeyError):
            return


async def fetch_jwks(url: str) -> dict[str, Any]:
    """The JWKS document behind a URL."""
    async with httpx2.AsyncClient(timeout=_FETCH_S) as client:
        answer = await client.get(url)
    answer.raise_for_status()
    if len(answer.content) > _MAX_JWKS_BYTES:
        raise ValueError("that is no JWKS")
    document = answer.json()
    if not isinstance(document, dict):
        raise ValueError("that is no JWKS")
    return document
