"""The simulated Stripe as one object: it answers requests, people act in its world, and it delivers what happened.

It knows no socket; app.py serves it. It lives in one event loop.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from we1web.testing.stripe_simulator import faults, forms, operations
from we1web.testing.stripe_simulator.checking import Route, checker
from we1web.testing.stripe_simulator.clock import Clock
from we1web.testing.stripe_simulator.config import LIVE_KEYS
from we1web.testing.stripe_simulator.endpoint import Endpoint
from we1web.testing.stripe_simulator.expanding import expand
from we1web.testing.stripe_simulator.faults import Faults, Rule
from we1web.testing.stripe_simulator.idempotency import Kept, Keys, fingerprint
from we1web.testing.stripe_simulator.operation import OPERATIONS
from we1web.testing.stripe_simulator.refusing import StripeRefusal, malformed
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body
from we1web.testing.stripe_simulator.webhooks import Mailbox, Post, post_by_http
from we1web.testing.stripe_simulator.world import World

assert operations.__all__, "importing the operations registers them"
TEST_KEYS = ("sk_test_", "rk_test_")

MAX_DETAIL = 20


@dataclass(frozen=True)
class Request:
    """One HTTP request for Stripe."""

    method: str
    """Lower case."""
    path: str
    query: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case."""
    base_url: str = "http://127.0.0.1"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Body
    headers: dict[str, str]


@dataclass
class Received:
    """A request as it came in, for tests that check all that was sent."""

    method: str
    path: str
    parameters: Any
    idempotency_key: str | None
    account: str | None
    at: int
    status: int = 0
    """Of the answer; 0: none was given."""
    replayed: bool = False

    def as_json(self) -> str:
        return json.dumps(asdict(self))


class Simulator:
    """A Stripe of our own. `world` is what people and banks do, `mail` delivers events, `faults` breaks things."""

    def __init__(
        self,
        *,
        seed: int = 1,
        now: Callable[[], float] | None = None,
        signed_at: Callable[[], float] | None = None,
        post: Post = post_by_http,
        platform_schedule: str = "manual",
    ) -> None:
        """`now`: seconds since 1970 of the clock it starts from; `signed_at`: of signatures, by default the same."""
        rng = Random(seed)
        clock = Clock(now)
        self.state = State(checker(frozenset(OPERATIONS)), clock, rng, platform_schedule=platform_schedule)
        self.faults = Faults(Random(seed + 1))
        self.world = World(self.state)
        stamp = (lambda: int(signed_at())) if signed_at else clock.now
        self.mail = Mailbox(self.state, post, stamp)
        self.requests: list[Received] = []
        self._keys = Keys()

    @property
    def off_spec(self) -> list[str]:
        """Where this simulator broke the description itself. Always empty, or it has a bug."""
        return self.state.off_spec

    async def deliver(self) -> int:
        """One round of webhooks."""
        return await self.mail.deliver()

    async def deliver_all(self, rounds: int = 20) -> int:
        """Rounds of webhooks until nothing is left, at most that many."""
        return await self.mail.deliver_all(rounds)

    def advance(self, seconds: float) -> None:
        self.state.clock.advance(seconds)

    def down(self, seconds: float) -> None:
        """Nothing is reachable for so long, on the simulator's clock."""
        self.faults.down_until = int(self.state.now() + seconds)

    def endpoint(
        self, url: str, secret: str, *, thin: bool = False, connect: bool = False, events: tuple[str, ...] = ("*",)
    ) -> None:
        """Registers a receiver of events with a secret that both sides know already."""
        self.state.endpoints[f"we_{len(self.state.endpoints)}"] = Endpoint(url, secret, events, thin, connect)

    async def handle(self, request: Request) -> Answer:
        """Answers one request. Raises Dropped when the connection is to end without an answer."""
        self.state.clock.catch_up()
        headers = request.headers
        account = headers.get("stripe-account") or headers.get("stripe-context")
        received = Received(
            request.method, request.path, None, headers.get("idempotency-key"), account, self.state.now()
        )
        self.requests.append(received)
        told = {"Request-Id": self.state.new_id("req"), "Stripe-Version": self.state.checker.version}
        try:
            rule = self.faults.pick(request.method, request.path, self.state.now())
            self._authenticate(headers)
            route, call = self._understand(request, received, account)
            faults.before(rule)
            answer = await self._once(route, call, received, rule, told)
        except StripeRefusal as refusal:
            answer = Answer(refusal.status, refusal.body, told | refusal.headers)
        if rule and rule.kind == "drop_after":
            raise faults.Dropped
        received.status = answer.status
        return answer

    def _authenticate(self, headers: dict[str, str]) -> None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme == "Bearer" and key.startswith(LIVE_KEYS):
            raise _unauthorized(
                "A live key was given to a simulator, which is no Stripe. It was not used; keep it secret."
            )
        if scheme != "Bearer" or not key.startswith(TEST_KEYS):
            raise _unauthorized("Invalid API Key provided.")
        version = headers.get("stripe-version", self.state.checker.version)
        if version != self.state.checker.version:
            raise malformed(f"Invalid Stripe API version: {version[:MAX_DETAIL]}")

    def _understand(self, request: Request, received: Received, account: str | None) -> tuple[Route, Call]:
        found = self.state.checker.find(request.method, request.path)
        if found is None:
            where = f"{request.method.upper()}: {request.path[:100]}"
            raise malformed(f"Unrecognized request URL ({where}), or the simulator lacks it.", status=404)
        route, ids = found
        received.parameters = parameters = self._parameters(request, route)
        if account is not None and account not in self.state.accounts:
            said = (
                f"The provided key does not have access to account '{account[:50]}' (or that account does not exist)."
            )
            raise malformed(said, "account_invalid", status=403)
        self.state.checker.refuse_unless_valid(route, parameters)
        return route, Call(parameters, account or PLATFORM, ids, request.base_url)

    def _parameters(self, request: Request, route: Route) -> Body:
        if request.method == "post" and request.path.startswith("/v2/"):
            try:
                decoded = json.loads(request.body or b"{}")
            except ValueError as error:
                raise malformed("Invalid JSON.") from error
            if not isinstance(decoded, dict):
                raise malformed("Invalid JSON: an object is expected.")
            return decoded
        try:
            text = request.body.decode() if request.method == "post" else request.query
        except UnicodeDecodeError as error:
            raise malformed("Invalid encoding: UTF-8 is expected.") from error
        typed: Body = self.state.checker.typed(forms.decode(text), route.parameters)
        return typed

    async def _once(
        self, route: Route, call: Call, received: Received, rule: Rule | None, told: dict[str, str]
    ) -> Answer:
        """Runs the request, or replays what its key remembers."""
        key = received.idempotency_key if received.method == "post" else None
        if key is None:
            return await self._run(route, call, rule, told)
        scope = (received.path[1:3], call.owner, key)
        print_ = fingerprint(received.method, received.path, call.parameters)
        kept = self._keys.begin(scope, print_, self.state.now())
        if kept is not None:
            received.replayed = True
            return Answer(
                kept.status, kept.body, told | {"Idempotent-Replayed": "true", "Original-Request": kept.request_id}
            )
        try:
            answer = await self._run(route, call, rule, told)
        except StripeRefusal as refusal:
            if refusal.kept and scope[0] == "v1":
                self._keys.keep(scope, Kept(self.state.now(), print_, refusal.status, refusal.body, told["Request-Id"]))
            raise
        finally:
            self._keys.end(scope)
        self._keys.keep(scope, Kept(self.state.now(), print_, answer.status, answer.body, told["Request-Id"]))
        return answer

    async def _run(self, route: Route, call: Call, rule: Rule | None, told: dict[str, str]) -> Answer:
        if rule and rule.kind == "http_500_kept":
            raise faults.internal_error(kept=True)
        body = OPERATIONS[route.operation](self.state, call)
        body = expand(
            self.state, body, call.parameters.get("expand", []) if route.operation[1].startswith("/v1/") else []
        )
        problems = self.state.checker.problems(route.answer, body)
        if problems:
            self.off_spec.extend(f"{' '.join(route.operation)}: {problem}" for problem in problems)
            raise StripeRefusal(500, "api_error", f"The simulator's answer is off spec: {problems[0]}", kept=False)
        if rule and rule.kind == "slow":
            await asyncio.sleep(rule.seconds)
        if rule and rule.kind == "http_500_after":
            raise faults.internal_error(kept=True)
        return Answer(200, body, told)


def _unauthorized(message: str) -> StripeRefusal:
    return StripeRefusal(401, "invalid_request_error", message, kept=False)
