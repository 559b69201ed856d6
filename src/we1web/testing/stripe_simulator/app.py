"""The simulator over HTTP: Stripe's interface, pages for payers and recipients, and a control plane of its own.

The control plane (`POST /_simulator/VERB` with a JSON object) does not exist at Stripe.
"""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from we1web.testing.stripe_simulator import pages
from we1web.testing.stripe_simulator.faults import Dropped
from we1web.testing.stripe_simulator.refusing import StripeRefusal
from we1web.testing.stripe_simulator.simulator import Request, Simulator
from we1web.testing.stripe_simulator.world import VERBS

MAX_BODY_BYTES = 1 << 20


def application(simulator: Simulator) -> ASGIApp:
    return Starlette(
        routes=[
            *pages.routes(simulator),
            Route("/_simulator/requests", _requests(simulator)),
            Route("/_simulator/off-spec", _off_spec(simulator)),
            Route("/_simulator/{verb}", _control(simulator), methods=["POST"]),
            Mount("/", app=_Interface(simulator)),
        ]
    )


class _Interface:
    """What Stripe has, too."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = HttpRequest(scope, receive)
        body = await _body(request)
        if body is None:
            said = {"error": {"type": "invalid_request_error", "message": "Request entity too large."}}
            await JSONResponse(said, 413)(scope, receive, send)
            return
        asked = Request(
            request.method.lower(),
            request.url.path,
            request.url.query,
            body,
            dict(request.headers),
            str(request.base_url).rstrip("/"),
        )
        try:
            answer = await self._simulator.handle(asked)
        except Dropped:
            await _half_an_answer(send)
            return
        await JSONResponse(answer.body, answer.status, answer.headers)(scope, receive, send)


async def _body(request: HttpRequest) -> bytes | None:
    """None: too large."""
    received = bytearray()
    async for part in request.stream():
        received += part
        if len(received) > MAX_BODY_BYTES:
            return None
    return bytes(received)


async def _half_an_answer(send: Send) -> None:
    """Promises bytes that never come: the server closes the connection, the client sees it break."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
    await send({"type": "http.response.body", "body": b"{"})


def _requests(simulator: Simulator) -> Any:
    async def endpoint(_: HttpRequest) -> Response:
        lines = "".join(received.as_json() + "\n" for received in simulator.requests)
        return Response(lines, media_type="application/x-ndjson")

    return endpoint


def _off_spec(simulator: Simulator) -> Any:
    async def endpoint(_: HttpRequest) -> Response:
        return JSONResponse(simulator.off_spec)

    return endpoint


def _control(simulator: Simulator) -> Any:
    async def endpoint(request: HttpRequest) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            # A page of another site could otherwise post here from somebody's browser.
            return JSONResponse({"error": "send application/json"}, 415)
        body = await _body(request)
        try:
            arguments = json.loads(body or b"{}")
            result = await _do(simulator, request.path_params["verb"], arguments)
        except StripeRefusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({"result": result})

    return endpoint


async def _do(simulator: Simulator, verb: str, arguments: Any) -> Any:
    """One verb of the control plane. Raises StripeRefusal; bad arguments raise what Python makes of them."""
    if not isinstance(arguments, dict):
        raise ValueError("send a JSON object of arguments")
    if verb in VERBS:
        return getattr(simulator.world, verb)(**arguments)
    match verb:
        case "advance":
            simulator.advance(float(arguments["seconds"]))
            return simulator.state.now()
        case "deliver":
            return await simulator.deliver()
        case "down":
            return simulator.down(float(arguments["seconds"]))
        case "fault":
            return simulator.faults.add(**arguments)
        case "clear-faults":
            return simulator.faults.clear()
        case "trouble":
            trouble = simulator.mail.trouble
            for name, value in arguments.items():
                setattr(trouble, name, type(getattr(trouble, name))(value))
            return vars(trouble)
        case "endpoint":
            return simulator.endpoint(**arguments)
        case "balance":
            return simulator.world.balance(**arguments)
    raise ValueError(f"no such verb: {verb[:50]!r}")
