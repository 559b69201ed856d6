"""A confined process and the framed pipes to it: what stands between a stranger's task and the agent.

The process has a session of its own, no environment, no writable file, limits on memory and files, no network where the
kernel allows it, and dies with the agent. A frame is its length (u32 little endian) and that many bytes; what comes
back is a stranger's, so its length is checked before it is read. Must never leave a process behind.
"""

import asyncio
import contextlib
import os
import signal
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from we1web.agent.runtime import RuntimeBroken

LAUNCHER = Path(__file__).parent / "launcher.py"
NOWHERE = "/proc/none"
"""A folder that does not exist and that nobody can make, not even root."""
ENVIRONMENT = {"HOME": NOWHERE, "DENO_DIR": f"{NOWHERE}/deno", "NO_COLOR": "1", "TZ": "UTC", "LANG": "C.UTF-8"}
"""All a confined process sees; nothing of the agent's own environment."""
READY = b"ready"
MAX_COMPLAINT_BYTES = 2_000
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class Confinement:
    """What a process may use."""

    data_bytes: int
    open_files: int = 64


class SandboxDied(Exception):
    """The process is gone, or broke the framing and was killed."""


class FrameTooLong(SandboxDied):
    """It announced more bytes than it may send; it is killed."""


class Sandbox:
    """One confined process. Made by `spawn`, ended by `close`; not for two conversations at once."""

    def __init__(self, process: Process) -> None:
        assert process.stdin and process.stdout and process.stderr
        self._process = process
        self._input, self._output = process.stdin, process.stdout
        self._complaint = b""
        self._listener = asyncio.create_task(self._listen(process.stderr))

    @classmethod
    async def ready(cls, program: Sequence[str | Path], confinement: Confinement, limit_s: float) -> Self:
        """Starts a process and waits until it says that it is ready. Raises RuntimeBroken when it does not."""
        process = await cls.spawn(program, confinement)
        try:
            async with asyncio.timeout(limit_s):
                await process.receive(len(READY))
        except (SandboxDied, TimeoutError):
            await process.close()
            raise RuntimeBroken(
                f"{Path(program[0]).name} does not start: {process.complaint[:300] or 'it gave no reason'}",
                hint="is there 1 GiB of free memory? `we1web doctor` looks closer",
            ) from None
        except BaseException:
            await process.close()
            raise
        return process

    @classmethod
    async def spawn(cls, program: Sequence[str | Path], confinement: Confinement) -> Self:
        """Starts `program` (an absolute path and its arguments) through the launcher."""
        numbers = (os.getpid(), confinement.data_bytes, confinement.open_files)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", LAUNCHER, *map(str, numbers), "--", *program),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._output.at_eof()

    @property
    def complaint(self) -> str:
        """The start of what the process wrote to its standard error."""
        return self._complaint.decode("utf-8", "replace")

    async def send(self, *parts: bytes) -> None:
        """Sends one frame made of `parts`. Raises SandboxDied."""
        self._input.write(_LENGTH.pack(sum(map(len, parts))))
        self._input.writelines(parts)
        try:
            await self._input.drain()
        except OSError:
            raise SandboxDied from None

    async def receive(self, max_bytes: int) -> bytes:
        """Reads one frame. Raises SandboxDied or FrameTooLong."""
        try:
            (size,) = _LENGTH.unpack(await self._output.readexactly(_LENGTH.size))
            if size > max_bytes:
                self.kill()
                raise FrameTooLong
            return await self._output.readexactly(size)
        except (asyncio.IncompleteReadError, OSError):
            raise SandboxDied from None

    def kill(self) -> None:
        """SIGKILL for the whole process group. Safe at any time, any number of times."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Kills, and returns when the process is gone and reaped."""
        self.kill()
        self._input.close()
        await self._process.wait()
        await self._listener

    async def _listen(self, errors: asyncio.StreamReader) -> None:
        """Keeps the first words of standard error and drops the flood after them."""
        while part := await errors.read(1 << 16):
            self._complaint = (self._complaint + part)[:MAX_COMPLAINT_BYTES]
