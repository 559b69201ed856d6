"""A node as a program: signals in, an exit code out.

The first SIGTERM or SIGINT drains; a second SIGINT leaves at once. It must never end without releasing what it holds.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import IntEnum

import structlog

from we1web.agent.address import AddressError
from we1web.agent.link import Link, Refused
from we1web.agent.node import Node, Totals
from we1web.agent.runtime import RuntimeBroken
from we1web.agent.startup import MakeRuntimes, Options, open_node
from we1web.agent.state import StateError

log = structlog.get_logger("we1web.agent")

Show = Callable[[Node], AbstractContextManager[object]]


class Exit(IntEnum):
    DRAINED = 0
    BAD_ADDRESS = 2
    REFUSED = 3
    """The coordinator does not want this node: the token, the owner's limit, the version."""
    NO_RUNTIME = 4
    STATE_UNUSABLE = 5
    LEFT_AT_ONCE = 130


class Service:
    """Runs one node in the current event loop until it leaves."""

    def __init__(self, options: Options, make_runtimes: MakeRuntimes, show: Show | None = None) -> None:
        self._options = options
        self._make_runtimes = make_runtimes
        self._show: Show = show or (lambda _: nullcontext())
        self._node: Node | None = None
        self._main: asyncio.Task[None] | None = None
        self._asked = False

    @property
    def totals(self) -> Totals:
        return self._node.totals if self._node else Totals()

    async def run(self) -> Exit:
        loop = asyncio.get_running_loop()
        if self._asked:
            return Exit.DRAINED
        self._main = asyncio.ensure_future(self._serve())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop, number)
        try:
            return await self._ended(self._main)
        finally:
            self._main.cancel()
            await asyncio.wait([self._main])
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """What a signal does; also for whoever embeds a node."""
        again, self._asked = self._asked, True
        if self._main is None:
            return
        if self._node is None or (again and number == signal.SIGINT):
            self._main.cancel()
        else:
            self._node.drain(signal.Signals(number).name)

    async def _serve(self) -> None:
        async with open_node(self._options, self._make_runtimes) as (node, link):
            await self._work(node, link)

    async def _work(self, node: Node, link: Link) -> None:
        self._node = node
        with self._show(node):
            await node.run(link)

    async def _ended(self, main: "asyncio.Task[None]") -> Exit:
        await asyncio.wait([main])
        if main.cancelled():
            return Exit.DRAINED if self._node is None else Exit.LEFT_AT_ONCE
        match main.exception():
            case None:
                return Exit.DRAINED
            case Refused() as error:
                log.error("refused", code=error.code, message=error.message, hint=error.hint)
                return Exit.REFUSED
            case AddressError() as error:
                log.error("bad_address", message=error.message, hint=error.hint)
                return Exit.BAD_ADDRESS
            case StateError() as error:
                log.error("state_unusable", message=error.message, hint=error.hint)
                return Exit.STATE_UNUSABLE
            case RuntimeBroken() as error:
                log.error("no_runtime", message=error.message, hint=error.hint)
                return Exit.NO_RUNTIME
            case other:
                raise other
