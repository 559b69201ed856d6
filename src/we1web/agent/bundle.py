"""One bundle on confined processes: the conversation, the time limits, and what to do when a process is lost.

The same for every runtime. The process is a stranger's the moment the program is loaded: every answer is checked, and
an answer that is late, too long or malformed costs the process its life and the task its vote, never more.
"""

import asyncio
import contextlib
import json

from we1web.agent.process_pool import ProcessPool
from we1web.agent.runtime import OUTPUT_LIMIT, RUNTIME_DIED, TIME_LIMIT, Work, seed_of
from we1web.agent.sandbox import FrameTooLong, Sandbox, SandboxDied
from we1web.protocol import outcome
from we1web.protocol.errors import FrameError

SLACK_BYTES = 64 << 10
"""An outcome is its payload and a header, or an error with a traceback."""
MAX_BUNDLE_BYTES = 256 << 20
"""All outcomes of one bundle together: they are held in the agent's memory until they are reported."""
BUNDLE_OUTPUT_LIMIT = "bundle_output_limit"
"""The tasks before this one in its bundle returned too much: their requester must return less, or blobs of its own."""


class _Lost(Exception):
    """The process cannot be used again; `code` is what the task gets that was running."""

    def __init__(self, code: str) -> None:
        self.code = code


class _DiedIdle(Exception):
    """The process was gone before it said a word about the program."""


class Bundle:
    """Runs `work` from a pool. `module` names the compiled form of a program; then its bytes are not sent.

    `reusable`: a process that answered a whole bundle is as good as new and goes back to the pool.
    """

    def __init__(self, work: Work, pool: ProcessPool, *, module: str = "", reusable: bool = False) -> None:
        self._work = work
        self._pool = pool
        self._module = module
        self._reusable = reusable
        self._outcomes: list[bytes] = []
        self._may_reload = True
        self._bytes_left = MAX_BUNDLE_BYTES

    async def run(self) -> list[bytes]:
        """One outcome per argument. Raises RuntimeBroken only."""
        while self._missing:
            await self._one_process()
        return self._outcomes

    @property
    def _missing(self) -> int:
        return len(self._work.arguments) - len(self._outcomes)

    async def _one_process(self) -> None:
        """Gets as far as one process lasts: to the end, or to the task that cost its life."""
        process = await self._pool.take()
        whole = False
        try:
            await self._converse(process)
            whole = self._reusable
        except _Lost as lost:
            self._outcomes.append(outcome.none(lost.code))
        except _DiedIdle:
            pass
        finally:
            await asyncio.shield(self._pool.give_back(process) if whole else self._pool.discard(process))

    async def _converse(self, process: Sandbox) -> None:
        verdict = await self._load(process)
        if verdict == outcome.none(RUNTIME_DIED) and self._may_reload:
            self._may_reload = False  # it may have died while it waited; a program that kills does so again
            raise _DiedIdle
        if verdict:
            self._outcomes += [verdict] * self._missing
            return
        self._work.begun()
        feeder = asyncio.create_task(self._feed(process))
        try:
            while self._missing:
                self._keep(self._checked(await self._hear(process)))
        finally:
            feeder.cancel()
            await asyncio.wait([feeder])

    async def _load(self, process: Sandbox) -> bytes:
        """Empty when the program is loaded, else the outcome that all of its tasks have."""
        try:
            await process.send(self._header())
            await process.send(b"" if self._module else self._work.program)
            answer = await self._hear(process)
        except SandboxDied:
            return outcome.none(RUNTIME_DIED)
        except _Lost as lost:  # it would be lost the same way for every task
            return outcome.none(lost.code)
        return self._checked(answer) if answer else b""

    def _header(self) -> bytes:
        limits = self._work.limits
        header = {
            "entry": self._work.entry,
            "module": self._module,
            "tasks": self._missing,
            "memory_bytes": limits.memory_bytes,
            "output_bytes": limits.output_bytes,
            "instructions": limits.instructions,
        }
        return json.dumps(header).encode()

    async def _feed(self, process: Sandbox) -> None:
        """Sends all arguments ahead, so that a short task does not wait for a round trip."""
        with contextlib.suppress(SandboxDied):
            for argument in self._work.arguments[len(self._outcomes) :]:
                await process.send(seed_of(self._work, argument).to_bytes(8, "little"), argument)

    async def _hear(self, process: Sandbox) -> bytes:
        """The next answer. Raises _Lost when there is none in time."""
        longest = self._work.limits.output_bytes + SLACK_BYTES
        try:
            async with asyncio.timeout(self._work.limits.wall_ms / 1000):
                return await process.receive(longest)
        except TimeoutError:
            raise _Lost(TIME_LIMIT) from None
        except FrameTooLong:
            raise _Lost(OUTPUT_LIMIT) from None
        except SandboxDied:
            raise _Lost(RUNTIME_DIED) from None

    @staticmethod
    def _checked(answer: bytes) -> bytes:
        try:
            outcome.check_outcome(answer)
        except FrameError:
            raise _Lost(RUNTIME_DIED) from None
        if answer[0] == outcome.BLOB:
            raise _Lost(RUNTIME_DIED)
        return answer

    def _keep(self, answer: bytes) -> None:
        self._bytes_left -= len(answer)
        self._outcomes.append(answer if self._bytes_left >= 0 else outcome.none(BUNDLE_OUTPUT_LIMIT))
