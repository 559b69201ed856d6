"""The requester's own machine as a judge of its job: `we1web referee` beside the program, while the job is followed.

A process of its own, because what it runs comes from the job and goes into the same sandbox as on any node. That it
cannot start, or ends early, never harms the job: disputes then go to the operator's referee or to the panel.
"""

import asyncio
import contextlib
import os
import sys
from types import TracebackType
from typing import Self

LEAVE_S = 10.0
"""What it holds when the job ends is nobody's any more; longer than this nothing should need to stop."""


class Referee:
    """Runs from entering to leaving the block."""

    def __init__(self, url: str, token: str, job: str) -> None:
        self._url = url
        self._token = token
        self._job = job
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        command = ["-m", "we1web", "referee", "--join", self._url, "--job", self._job, "--cores", "1"]
        with contextlib.suppress(OSError):
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                env={**os.environ, "WE1WEB_TOKEN": self._token},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C is for the program; it decides when this one leaves
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(LEAVE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
