"""`/auth/v1/*`: the subset of GoTrue's interface that Supabase's own clients use, errors in GoTrue's shape included.

Must never answer with anything that tells a registered address from an unknown one, except a sign-up.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from we1web.coordinator.actions import accounts
from we1web.coordinator.actions.accounts import Login
from we1web.coordinator.auth.accounts import Account
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import CredentialsInvalid, RefreshRefused
from we1web.coordinator.auth.identity import Identity, identify
from we1web.coordinator.auth.sessions import LogoutScope
from we1web.coordinator.http import user_agent
from we1web.coordinator.storage.database import Database
from we1web.protocol.errors import We1webError

PREFIX = "/auth/v1"
VERSION_HEADER = "X-Supabase-Api-Version"
_ERROR_CODES_VERSION = "2024-01-01"
_bearer = HTTPBearer(auto_error=False, description="The access token of a session.")

# Our code -> GoTrue's status, code and words (its clients show the words).
_GOTRUE: dict[str, tuple[int, str, str]] = {
    "token_missing": (401, "no_authorization", "This endpoint requires a valid Bearer token"),
    "token_invalid": (403, "bad_jwt", "invalid JWT: unable to parse or verify signature"),
    "token_expired": (403, "bad_jwt", "invalid JWT: token has invalid claims: token is expired"),
    "token_revoked": (403, "session_not_found", "Session from session_id claim in JWT does not exist"),
    "scope_missing": (403, "no_authorization", "This endpoint requires the token of a login"),
    "credentials_invalid": (400, "invalid_credentials", "Invalid login credentials"),
    "email_taken": (422, "user_already_exists", "User already registered"),
    "email_invalid": (400, "email_address_invalid", "Unable to validate email address: invalid format"),
    "weak_password": (422, "weak_password", ""),
    "same_password": (422, "same_password", "New password should be different from the old password."),
    "profile_invalid": (400, "validation_failed", ""),
    "refresh_token_invalid": (400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found"),
    "refresh_token_used": (400, "refresh_token_already_used", "Invalid Refresh Token: Already Used"),
    "auth_elsewhere": (404, "not_found", "Accounts are kept by another issuer"),
    "anonymous_disabled": (422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled"),
    "change_refused": (422, "validation_failed", ""),
    "unavailable": (503, "request_timeout", "Busy, try again"),
    "database_lost": (503, "request_timeout", "Busy, try again"),
    "database_contended": (503, "request_timeout", "Busy, try again"),
    "bad_grant": (400, "validation_failed", "unsupported_grant_type"),
    "bad_body": (400, "validation_failed", ""),
    "rate_limited": (429, "over_request_rate_limit", "Request rate limit reached"),
}

_Text = Annotated[str, Field(max_length=1_024)]
_Email = Annotated[str, Field(max_length=254)]


class SignUp(BaseModel):
    """Unknown fields (captcha tokens, PKCE) are let through, as GoTrue does."""

    email: _Email = ""
    password: _Text = ""
    data: dict[str, Any] | None = None


class Grant(BaseModel):
    email: _Email = ""
    password: _Text = ""
    refresh_token: _Text = ""


class UserChange(BaseModel):
    email: _Email | None = None
    password: _Text | None = None
    data: dict[str, Any] | None = None


class _Refused(We1webError):
    """Refused by these routes themselves."""


class _GoTrueRoute(APIRoute):
    """Answers every expected failure in GoTrue's shape instead of problem+json."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except RequestValidationError as error:
                return _failure(request, _Refused(_first_fault(error), code="bad_body"))
            except We1webError as error:
                return _failure(request, error)

        return handler


CallerDependency = Callable[..., Coroutine[Any, Any, Identity]]


def routes(database: Database, auth: Auth) -> APIRouter:
    """The routes of one coordinator."""
    router = APIRouter(prefix=PREFIX, tags=["gotrue"], route_class=_GoTrueRoute)

    async def caller(given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> Identity:
        if given is None or not given.credentials:
            raise _Refused("no token was sent", code="token_missing")
        return await identify(database, given.credentials)

    _add_sessions(router, auth)
    _add_user(router, auth, caller)
    _add_public(router, auth)
    return router


def _add_sessions(router: APIRouter, auth: Auth) -> None:
    @router.post("/signup")
    async def signup(request: Request, body: SignUp) -> dict[str, Any]:
        """A new account and its first session (there is no mail to confirm)."""
        if not body.email:
            raise _Refused("an e-mail address is needed", code="anonymous_disabled")
        agent = user_agent.of(request)
        return _session(auth, await accounts.sign_up(auth, body.email, body.password, body.data or {}, agent))

    @router.post("/token")
    async def token(
        request: Request, body: Grant, grant_type: Annotated[str, Query(max_length=100)] = ""
    ) -> dict[str, Any]:
        """`grant_type=password` or `refresh_token`."""
        match grant_type:
            case "password":
                return _session(auth, await _password_grant(auth, body, user_agent.of(request)))
            case "refresh_token":
                return _session(auth, await _refresh_grant(auth, body))
            case _:
                raise _Refused("only password and refresh_token are granted", code="bad_grant")


async def _password_grant(auth: Auth, body: Grant, agent: str) -> Login:
    if not body.email or not body.password:
        raise CredentialsInvalid("an e-mail address and a password are needed")
    return await accounts.log_in(auth, body.email, body.password, agent)


async def _refresh_grant(auth: Auth, body: Grant) -> Login:
    if not body.refresh_token:
        raise RefreshRefused("a refresh token is needed")
    return await accounts.refresh(auth, body.refresh_token)


def _add_user(router: APIRouter, auth: Auth, caller: CallerDependency) -> None:
    @router.get("/user")
    async def get_user(who: Annotated[Identity, Depends(caller)]) -> dict[str, Any]:
        """The caller's account."""
        return _user(await accounts.account_of(auth, who))

    @router.put("/user")
    async def put_user(body: UserChange, who: Annotated[Identity, Depends(caller)]) -> dict[str, Any]:
        """Merges metadata, sets another password."""
        if body.email is not None and body.email.strip().lower() != who.email:
            raise _Refused("the e-mail address of an account cannot be changed", code="change_refused")
        return _user(await accounts.change(auth, who, body.data or {}, body.password))

    @router.post("/logout", status_code=204)
    async def logout(who: Annotated[Identity, Depends(caller)], scope: LogoutScope = "global") -> Response:
        """Ends the session (local), the other ones (others) or all (global)."""
        await accounts.log_out(auth, who, scope)
        return Response(status_code=204)


def _add_public(router: APIRouter, auth: Auth) -> None:
    @router.get("/.well-known/jwks.json")
    async def jwks() -> dict[str, Any]:
        """The public keys that verify our access tokens."""
        auth.require_local()
        return auth.keys.public()

    @router.get("/settings")
    async def settings() -> dict[str, Any]:
        """What this issuer offers."""
        external = {"email": auth.verifier.local, "phone": False, "anonymous_users": False}
        return {
            "external": external,
            "disable_signup": not auth.verifier.local,
            "mailer_autoconfirm": True,
            "phone_autoconfirm": False,
            "sms_provider": "",
            "saml_enabled": False,
        }

    @router.get("/health")
    async def health() -> dict[Literal["name", "version", "description"], str]:
        """That the issuer answers."""
        return {"name": "GoTrue", "version": "we1web", "description": "the GoTrue-compatible subset of WE1WEB"}


def _session(auth: Auth, login: Login) -> dict[str, Any]:
    return {
        "access_token": login.access_token,
        "token_type": "bearer",
        "expires_in": round((login.expires_at - auth.clock.now()).total_seconds()),
        "expires_at": int(login.expires_at.timestamp()),
        "refresh_token": login.refresh_token,
        "user": _user(login.account),
    }


def _user(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "aud": "authenticated",
        "role": "authenticated",
        "email": account.email,
        "email_confirmed_at": account.confirmed_at,
        "phone": "",
        "confirmed_at": account.confirmed_at,
        "last_sign_in_at": account.last_sign_in_at,
        "app_metadata": account.app_metadata,
        "user_metadata": account.user_metadata,
        "identities": [_email_identity(account)],
        "created_at": account.created_at,
        "updated_at": account.updated_at,
        "is_anonymous": False,
    }


def _email_identity(account: Account) -> dict[str, Any]:
    return {
        "identity_id": account.id,
        "id": account.id,
        "user_id": account.id,
        "identity_data": {"email": account.email, "email_verified": True, "sub": account.id},
        "provider": "email",
        "email": account.email,
        "created_at": account.created_at,
        "updated_at": account.updated_at,
        "last_sign_in_at": account.last_sign_in_at,
    }


def _failure(request: Request, error: We1webError) -> JSONResponse:
    """GoTrue's two error shapes: clients that name an API version get `code` and `message`, older ones the other."""
    status, code, words = _GOTRUE.get(error.code, (400, "validation_failed", ""))
    message = words or (f"{error.message}: {error.hint}" if error.hint else error.message)
    version = request.headers.get(VERSION_HEADER, "")
    modern = version >= _ERROR_CODES_VERSION
    body: dict[str, Any] = (
        {"code": code, "message": message} if modern else {"code": status, "error_code": code, "msg": message}
    )
    if code == "weak_password":
        body["weak_password"] = {"reasons": ["length"]}
    return JSONResponse(body, status, headers={VERSION_HEADER: _ERROR_CODES_VERSION} if modern else None)


def _first_fault(error: RequestValidationError) -> str:
    """Where and what; the rejected value, which may be a password, stays out of the answer."""
    fault = error.errors()[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
