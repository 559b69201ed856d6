"""Speaks to Stripe: the real SDK, asynchronous, over our HTTP client, at our pace. It moves no money by itself.

Must never log a key, a body or an account number: the SDK's own log, which holds bodies, is silenced here.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx2
import stripe

from we1web.coordinator.clock import Clock
from we1web.coordinator.config import Config, ConfigError
from we1web.coordinator.pace import Pace
from we1web.coordinator.rail_errors import RailRefusal, RailUnavailable
from we1web.protocol.errors import We1webError

STRIPE: Final = "stripe"
RETRIES = 2
"""The SDK's own, at once, for lost connections and 5xx; it repeats our idempotency key."""
TIMEOUT = httpx2.Timeout(30.0, connect=5.0)
BURST = 5
KEY_AGE = timedelta(minutes=5)
"""Longer than any request of ours can be under way, and far below the day that Stripe keeps an idempotency key."""
MAX_MESSAGE = 300


@dataclass(frozen=True)
class StripeRail:
    """Stripe, as far as this coordinator may use it."""

    client: stripe.StripeClient
    webhook_secrets: tuple[str, ...]
    """Signing secrets of our webhook endpoints; a notice has to match one of them."""


def client_of(rail: StripeRail | None) -> stripe.StripeClient:
    """The client, where nothing gets to without Stripe. Raises RailUnavailable when its key was taken away since."""
    if rail is None:
        raise RailUnavailable("this coordinator has no STRIPE_SECRET_KEY any more", hint="set it again")
    return rail.client


def noted(metadata: Any, name: str) -> str | None:
    """What we wrote on one of Stripe's objects (which are no dictionaries)."""
    return str(metadata[name]) if metadata is not None and name in metadata else None


class Httpx2Client(stripe.HTTPClient):
    """The SDK's contract of an HTTP client, over httpx2. One token of the pace for each attempt, retries included."""

    name = "httpx2"

    def __init__(self, client: httpx2.AsyncClient, pace: Pace, clock: Clock):
        super().__init__()
        self._client = client
        self._pace = pace
        self._clock = clock

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """One attempt. Whatever the network does comes out as the SDK's APIConnectionError, which it may retry."""
        await asyncio.sleep(self._pace.take(self._clock.monotonic()))
        try:
            answer = await self._client.request(method.upper(), url, headers=dict(headers), content=post_data)
        except httpx2.HTTPError as error:
            words = f"no answer ({type(error).__name__})"
            raise stripe.APIConnectionError(words, should_retry=True) from None  # type: ignore[no-untyped-call]
        return answer.content, answer.status_code, answer.headers

    def sleep_async(self, secs: float) -> Awaitable[None]:
        return asyncio.sleep(secs)

    async def close_async(self) -> None:
        await self._client.aclose()


@asynccontextmanager
async def opened(config: Config, clock: Clock) -> AsyncIterator[StripeRail | None]:
    """The rail of these settings, None without a key. Raises ConfigError for settings that would lose or leak."""
    if config.stripe_secret_key is None:
        yield None
        return
    key = config.stripe_secret_key.get_secret_value()
    check_settings(key, config)
    for library in ("stripe", "httpx2", "httpcore2"):
        logging.getLogger(library).setLevel(logging.WARNING)
    async with httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as http:
        client = stripe.StripeClient(
            key,
            http_client=Httpx2Client(http, Pace(config.stripe_rate_per_s, BURST), clock),
            max_network_retries=RETRIES,
            base_addresses={"api": config.stripe_api_url} if config.stripe_api_url else None,
        )
        yield StripeRail(client, webhook_secrets(config))


def check_settings(key: str, config: Config) -> None:
    """Refuses to start with a key that is none, a live key for a simulator, or notices that anybody could forge."""
    if not key.startswith(("sk_", "rk_")):
        raise ConfigError("STRIPE_SECRET_KEY: a secret key begins with sk_ or rk_")
    if config.stripe_api_url and "_test_" not in key[:8]:
        hint = "WE1WEB_STRIPE_API_URL is for the simulator only: give it a test key"
        raise ConfigError("STRIPE_SECRET_KEY: a live key must not leave for another address", hint=hint)
    if not webhook_secrets(config):
        hint = "set WE1WEB_STRIPE_WEBHOOK_SECRETS to the signing secrets (whsec_...) of the webhook endpoints"
        raise ConfigError("WE1WEB_STRIPE_WEBHOOK_SECRETS: needed with STRIPE_SECRET_KEY", hint=hint)


def webhook_secrets(config: Config) -> tuple[str, ...]:
    """The signing secrets, separated by commas in the setting."""
    given = config.stripe_webhook_secrets
    return () if given is None else tuple(s.strip() for s in given.get_secret_value().split(",") if s.strip())


@contextmanager
def asking() -> Iterator[None]:
    """Around every use of the SDK: its errors come out as RailUnavailable or RailRefusal."""
    try:
        yield
    except stripe.StripeError as error:
        raise translate(error) from None


def translate(error: stripe.StripeError) -> We1webError:
    """The one place that decides what an error of the SDK means.

    Unclear, and so unavailable: no answer, 5xx, 429, 409 (a request with this key is under way), a key that was used
    with another body (something was done with it), and a key of ours that Stripe does not take (nobody's fault who
    waits for money). All else was refused.
    """
    status, code = error.http_status or 0, code_of(error)
    message = str(error.user_message or error)[:MAX_MESSAGE]
    if isinstance(error, stripe.IdempotencyError) and status != 409:
        return RailUnavailable(f"Stripe knows this idempotency key with another body: {message}")
    if isinstance(error, stripe.AuthenticationError):
        return RailUnavailable("Stripe does not accept STRIPE_SECRET_KEY", hint="the operator has to renew the key")
    if isinstance(error, stripe.APIConnectionError | stripe.APIError | stripe.RateLimitError):
        return RailUnavailable(f"Stripe is not available ({code or status or 'no answer'})")
    if status in (409, 429) or status >= 500 or not status:
        return RailUnavailable(f"Stripe is not available ({code or status or 'no answer'})")
    return RailRefusal(code or f"http_{status}", message)


def code_of(error: stripe.StripeError) -> str:
    """Stripe's code: on a 429 it stands in the body only."""
    inner = getattr(error, "error", None)
    return str(error.code or getattr(inner, "code", None) or "")
