"""Asking Stripe: what its answers mean, the pace, and settings that would lose money or leak a key."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
import stripe
from pydantic import SecretStr

from we1web.coordinator import stripe_client
from we1web.coordinator.clock import SystemClock
from we1web.coordinator.config import Config, ConfigError
from we1web.coordinator.pace import Pace
from we1web.coordinator.rail_errors import RailRefusal, RailUnavailable
from we1web.coordinator.stripe_client import Httpx2Client, asking

KEY = "sk_test_abcdefghijklmnop"
Handler = Callable[[httpx2.Request], httpx2.Response]


def client(handler: Handler, retries: int = 0) -> stripe.StripeClient:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    adapter = Httpx2Client(http, Pace(1_000, 1_000), SystemClock())
    return stripe.StripeClient(KEY, http_client=adapter, max_network_retries=retries)


def answering(status: int, code: str, type_: str = "invalid_request_error") -> stripe.StripeClient:
    body = {"error": {"type": type_, "code": code, "message": "words of Stripe"}}
    return client(lambda _: httpx2.Response(status, json=body))


async def retrieve(asked: stripe.StripeClient) -> stripe.Transfer:
    with asking():
        return await asked.v1.transfers.retrieve_async("tr_1")


async def test_the_sdk_speaks_over_our_client_with_our_idempotency_key() -> None:
    seen: list[httpx2.Request] = []

    def transfers(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"id": "tr_1", "object": "transfer", "amount": 12})

    with asking():
        transfer = await client(transfers).v1.transfers.create_async(
            {"amount": 12, "currency": "usd", "destination": "acct_1", "metadata": {"payout": "é&="}},
            {"idempotency_key": "payout:1"},
        )
    assert transfer.amount == 12
    assert seen[0].headers["Idempotency-Key"] == "payout:1"
    assert seen[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert seen[0].content.decode() == "amount=12&currency=usd&destination=acct_1&metadata[payout]=%C3%A9%26%3D"


@pytest.mark.parametrize(
    ("status", "code", "type_"),
    [
        (429, "rate_limit", "invalid_request_error"),
        (429, "lock_timeout", "invalid_request_error"),
        (409, "idempotency_key_in_use", "idempotency_error"),
        (400, "", "idempotency_error"),
        (500, "", "api_error"),
        (503, "", "api_error"),
        (401, "", "invalid_request_error"),
    ],
)
async def test_unclear_answers_never_count_as_refused(status: int, code: str, type_: str) -> None:
    with pytest.raises(RailUnavailable) as caught:
        await retrieve(answering(status, code, type_))
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (400, "balance_insufficient", "balance_insufficient"),
        (404, "resource_missing", "resource_missing"),
        (402, "card_declined", "card_declined"),
        (403, "account_invalid", "account_invalid"),
        (400, "", "http_400"),
    ],
)
async def test_a_clear_no_is_a_refusal_with_stripes_code(status: int, code: str, reason: str) -> None:
    with pytest.raises(RailRefusal, match="words of Stripe") as caught:
        await retrieve(answering(status, code))
    assert caught.value.reason == reason


async def test_the_code_of_a_429_is_told() -> None:
    with pytest.raises(RailUnavailable, match="lock_timeout"):
        await retrieve(answering(429, "lock_timeout"))


async def test_a_v2_refusal_is_one_too() -> None:
    asked = answering(400, "account_token_required", "invalid_request_error")
    with pytest.raises(RailRefusal) as caught, asking():
        await asked.v2.core.accounts.create_async({"contact_email": "a@example.org"})
    assert caught.value.reason == "account_token_required"


@pytest.mark.parametrize("error", [httpx2.ConnectError, httpx2.ReadTimeout, httpx2.RemoteProtocolError])
async def test_a_broken_connection_is_unclear(error: type[httpx2.TransportError]) -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        raise error("broke", request=request)

    with pytest.raises(RailUnavailable):
        await retrieve(client(broken))


async def test_an_answer_that_is_no_json_is_unclear() -> None:
    with pytest.raises(RailUnavailable):
        await retrieve(client(lambda _: httpx2.Response(200, text="<html>a proxy's page</html>")))


async def test_a_retry_repeats_the_key_of_ours() -> None:
    keys: list[str] = []

    def second_time(request: httpx2.Request) -> httpx2.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx2.ReadTimeout("slow", request=request)
        return httpx2.Response(200, json={"id": "tr_1", "object": "transfer"})

    with asking():
        await client(second_time, retries=1).v1.transfers.create_async(
            {"currency": "usd", "destination": "acct_1"}, {"idempotency_key": "payout:1"}
        )
    assert keys == ["payout:1", "payout:1"]


def settings(data_dir: Path, **given: object) -> Config:
    return Config(data_dir=data_dir, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"stripe_secret_key": "pk_live_x"}, "begins with sk_"),
        ({"stripe_secret_key": KEY}, "STRIPE_WEBHOOK_SECRETS"),
        ({"stripe_secret_key": KEY, "stripe_webhook_secrets": " , "}, "STRIPE_WEBHOOK_SECRETS"),
        (
            {
                "stripe_secret_key": "rk_live_x",
                "stripe_webhook_secrets": "whsec_x",
                "stripe_api_url": "http://127.0.0.1:9",
            },
            "live key",
        ),
    ],
)
async def test_dangerous_settings_stop_the_start(tmp_path: Path, given: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        async with stripe_client.opened(settings(tmp_path, **given), SystemClock()):
            pass
    assert "rk_live_x" not in str(caught.value)


async def test_no_key_means_no_stripe(tmp_path: Path) -> None:
    async with stripe_client.opened(settings(tmp_path), SystemClock()) as rail:
        assert rail is None


async def test_bodies_stay_out_of_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    config = settings(tmp_path, stripe_secret_key=SecretStr(KEY), stripe_webhook_secrets=SecretStr("whsec_a,whsec_b"))
    async with stripe_client.opened(config, SystemClock()) as rail:
        assert rail is not None
        assert rail.webhook_secrets == ("whsec_a", "whsec_b")
        asked = client(lambda _: httpx2.Response(200, content=json.dumps({"id": "acct_1", "object": "account"})))
        await asked.v1.transfers.create_async({"currency": "usd", "destination": "DE89370400440532013000"})
    assert "DE8937" not in caplog.text
    assert KEY not in caplog.text


def test_the_pace_lets_a_burst_through_and_then_spaces() -> None:
    pace = Pace(per_s=10, burst=3)
    assert [round(pace.take(100.0), 6) for _ in range(5)] == [0, 0, 0, 0.1, 0.2]
    assert pace.take(100.2) == pytest.approx(0.1)
    assert [round(pace.take(200.0), 6) for _ in range(4)] == [0, 0, 0, 0.1]


async def test_each_attempt_waits_for_its_token() -> None:
    class Still:
        def now(self) -> datetime:
            return datetime(2026, 1, 1, tzinfo=UTC)

        def monotonic(self) -> float:
            return 0.0

        def new_id(self) -> UUID:
            return UUID(int=1)

    pace = Pace(per_s=1_000, burst=2)
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json={"id": "tr_1"})))
    asked = stripe.StripeClient(KEY, http_client=Httpx2Client(http, pace, Still()))
    for _ in range(3):
        await asked.v1.transfers.retrieve_async("tr_1")
    assert pace.take(0.0) == pytest.approx(0.002)
