"""A simulated Stripe for tests: it never breaks its own description, and may write down what it was asked."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from we1web.testing.stripe_simulator.server import serving
from we1web.testing.stripe_simulator.simulator import Received, Simulator

RECORD = "STRIPE_REQUESTS"
"""Names a file in the environment: all requests of all tests are appended to it, for `stripe-simulator check`."""
SECRET = "whsec_of_the_tests"


@asynccontextmanager
async def simulated(simulator: Simulator) -> AsyncIterator[str]:
    """The address while it is served."""
    async with serving(simulator) as url:
        yield url
    assert simulator.off_spec == []
    if file := os.environ.get(RECORD):
        append(Path(file), simulator.requests)


def with_stripe(address: str) -> dict[str, str]:
    """The environment of a coordinator process that has this Stripe."""
    return {
        "STRIPE_SECRET_KEY": "sk_test_of_the_tests",
        "WE1WEB_STRIPE_API_URL": address,
        "WE1WEB_STRIPE_WEBHOOK_SECRETS": SECRET,
    }


def tell(simulator: Simulator, coordinator_url: str) -> None:
    """All its notices go to a coordinator: of our account, of connected ones, and thin ones."""
    for thin, connect in ((False, False), (False, True), (True, False)):
        simulator.endpoint(f"{coordinator_url}/api/payments/webhook", SECRET, thin=thin, connect=connect)


def append(file: Path, requests: list[Received]) -> None:
    with file.open("a", encoding="utf-8") as record:
        record.writelines(f"{request.as_json()}\n" for request in requests if was_read(request))


def was_read(request: Received) -> bool:
    """Not so when nothing was reachable, and the connection ended at once."""
    return request.parameters is not None or request.status != 0
