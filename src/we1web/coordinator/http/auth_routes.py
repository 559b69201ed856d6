"""`/api/auth/*`: register, log in, who am I, API tokens. Thin: every decision is in actions/accounts.py."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from we1web.coordinator.actions import accounts
from we1web.coordinator.actions.accounts import Login
from we1web.coordinator.auth.api_tokens import ApiToken
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import AuthError
from we1web.coordinator.auth.identity import ALL_SCOPES, Identity, identify
from we1web.coordinator.http import user_agent
from we1web.coordinator.storage.database import Database
from we1web.protocol.limits import MAX_NAME_CHARS

Scope = Literal["node", "jobs"]
Line = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS, pattern=r"^[^\x00-\x1f\x7f]+$")]
CallerDependency = Callable[..., Awaitable[Identity]]
_bearer = HTTPBearer(auto_error=False, description="An access token of a login, or an API token (`we1_...`).")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Registration(_Body):
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1_024)]
    display_name: Line | None = None


class Credentials(_Body):
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1_024)]


class TokenOrder(_Body):
    name: Line
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(ALL_SCOPES))]


class UserView(BaseModel):
    id: UUID
    email: str
    display_name: str | None


class SessionView(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
    expires_at: int


class LoginView(BaseModel):
    user: UserView
    session: SessionView


class CurrentSession(BaseModel):
    user: UserView
    scopes: list[Scope]
    is_operator: bool
    expires_at: datetime | None


class TokenView(BaseModel):
    id: UUID
    name: str
    scopes: list[Scope]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class TokenCreated(TokenView):
    token: Annotated[str, Field(description="Shown this one time.")]


class TokenList(BaseModel):
    items: list[TokenView]


def routes(database: Database, auth: Auth, caller: CallerDependency | None = None) -> APIRouter:
    """The routes of one coordinator. `caller`: the dependency that identifies the caller, when more hangs on it."""
    router = APIRouter(prefix="/api/auth", tags=["auth"])
    _add_logins(router, auth)
    _add_tokens(router, auth, caller or _caller(database))
    return router


def _caller(database: Database) -> CallerDependency:
    async def caller(given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> Identity:
        if given is None or not given.credentials:
            raise AuthError("no token was sent", code="token_missing", hint="send Authorization: Bearer <token>")
        return await identify(database, given.credentials)

    return caller


def _add_logins(router: APIRouter, auth: Auth) -> None:
    @router.post("/register", status_code=201)
    async def register(request: Request, body: Registration) -> LoginView:
        """A new account; answers with its first session."""
        metadata = {"display_name": body.display_name} if body.display_name else {}
        agent = user_agent.of(request)
        return _login_view(auth, await accounts.sign_up(auth, body.email, body.password, metadata, agent))

    @router.post("/login")
    async def login(request: Request, body: Credentials) -> LoginView:
        """A new session."""
        agent = user_agent.of(request)
        return _login_view(auth, await accounts.log_in(auth, body.email, body.password, agent))


def _add_tokens(router: APIRouter, auth: Auth, caller: CallerDependency) -> None:
    @router.get("/session")
    async def session(who: Annotated[Identity, Depends(caller)]) -> CurrentSession:
        """Who the token speaks for, and what it may do."""
        return _session_view(who)

    @router.post("/tokens", status_code=201)
    async def create_token(body: TokenOrder, who: Annotated[Identity, Depends(caller)]) -> TokenCreated:
        """A new API token; its secret is in this answer and nowhere else."""
        made, token = await accounts.create_token(auth, who, body.name, body.scopes)
        return TokenCreated(**_token_view(made).model_dump(), token=token)

    @router.get("/tokens")
    async def list_tokens(who: Annotated[Identity, Depends(caller)]) -> TokenList:
        """The caller's tokens that are not revoked, oldest first."""
        return TokenList(items=[_token_view(token) for token in await accounts.list_tokens(auth, who)])

    @router.delete("/tokens/{token_id}", status_code=204)
    async def revoke_token(token_id: UUID, who: Annotated[Identity, Depends(caller)]) -> Response:
        """Ends a token at once."""
        await accounts.revoke_token(auth, who, token_id)
        return Response(status_code=204)


def _login_view(auth: Auth, login: Login) -> LoginView:
    return LoginView(
        user=UserView(id=login.account.id, email=login.account.email, display_name=login.account.display_name),
        session=SessionView(
            access_token=login.access_token,
            refresh_token=login.refresh_token,
            expires_in=round((login.expires_at - auth.clock.now()).total_seconds()),
            expires_at=int(login.expires_at.timestamp()),
        ),
    )


def _session_view(who: Identity) -> CurrentSession:
    return CurrentSession(
        user=UserView(id=who.user_id, email=who.email, display_name=who.display_name),
        scopes=[scope for scope in get_args(Scope) if scope in who.scopes],
        is_operator=who.is_operator,
        expires_at=who.expires_at,
    )


def _token_view(token: ApiToken) -> TokenView:
    return TokenView.model_validate(token, from_attributes=True)
