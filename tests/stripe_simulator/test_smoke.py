"""The steps that are tried against Stripe's sandbox pass against the simulator, and say it when something is wrong."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import SecretStr
from tests.stripe_simulator.conftest import Stage

from we1web.cli import stripe_smoke
from we1web.coordinator import stripe_client
from we1web.coordinator.clock import SystemClock
from we1web.coordinator.config import Config
from we1web.testing.stripe_simulator.config import LiveKey, NoSandbox, key_of_sandbox
from we1web.testing.stripe_simulator.server import BackgroundSimulator
from we1web.testing.stripe_simulator.simulator import Simulator
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


def test_the_command_tells_each_step(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STRIPE_TEST_KEY", "sk_test_1")
    with BackgroundSimulator(Simulator()) as running:
        assert stripe_smoke.command(api_url=running.url, as_json=True) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["ok"] and len(told["steps"]) == 9
        running.run(lambda simulator: simulator.faults.add("http_500", "accounts", count=20))
        assert stripe_smoke.command(api_url=running.url) == 1
    assert "FAILED" in capsys.readouterr().out
