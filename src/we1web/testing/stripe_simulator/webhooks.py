"""Delivers events to endpoints, signed as Stripe signs them, and as unreliably as a test asks for.

Nothing is delivered by itself: one call of `deliver` is one round. An endpoint that does not answer 2xx is asked again
in every later round, for three days of the simulator's time.
"""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx2

from we1web.testing.loopback import local_client
from we1web.testing.stripe_simulator.clock import DAY_S
from we1web.testing.stripe_simulator.endpoint import Endpoint
from we1web.testing.stripe_simulator.state import State
from we1web.testing.stripe_simulator.store import Body

RETRIED_S = 3 * DAY_S
DELAY_ROUNDS = 2
Post = Callable[[str, bytes, dict[str, str]], Awaitable[int]]
"""Sends a body with headers to an address and returns the status of the answer; 0 when there was none."""


@dataclass
class Trouble:
    """What goes wrong on the way, as shares between 0 and 1."""

    duplicated: float = 0.0
    delayed: float = 0.0
    """Held back in the first rounds: events that happened later arrive earlier."""
    lost: float = 0.0
    """Never delivered."""
    shuffled: bool = False


@dataclass
class Letter:
    """One event on its way to one endpoint."""

    event: Body
    endpoint: Endpoint
    written_at: int
    not_before_round: int = 0


@dataclass(frozen=True)
class Delivery:
    """One attempt: what was sent where, and how it was answered."""

    event_id: str
    kind: str
    url: str
    status: int


@dataclass
class Mailbox:
    """The events that are still to be delivered, and a record of all attempts."""

    state: State
    post: Post
    signed_at: Callable[[], int]
    """The moment that signatures carry: that of the receiver's clock."""
    trouble: Trouble = field(default_factory=Trouble)
    letters: list[Letter] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Ids of events that were lost on purpose, once for each endpoint."""
    rounds: int = 0

    async def deliver(self) -> int:
        """One round. Returns how many were answered 2xx."""
        self._collect()
        self.rounds += 1
        due = [letter for letter in self.letters if letter.not_before_round <= self.rounds]
        self.letters = [letter for letter in self.letters if letter.not_before_round > self.rounds]
        if self.trouble.shuffled:
            self.state.rng.shuffle(due)
        taken = 0
        for letter in due:
            if await self._send(letter):
                taken += 1
            elif self.state.now() - letter.written_at < RETRIED_S:
                self.letters.append(letter)
        return taken

    async def deliver_all(self, rounds: int = 20) -> int:
        """Rounds until nothing is left, at most that many. Returns how many were answered 2xx."""
        taken = 0
        for _ in range(rounds):
            taken += await self.deliver()
            if not self.letters and not self.state.unsent:
                break
        return taken

    def _collect(self) -> None:
        """Addresses what happened since the last round."""
        unsent, self.state.unsent = self.state.unsent, []
        for stored in unsent:
            body, thin = stored.body, stored.body["object"] == "v2.core.event"
            of_account = body.get("account") is not None
            wanted = [
                endpoint
                for endpoint in self.state.endpoints.values()
                if endpoint.wants(body["type"], thin=thin, of_connected_account=of_account)
            ]
            if not thin:
                body["pending_webhooks"] = len(wanted)
            for endpoint in wanted:
                self._address(_payload(body), endpoint)

    def _address(self, event: Body, endpoint: Endpoint) -> None:
        rng, trouble = self.state.rng, self.trouble
        if rng.random() < trouble.lost:
            self.lost.append(event["id"])
            return
        copies = 2 if rng.random() < trouble.duplicated else 1
        for _ in range(copies):
            wait = DELAY_ROUNDS if rng.random() < trouble.delayed else 0
            self.letters.append(Letter(event, endpoint, self.state.now(), self.rounds + 1 + wait))

    async def _send(self, letter: Letter) -> bool:
        payload = json.dumps(letter.event, indent=2)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, letter.endpoint.secret, self.signed_at()),
            "User-Agent": "we1web-stripe-simulator",
        }
        status = await self.post(letter.endpoint.url, payload.encode(), headers)
        self.deliveries.append(Delivery(letter.event["id"], letter.event["type"], letter.endpoint.url, status))
        return 200 <= status < 300


def signature(payload: str, secret: str, timestamp: int) -> str:
    """The header that proves who sent a payload, and when."""
    mac = hmac.new(secret.encode(), f"{timestamp}.{payload}".encode(), sha256)
    return f"t={timestamp},v1={mac.hexdigest()}"


async def post_by_http(url: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        async with local_client(timeout=10) as client:
            return (await client.post(url, content=body, headers=headers)).status_code
    except httpx2.TransportError:
        return 0


def _payload(event: Body) -> dict[str, Any]:
    """What is sent: a snapshot whole, as it is now; of a thin event the frame only."""
    if event["object"] == "event":
        return dict(event)
    sent = ("id", "object", "type", "livemode", "created", "context", "reason", "related_object")
    return {name: event[name] for name in sent}
