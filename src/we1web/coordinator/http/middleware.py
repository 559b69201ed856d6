"""What every HTTP request passes before a route sees it: a request id, limits on rate and size, one line in the log.

Plain ASGI, because a wrapped request object per layer costs more than the work. It must never buffer a body.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any, Protocol

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from we1web.coordinator.clock import Clock
from we1web.coordinator.config import Config
from we1web.coordinator.http import problems
from we1web.coordinator.http.rates import Allowance, Buckets, address_key
from we1web.coordinator.telemetry import Metrics, logger
from we1web.protocol.limits import MAX_BLOB_BYTES

BLOB_PREFIX = "/api/blobs/"
LOGIN_PREFIXES = ("/api/auth/login", "/api/auth/register", "/auth/v1/token", "/auth/v1/signup", "/api/pools/join")
WEBHOOK_PATH = "/api/payments/webhook"
WEBHOOKS_PER_S = 100.0
WEBHOOKS_BURST = 2_000
"""A rail tells everything from a few addresses; what it is not answered it sends again."""
BODY_PIECE_S = 30.0
"""A client that sends nothing for so long in the middle of a body is gone, or means harm."""
UNMATCHED = "unmatched"
"""Every unknown path counts as one route: a stranger must not be able to make metrics grow."""
_UNLIMITED = frozenset({"/livez", "/readyz", "/metrics"})


class Context(Protocol):
    """What the layers need of the coordinator."""

    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def metrics(self) -> Metrics: ...


class Outermost:
    """Names the request, times it, and turns whatever escaped into a 500 without a trace in it."""

    def __init__(self, app: ASGIApp, context: Context):
        self._app = app
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._context.clock.new_id().hex
        answer = _Answer(send, scope, request_id)
        started_s = self._context.clock.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, answer.send)
            except ClientDisconnect:
                logger.debug("the client left in the middle of its request", path=scope["path"])
            except Exception:
                await self._failed(scope, receive, answer)
            self._account(scope, answer.status, self._context.clock.monotonic() - started_s)

    async def _failed(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        logger.exception("request failed", method=scope["method"], path=scope["path"])
        if answer.status:
            raise ConnectionAbortedError("the answer had begun: only closing tells the client that it is not whole")
        hint = "try again; if it stays, tell the operator the request_id"
        problem = problems.respond(500, "internal_error", "something broke here", hint=hint, retryable=True)
        await problem(scope, receive, answer.send)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNMATCHED)
        self._context.metrics.answered(scope["method"], route, status, seconds)
        logger.debug("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1e3, 2))


class _Answer:
    """Watches the answer go by: its status, and our headers on it."""

    def __init__(self, send: Send, scope: Scope, request_id: str):
        self._send = send
        self._state: MutableMapping[str, Any] = scope.setdefault("state", {})
        self._request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], *self._headers()]}
        await self._send(message)

    def _headers(self) -> list[tuple[bytes, bytes]]:
        allowance: Allowance | None = self._state.get("allowance")
        fields = {"X-Request-Id": self._request_id, "X-Content-Type-Options": "nosniff"}
        fields |= allowance.headers() if allowance else {}
        return [(name.lower().encode(), value.encode()) for name, value in fields.items()]


class RateLimit:
    """So many requests a second from one address; fewer where passwords are tried."""

    def __init__(self, app: ASGIApp, context: Context):
        config = context.config
        self._app = app
        self._context = context
        self._all = Buckets(config.rate_ip_per_s, config.rate_ip_burst)
        self._login = Buckets(config.rate_login_per_s, config.rate_login_burst)
        self._webhooks = Buckets(WEBHOOKS_PER_S, WEBHOOKS_BURST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNLIMITED:
            await self._app(scope, receive, send)
            return
        allowance = self._take(scope)
        scope.setdefault("state", {})["allowance"] = allowance
        if allowance.granted:
            await self._app(scope, receive, send)
            return
        self._context.metrics.limited.labels("address").inc()
        await too_many(allowance)(scope, receive, send)

    def _take(self, scope: Scope) -> Allowance:
        return self._buckets(scope).take(peer_key(scope), self._context.clock.monotonic())

    def _buckets(self, scope: Scope) -> Buckets:
        if scope["path"] == WEBHOOK_PATH:
            return self._webhooks
        login = scope["method"] == "POST" and scope["path"].startswith(LOGIN_PREFIXES)
        return self._login if login else self._all


def peer_key(scope: Scope) -> str:
    """Whose limits a request counts against, before it is known who asks."""
    client = scope.get("client")
    return address_key(client[0]) if client else "local"


def too_many(allowance: Allowance) -> Response:
    """The 429 answer; its headers are added on the way out."""
    hint = f"wait {allowance.retry_after_s} s (Retry-After), then go on"
    return problems.respond(429, "rate_limited", "too many requests", hint=hint, retryable=True)


class BodyLimit:
    """Counts a body while it is read and stops at the limit, whatever Content-Length promised. A compressed body is
    refused: what it unpacks to is only known when it is too late."""

    def __init__(self, app: ASGIApp, context: Context):
        self._app = app
        self._max_bytes = context.config.max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if dict(scope["headers"]).get(b"content-encoding", b"identity") != b"identity":
            await _compressed()(scope, receive, send)
            return
        max_bytes = MAX_BLOB_BYTES if scope["path"].startswith(BLOB_PREFIX) else self._max_bytes
        if _announced_bytes(scope) > max_bytes:
            await _too_large(max_bytes)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, max_bytes), send)


def _announced_bytes(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _compressed() -> Response:
    hint = "send it without Content-Encoding"
    return problems.respond(415, "unsupported_media_type", "compressed bodies are not accepted", hint=hint)


def _too_large(max_bytes: int) -> Response:
    hint = "send less at a time; values above 64 KiB travel as blobs"
    return problems.respond(413, "body_too_large", f"the body is above {max_bytes} bytes", hint=hint)


def _counted(receive: Receive, max_bytes: int) -> Receive:
    size, whole = 0, False

    async def counted() -> Message:
        nonlocal size, whole
        message = await (receive() if whole else _receive_body(receive))
        size += len(message.get("body", b""))
        whole = not message.get("more_body")
        if size > max_bytes:
            raise HTTPException(413, f"the body is above {max_bytes} bytes")
        return message

    return counted


async def _receive_body(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(BODY_PIECE_S):
            return await receive()
    except TimeoutError:
        raise HTTPException(408, f"no byte of the body came for {BODY_PIECE_S:.0f} s") from None
