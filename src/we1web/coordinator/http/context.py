"""What routes ask for by annotation: the services, and who is calling with which scope. Must never query for itself."""

from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from we1web.coordinator.auth.identity import Identity, identify
from we1web.coordinator.http.rates import Buckets
from we1web.coordinator.queries.network import NetworkNumbers
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services

_bearer = HTTPBearer(auto_error=False, description="An access token of a login, or an API token (`we1_...`).")


def services(request: Request) -> Services:
    """The running coordinator's parts, put there by http/api.py."""
    return cast(Services, request.app.state.services)


Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


def network_numbers(request: Request) -> NetworkNumbers:
    """The remembered public numbers."""
    return cast(NetworkNumbers, request.app.state.network)


def bearer_token(credentials: HTTPAuthorizationCredentials | None) -> str:
    """The token of `Authorization: Bearer`. Raises Refusal when there is none."""
    if credentials is None or not credentials.credentials:
        raise Refusal("no token was sent", code="token_missing", hint="send Authorization: Bearer <token>; see login")
    return credentials.credentials


class Caller:
    """Dependency: the authenticated caller, with one of the wanted scopes, within their rate limit."""

    def __init__(self, *scopes: str):
        self._scopes = frozenset(scopes)

    async def __call__(self, request: Request, credentials: Credentials) -> Identity:
        identity = await identify(services(request).database, bearer_token(credentials))
        _spend(request, identity)
        if self._scopes and not self._scopes & identity.scopes:
            wanted = " or ".join(sorted(self._scopes))
            raise Refusal(f"this needs a token with scope {wanted}", code="scope_missing", hint="make another token")
        return identity


def _spend(request: Request, identity: Identity) -> None:
    buckets = cast(Buckets, request.app.state.user_buckets)
    running = services(request)
    allowance = buckets.take(str(identity.user_key), running.clock.monotonic())
    request.scope["state"]["allowance"] = allowance
    if not allowance.granted:
        running.metrics.limited.labels("user").inc()
        hint = f"wait {allowance.retry_after_s} s (Retry-After), then go on"
        raise Refusal("too many requests", code="rate_limited", hint=hint, retryable=True)


async def _services(request: Request) -> Services:
    """The same as a dependency: a coroutine, because FastAPI runs plain functions in a thread."""
    return services(request)


ServicesDep = Annotated[Services, Depends(_services)]
AnyCaller = Annotated[Identity, Depends(Caller())]
JobsCaller = Annotated[Identity, Depends(Caller("jobs"))]
NodeCaller = Annotated[Identity, Depends(Caller("node"))]
