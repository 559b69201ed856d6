"""What an access token says and when it is believed: pure functions over claims, keys and `now`.

Only asymmetric algorithms that the caller names are accepted: `none` and HS256 never are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from we1web.coordinator.auth.errors import AuthError
from we1web.protocol.limits import MAX_TOKEN_BYTES

AUDIENCE = "authenticated"
ROLE = "authenticated"
LIFETIME = timedelta(hours=1)
CLOCK_SKEW_S = 30


@dataclass(frozen=True, slots=True)
class Claims:
    """What we use of a verified access token."""

    user_id: UUID
    email: str
    session_id: UUID
    expires_at: datetime


def issue(
    *, user_id: UUID, email: str, session_id: UUID, now: datetime, issuer: str, profile: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The claims of a fresh access token, as Supabase's clients expect them. `profile`: app_metadata, user_metadata."""
    issued_s = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": str(user_id),
        "aud": AUDIENCE,
        "exp": issued_s + int(LIFETIME.total_seconds()),
        "iat": issued_s,
        "email": email,
        "phone": "",
        **profile,
        "role": ROLE,
        "aal": "aal1",
        "amr": [{"method": "password", "timestamp": issued_s}],
        "session_id": str(session_id),
        "is_anonymous": False,
    }


def verify(token: str, keys: KeySet, algorithms: Sequence[str], now: datetime, issuer: str | None = None) -> Claims:
    """The claims of a token that one of the keys signed and that is valid now. Raises AuthError."""
    if len(token) > MAX_TOKEN_BYTES:
        raise AuthError("the token is too long")
    try:
        claims = jwt.decode(token, keys, algorithms=list(algorithms)).claims
        _rules(now, issuer).validate(claims)
        return _read(claims)
    except ExpiredTokenError:
        raise AuthError("the token has expired", code="token_expired", hint="refresh the session or log in") from None
    except ClaimError as error:
        raise AuthError(f"the token's claim {error.claim!r} is not acceptable") from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise AuthError("the token is not a valid one of ours") from None


def key_id(token: str) -> str | None:
    """The `kid` a token names, unverified: only to decide whether keys must be fetched anew."""
    try:
        kid = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return kid if isinstance(kid, str) else None


def _rules(now: datetime, issuer: str | None) -> jwt.JWTClaimsRegistry:
    essential: dict[str, Any] = {name: {"essential": True} for name in ("exp", "sub", "session_id")}
    essential["aud"] = {"essential": True, "value": AUDIENCE}
    essential["role"] = {"essential": True, "value": ROLE}
    if issuer is not None:
        essential["iss"] = {"essential": True, "value": issuer}
    return jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=CLOCK_SKEW_S, **essential)


def _read(claims: dict[str, Any]) -> Claims:
    return Claims(
        user_id=UUID(claims["sub"]),
        email=str(claims.get("email") or ""),
        session_id=UUID(claims["session_id"]),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )
