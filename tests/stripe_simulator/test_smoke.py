"""The steps that are tried against Stripe's sandbox pass against the simulator, and say it when something is wrong."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import SecretStr
from tests.stripe_simulator.conftest import Stage

from we1web.coordinator import stripe_client
from we1web.coordinator.clock import SystemClock
from we1web.coordinator.config import Config
from we1web.testing.stripe_simulator.config import LiveKey, NoSandbox, key_of_sandbox
from we1web.testing.stripe_smoke import Smoke, Step


async def steps(stage: Stage) -> list[Step]:
    config = Config(
        stripe_secret_key=SecretStr("sk_test_1"),
        stripe_api_url=stage.url,
        stripe_webhook_secrets=SecretStr("whsec_1"),
    )
    async with stripe_client.opened(config, SystemClock()) as rail:
        assert rail is not None
        return await Smoke(rail, uuid4(), datetime(2026, 11, 26, tzinfo=UTC)).steps()


async def test_every_step_passes(stage: Stage) -> None:
    tried = await steps(stage)
    assert [step for step in tried if not step.ok] == []
    assert len(tried) == 9
    assert len(stage.simulator.state.accounts) == 1


async def test_a_step_that_fails_says_so_and_the_others_are_tried(stage: Stage) -> None:
    stage.simulator.faults.add("http_500", "^GET /v1/balance$", count=10)
    tried = await steps(stage)
    assert [step.name for step in tried if not step.ok] == ["the key is a test key"]
    assert "RailUnavailable" in tried[0].said


def test_only_a_test_key_is_taken() -> None:
    assert key_of_sandbox({"STRIPE_TEST_KEY": "sk_test_1"}) == "sk_test_1"
    with pytest.raises(LiveKey):
        key_of_sandbox({"STRIPE_TEST_KEY": "sk_live_1"})
    with pytest.raises(NoSandbox):
        key_of_sandbox({})
