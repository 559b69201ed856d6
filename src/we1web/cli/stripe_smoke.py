"""`we1web stripe-smoke`: tries what we ask of Stripe against a sandbox of Stripe's. Moves no money."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from we1web.cli._options import AsJson

if TYPE_CHECKING:
    from we1web.testing.stripe_smoke import Step


def command(*, api_url: Annotated[str | None, Parameter(name="--api-url")] = None, as_json: AsJson = False) -> int:
    """Try, step by step, what the coordinator asks of Stripe, against a sandbox of Stripe's.

    STRIPE_TEST_KEY has to hold a secret test key (sk_test_...) of an account with Connect; a live key is refused. It
    opens a checkout session nobody pays, and creates and closes a connected account.
    Exit codes: 0 Stripe answers as expected, 1 it does not (each step says what it was told).

    Parameters
    ----------
    api_url
        Another address than Stripe's: of `we1web stripe-simulator`.
    as_json
        Print one JSON object.
    """
    import asyncio

    from we1web.cli._output import emit, table
    from we1web.testing.stripe_simulator.config import key_of_sandbox

    steps = asyncio.run(_steps(key_of_sandbox(), api_url))
    if as_json:
        emit({"ok": all(step.ok for step in steps), "steps": [step._asdict() for step in steps]})
    else:
        table(["step", "", "said"], [[step.name, "ok" if step.ok else "FAILED", step.said] for step in steps])
    return 0 if all(step.ok for step in steps) else 1


async def _steps(key: str, api_url: str | None) -> "list[Step]":
    from pydantic import SecretStr

    from we1web.coordinator import stripe_client
    from we1web.coordinator.clock import SystemClock
    from we1web.coordinator.config import Config
    from we1web.testing.stripe_smoke import Smoke

    clock = SystemClock()
    config = Config(
        stripe_secret_key=SecretStr(key),
        stripe_api_url=api_url or "",
        stripe_webhook_secrets=SecretStr("whsec_none_is_used"),
    )
    async with stripe_client.opened(config, clock) as rail:
        assert rail is not None
        return await Smoke(rail, clock.new_id(), clock.now()).steps()
