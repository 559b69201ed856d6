"""Runtimes that need no sandbox, for tests of agents and coordinators: what goes in comes out, or comes out wrong.

They obey the contract of agent/runtime.py (its suite runs over them too) but run no program: never offer one to a real
market, where its answers are simply wrong.
"""

from collections.abc import Callable
from hashlib import sha256

from we1web.agent.runtime import OUTPUT_LIMIT, Runtime, Work, seed_of
from we1web.protocol import outcome


class EchoRuntime:
    """Answers every argument with itself."""

    def __init__(self, runtime_id: str = "echo-1") -> None:
        self.id = runtime_id
        self.works: list[Work] = []

    async def start(self) -> None:
        return None

    async def run(self, work: Work) -> list[bytes]:
        self.works.append(work)
        return [_echo(work, argument) for argument in work.arguments]

    async def close(self) -> None:
        return None


class LyingRuntime:
    """A real runtime whose VALUE outcomes are corrupted, for a share of the tasks that depends on the tasks alone.

    Two liars tell the same lie about the same task: the attack that voting finds hardest.
    """

    def __init__(self, inner: Runtime, lie_rate: float, on_lie: Callable[[], None] = lambda: None) -> None:
        self._inner = inner
        self._lie_rate = lie_rate
        self._on_lie = on_lie

    @property
    def id(self) -> str:
        return self._inner.id

    async def start(self) -> None:
        await self._inner.start()

    async def run(self, work: Work) -> list[bytes]:
        outcomes = await self._inner.run(work)
        return [
            self._lie(outcome) if self._lies_about(work, argument) else outcome
            for outcome, argument in zip(outcomes, work.arguments, strict=True)
        ]

    async def close(self) -> None:
        await self._inner.close()

    def _lies_about(self, work: Work, argument: bytes) -> bool:
        chance = int.from_bytes(sha256(b"lie" + seed_of(work, argument).to_bytes(8, "little")).digest()[:8], "little")
        return chance < self._lie_rate * (1 << 64)

    def _lie(self, encoded: bytes) -> bytes:
        if encoded[0] != outcome.VALUE:
            return encoded
        self._on_lie()
        return corrupted(encoded)


def corrupted(encoded: bytes) -> bytes:
    """Another VALUE outcome of the same size and meter; one byte longer when there is no payload to change."""
    payload = outcome.payload(encoded)
    changed = payload[:-1] + bytes([payload[-1] ^ 1]) if payload else b"\x01"
    return outcome.value(changed, outcome.meter(encoded))


def _echo(work: Work, argument: bytes) -> bytes:
    if len(argument) > work.limits.output_bytes:
        return outcome.none(OUTPUT_LIMIT)
    return outcome.value(argument)
