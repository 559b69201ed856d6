"""Ready processes of one runtime: so that a bundle waits for none to start.

Starts replacements in the background, never more processes than asked for, and reports a runtime that cannot start
instead of trying for ever. Knows nothing of tasks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from we1web.agent.runtime import RuntimeBroken
from we1web.agent.sandbox import Sandbox


class ProcessPool:
    """`ready` idle processes kept warm. Whoever takes one gives it back or discards it."""

    def __init__(self, spawn: Callable[[], Awaitable[Sandbox]], ready: int) -> None:
        self._spawn = spawn
        self._ready = ready
        self._idle: list[Sandbox] = []
        self._taken: set[Sandbox] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Returns when every process is ready. Raises RuntimeBroken."""
        started = await asyncio.gather(*(self._spawn() for _ in range(self._ready)), return_exceptions=True)
        self._idle += [process for process in started if isinstance(process, Sandbox)]
        for failure in started:
            if isinstance(failure, BaseException):
                await self.close()
                raise failure

    async def take(self) -> Sandbox:
        """A ready process; starts one when none is. Raises RuntimeBroken."""
        while self._idle or self._starting:
            if not self._idle:
                await asyncio.wait(self._starting, return_when=asyncio.FIRST_COMPLETED)
                continue
            process = self._idle.pop()
            if process.alive:
                break
            await process.close()
        else:
            process = await self._spawn()
        self._taken.add(process)
        return process

    async def give_back(self, process: Sandbox) -> None:
        """Returns a process that is as good as new; others are for `discard`."""
        self._taken.discard(process)
        if self._closed or len(self._idle) >= self._ready or not process.alive:
            await process.close()
        else:
            self._idle.append(process)

    async def discard(self, process: Sandbox) -> None:
        """Ends a process and sees that another gets ready."""
        self._taken.discard(process)
        process.kill()
        self.refill()
        await process.close()

    def refill(self) -> None:
        """Starts in the background what is missing to `ready` idle processes."""
        missing = 0 if self._closed else self._ready - len(self._idle) - len(self._starting)
        for _ in range(missing):
            task = asyncio.create_task(self._start_one())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def close(self) -> None:
        """Ends every process, taken ones included."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        everyone = [*self._idle, *self._taken]
        self._idle.clear()
        await asyncio.gather(*(process.close() for process in everyone))

    async def _start_one(self) -> None:
        with suppress(RuntimeBroken):  # whoever needs a process tries again, and then hears why
            self._idle.append(await self._spawn())
