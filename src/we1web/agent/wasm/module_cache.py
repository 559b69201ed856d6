"""Compiled modules on disk, so that a module is compiled once per machine.

Loading a compiled module trusts its bytes. So the folder is private to this agent, only files of our own compiler
process are put there, and each carries a hash that is checked once per run of the agent before anything loads it.
"""

import asyncio
import os
import platform
import stat
from collections.abc import Awaitable, Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from we1web.agent.runtime import RuntimeBroken, Work

MAX_MODULES = 64
_SUFFIX = ".cwasm"
Compile = Callable[[bytes], Awaitable[bytes]]


class ModuleRefused(Exception):
    """The compiler does not accept the module."""


class ModuleCache:
    """Gives paths of compiled modules; compiles what is missing, one at a time per module."""

    def __init__(self, directory: Path, compile_: Compile) -> None:
        self._directory = directory
        self._compile = compile_
        self._known: dict[bytes, asyncio.Task[Path]] = {}

    def open(self) -> None:
        """Makes the folder. Raises RuntimeBroken when others could write there."""
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = self._directory.stat()
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o022:
            raise RuntimeBroken(
                f"{self._directory} can be written by other users", hint="remove it, or choose another cache directory"
            )

    async def path_of(self, work: Work) -> Path:
        """The compiled form of the program. Raises ModuleRefused."""
        digest = work.program_digest
        task = self._known.get(digest)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._known[digest] = asyncio.create_task(self._find(digest, work.program))
        return await asyncio.shield(task)

    def forget(self, work: Work) -> None:
        """Drops a compiled module that could not be loaded (of another wasmtime, or another processor)."""
        if self._known.pop(work.program_digest, None):
            self._path(work.program_digest).unlink(missing_ok=True)

    def _path(self, digest: bytes) -> Path:
        engine = f"{version('wasmtime')}-{platform.machine()}"
        return self._directory / f"{digest.hex()}-{engine}{_SUFFIX}"

    async def _find(self, digest: bytes, program: bytes) -> Path:
        path = self._path(digest)
        if await asyncio.to_thread(_is_whole, path):
            return path
        compiled = await self._compile(program)
        if not compiled:
            raise ModuleRefused
        await asyncio.to_thread(self._store, path, compiled)
        return path

    def _store(self, path: Path, compiled: bytes) -> None:
        """The file appears whole, its hash first: a reader never sees half of either."""
        _write(_hash_file(path), sha256(compiled).hexdigest().encode())
        _write(path, compiled)
        files = sorted(self._directory.glob(f"*{_SUFFIX}"), key=lambda file: file.stat().st_mtime)
        for old in files[:-MAX_MODULES]:
            old.unlink(missing_ok=True)
            _hash_file(old).unlink(missing_ok=True)


def _hash_file(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _is_whole(path: Path) -> bool:
    try:
        return sha256(path.read_bytes()).hexdigest() == _hash_file(path).read_text()
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{os.getpid()}-{path.name}")
    part.write_bytes(data)
    part.chmod(0o600)
    part.replace(path)
