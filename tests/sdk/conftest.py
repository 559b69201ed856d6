"""A fake coordinator for each test, and clients that wait for nothing."""

from collections.abc import Iterator

import pytest

from we1web import Client
from we1web.sdk.clock import Pacing
from we1web.testing.fake_coordinator import FakeCoordinator


class Waits:
    """A pacing that only writes down how long it was asked to wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.pacing = Pacing(sleep=self._sleep, now_s=lambda: sum(self.seconds))

    async def _sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def fake() -> Iterator[FakeCoordinator]:
    with FakeCoordinator() as coordinator:
        yield coordinator


@pytest.fixture
def client(fake: FakeCoordinator, waits: Waits) -> Iterator[Client]:
    with Client(fake.url, fake.token, pacing=waits.pacing) as connected:
        yield connected
