"""The routes of the fake coordinator: the requester's part of the interface, faults included. No decisions."""

import asyncio
from base64 import b64decode, b64encode
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from we1web.domain import pricing
from we1web.domain.validator import DEFAULT_VALIDATOR, BadValidator, validator_of
from we1web.protocol.codec import decode_client, encode
from we1web.protocol.limits import SUBPROTOCOL_MSGPACK, VERSION
from we1web.protocol.messages import ErrorMessage, Hello, Subscribe, Welcome
from we1web.testing import fake_answers
from we1web.testing.fake_coordinator import (
    CURRENCY,
    NOW,
    ORDER_FIELDS,
    TOKEN,
    VOTERS,
    FakeJob,
    FakeMarket,
    FakeTask,
    Fault,
    events_of,
)

PAGE = 50
_MSGPACK = "application/msgpack"
_VOTE = {"node": "00000000-0000-0000-0000-000000000000", "agreed": True, "weight": 1.0}


def build(market: FakeMarket) -> ASGIApp:
    """The fake's application."""
    routes = _Routes(market)
    app = Starlette(
        routes=[
            Route("/api/auth/register", routes.register, methods=["POST"]),
            Route("/api/auth/login", routes.login, methods=["POST"]),
            Route("/api/auth/session", routes.session),
            Route("/api/auth/tokens", routes.tokens, methods=["GET", "POST"]),
            Route("/api/auth/tokens/{token}", routes.revoke, methods=["DELETE"]),
            Route("/auth/v1/token", routes.refresh, methods=["POST"]),
            Route("/api/blobs/{digest}", routes.blob, methods=["HEAD", "PUT"]),
            Route("/api/jobs", routes.create, methods=["POST"]),
            Route("/api/jobs", routes.jobs),
            Route("/api/network/price", routes.price),
            Route("/api/jobs/estimate", routes.estimate, methods=["POST"]),
            Route("/api/jobs/{job}", routes.job, methods=["GET", "DELETE"]),
            Route("/api/jobs/{job}/tasks", routes.add, methods=["POST"]),
            Route("/api/jobs/{job}/close", routes.close, methods=["POST"]),
            Route("/api/jobs/{job}/results", routes.results),
            Route("/api/tasks/{task}/outcome", routes.outcome),
            Route("/api/payments/earnings", routes.earnings),
            Route("/readyz", routes.ready),
            *fake_answers.routes(market),
            WebSocketRoute("/ws", routes.socket),
        ]
    )
    return _Faults(app, market)


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    body = {"type": f"urn:we1web:error:{code}", "title": code, "status": status, "detail": detail, "code": code}
    hint = {"hint": f"what to do about {code}", "retryable": status in (429, 500, 503)}
    return Response(msgspec.json.encode({**body, **hint}), status, headers, "application/problem+json")


class _Faults:
    """Checks tokens, keeps a list of requests, and lets the faults happen that a test ordered."""

    def __init__(self, app: ASGIApp, market: FakeMarket) -> None:
        self._app = app
        self._market = market

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        method, path = scope["method"], scope["path"]
        self._market.requests.append((method, path, headers))
        fault = next((f for f in self._market.faults if f.method == method and path.startswith(f.path)), None)
        if fault:
            self._market.faults.remove(fault)
            await self._fail(fault, scope, receive, send)
        elif path.startswith("/api") and "/auth/" not in path and headers.get("authorization") != f"Bearer {TOKEN}":
            await problem(401, "token_invalid", "the token is not valid")(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.after:
            await self._app(scope, receive, _nowhere)
        if fault.status == 0:
            await _half_an_answer(send)
            return
        answer = problem(fault.status, fault.code, "a fault that a test ordered", fault.headers)
        await answer(scope, receive, send)


async def _half_an_answer(send: Send) -> None:
    """Promises more than it sends: the server cuts the connection, as a crash would."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
    await send({"type": "http.response.body", "body": b"{"})


async def _nowhere(_message: Message) -> None:
    """Where lost answers go."""


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


class _Routes:
    def __init__(self, market: FakeMarket) -> None:
        self._market = market

    # --- accounts

    async def register(self, request: Request) -> Response:
        body = await request.json()
        if body["email"] in self._market.accounts:
            return problem(409, "email_taken", "there is an account of that address")
        self._market.accounts[body["email"]] = body["password"]
        return self._logged_in(body["email"])

    async def login(self, request: Request) -> Response:
        body = await request.json()
        if self._market.accounts.get(body["email"]) != body["password"]:
            return problem(401, "credentials_invalid", "the address or the password is wrong")
        return self._logged_in(body["email"])

    def _logged_in(self, email: str) -> Response:
        return _json({"user": _user(email), "session": self._session()})

    def _session(self) -> dict[str, Any]:
        refresh = f"refresh-{len(self._market.requests)}"
        self._market.refresh_tokens.add(refresh)
        return {"access_token": TOKEN, "refresh_token": refresh, "expires_in": 3600, "expires_at": 4_000_000_000}

    async def refresh(self, request: Request) -> Response:
        given = (await request.json())["refresh_token"]
        if given not in self._market.refresh_tokens:
            return problem(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
        self._market.refresh_tokens.remove(given)
        return _json(self._session())

    async def session(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return problem(401, "token_invalid", "the token is not valid")
        return _json({"user": _user("ada@example.org"), "scopes": ["jobs", "node"], "expires_at": None})

    async def tokens(self, request: Request) -> Response:
        if request.method == "GET":
            return _json({"items": list(self._market.tokens.values())})
        body = await request.json()
        made = {"id": f"token-{len(self._market.tokens)}", "created_at": NOW, **body}
        self._market.tokens[made["id"]] = made
        return _json({**made, "token": "we1_" + "s" * 43}, 201)

    async def revoke(self, request: Request) -> Response:
        if self._market.tokens.pop(request.path_params["token"], None) is None:
            return problem(404, "not_found", "there is no such token")
        return Response(status_code=204)

    # --- blobs and jobs

    async def blob(self, request: Request) -> Response:
        digest = bytes.fromhex(request.path_params["digest"])
        if request.method == "HEAD":
            return Response(status_code=200 if digest in self._market.blobs else 404)
        content = await request.body()
        self._market.blobs[digest] = content
        return _json({"digest": digest.hex(), "size": len(content)})

    async def create(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        if key in self._market.answers:
            return Response(self._market.answers[key], media_type="application/json")
        order = await request.json()
        arguments = [b64decode(argument) for argument in order.pop("arguments")]
        complete = order.pop("complete")
        if refused := _misordered(order, self._market) or _unaffordable(order, len(arguments)):
            return refused
        job = self._market.open_job(order, arguments, complete=complete)
        self._market.answers[key] = msgspec.json.encode(job.view())
        return _json(job.view())

    async def add(self, request: Request) -> Response:
        job = self._job(request)
        body = msgspec.msgpack.decode(await request.body())
        sequence, arguments = body["sequence"], body["arguments"]
        if sequence in job.sequences:
            return _json({}) if job.sequences[sequence] == arguments else problem(409, "sequence_conflict", "differs")
        if job.state != "open":
            return problem(409, "job_closed", f"the job is {job.state}")
        if refused := _unaffordable(job.order, len(job.arguments) + len(arguments)):
            return refused
        job.sequences[sequence] = arguments
        self._market.grow(job, arguments, complete=body["complete"])
        return _json({})

    async def close(self, request: Request) -> Response:
        job = self._job(request)
        self._market.grow(job, [], complete=True)
        return _json(job.view())

    async def estimate(self, request: Request) -> Response:
        body = await request.json()
        asked = (body["n"], body["price_micros"], body.get("bonus_micros", 0), body.get("currency") or CURRENCY)
        return _json(self._market.estimate(*asked))

    async def price(self, request: Request) -> Response:
        task_s = float(request.query_params["task_s"])
        rate = 20_000
        price = {"task_s": task_s, "price_micros": pricing.suggest(task_s, rate), "micros_per_core_hour": rate}
        return _json({**price, "earned_micros_per_core_hour": None, "core_hours": 0, "currency": "usd"})

    async def jobs(self, request: Request) -> Response:
        return _json({"items": [job.view() for job in self._market.jobs.values()], "next_cursor": None})

    async def job(self, request: Request) -> Response:
        if request.path_params["job"] not in self._market.jobs:
            return problem(404, "not_found", "there is no such job")
        job = self._job(request)
        if request.method == "DELETE":
            self._market.cancel(job)
        return _json(job.view())

    def _job(self, request: Request) -> FakeJob:
        return self._market.jobs[request.path_params["job"]]

    async def results(self, request: Request) -> Response:
        job = self._job(request)
        start = int(request.query_params.get("cursor", 0))
        items = [_item(job, task) for task in job.ended[start : start + PAGE]]
        following = str(start + PAGE) if start + PAGE < len(job.ended) else None
        if _MSGPACK in request.headers.get("accept", ""):
            return Response(msgspec.msgpack.encode({"items": items, "next_cursor": following}), media_type=_MSGPACK)
        encoded = [{**item, "outcome": b64encode(item["outcome"]).decode()} for item in items]
        return _json({"items": encoded, "next_cursor": following})

    async def outcome(self, request: Request) -> Response:
        key, index = divmod(int(request.path_params["task"]), 1 << 20)
        job = next(job for job in self._market.jobs.values() if job.key == key)
        encoded = next(task.outcome for task in job.ended if task.index == index)
        return Response(self._market.blobs.get(encoded[1:33], encoded), media_type="application/octet-stream")

    async def earnings(self, request: Request) -> Response:
        spent = sum(job.spent_micros for job in self._market.jobs.values())
        held = {"wallet_micros": self._market.wallet_micros - spent, "earnings_micros": 0, "held_micros": 0}
        return _json({"balances": [{"currency": "usd", **held}], "items": [], "next_cursor": None})

    async def ready(self, request: Request) -> Response:
        return _json({"status": "ok"})

    # --- live events

    async def socket(self, socket: WebSocket) -> None:
        await socket.accept(SUBPROTOCOL_MSGPACK)
        hello = decode_client(await socket.receive_bytes())
        if not isinstance(hello, Hello) or hello.token != TOKEN:
            await socket.send_bytes(encode(ErrorMessage("token_invalid", "the token is not valid", fatal=True)))
            await socket.close(1008)
            return
        await socket.send_bytes(encode(Welcome(VERSION, 15.0, "fake")))
        subscribe = decode_client(await socket.receive_bytes())
        if isinstance(subscribe, Subscribe):
            await self._stream(socket, self._market.jobs[subscribe.job])

    async def _stream(self, socket: WebSocket, job: FakeJob) -> None:
        """The backlog, then what happens; cut after as many events as a test ordered."""
        queue: asyncio.Queue[Any] = asyncio.Queue()
        for event in events_of(job, job.ended):
            queue.put_nowait(event)
        listeners = self._market.subscribers.setdefault(job.id, [])
        listeners.append(queue)
        left = self._market.drops.popleft() if self._market.drops else -1
        try:
            while left != 0:
                await socket.send_bytes(encode(await queue.get()))
                left -= 1
            await socket.close(1012)
        except WebSocketDisconnect:
            return
        finally:
            listeners.remove(queue)


def _user(email: str) -> dict[str, Any]:
    return {"id": "00000000-0000-0000-0000-000000000001", "email": email, "display_name": None}


def _item(job: FakeJob, task: FakeTask) -> dict[str, Any]:
    named = {"task": str(job.key << 20 | task.index), "index": task.index, "state": task.state}
    return {**named, "outcome": task.outcome, "votes": [_VOTE] * VOTERS}


def _misordered(order: dict[str, Any], market: FakeMarket) -> Response | None:
    """A field nobody knows, an impossible validator, or a verifier that was not uploaded."""
    if unknown := order.keys() - ORDER_FIELDS:
        return problem(422, "invalid_request", f"nobody knows the field {min(unknown)}")
    try:
        validator_of(order.get("validator", DEFAULT_VALIDATOR), order.get("validator_parameters", {}))
    except BadValidator as error:
        return problem(422, error.code, error.message)
    if "verifier" in order and bytes.fromhex(order["verifier"]) not in market.blobs:
        return problem(422, "blob_missing", "the verifier was not uploaded")
    return None


def _unaffordable(order: dict[str, Any], n: int) -> Response | None:
    refused = pricing.check_budget(
        order["budget_micros"], n, order["price_micros"] + order.get("bonus_micros", 0), VOTERS
    )
    return problem(422, refused.code, refused.message) if refused else None
