"""The `python` runtime: CPython compiled to WebAssembly (Pyodide) inside Deno without a single permission.

A fresh process per bundle, restored from a memory snapshot and taken from a few that wait ready; tasks of a bundle run
in order in its interpreter. Deterministic: counted clock, seeded entropy, fixed hash seed (see guest/). Verifies its
files before it starts; must never run anything from a folder that was not verified.
"""

import asyncio
from pathlib import Path

from deno import find_deno_bin

from we1web.agent import pyodide_files
from we1web.agent.bundle import Bundle
from we1web.agent.process_pool import ProcessPool
from we1web.agent.runtime import Work
from we1web.agent.runtimes.identity import GUEST_DIR, PYODIDE_DIR, RUNTIME_IDS
from we1web.agent.sandbox import Confinement, Sandbox

CONFINEMENT = Confinement(data_bytes=1536 << 20)
"""512 MiB of Python's own (capped inside the module) and what V8 needs to run and compile it."""
START_LIMIT_S = 60.0
MAX_READY = 4
FLAGS = (
    "--no-prompt",
    "--no-remote",
    "--no-npm",
    "--cached-only",
    "--no-config",
    "--no-lock",
    "--no-code-cache",
    # Inlining into the interpreter's loop costs a fresh process over a second of compiling, and nothing runs faster.
    "--v8-flags=--max-old-space-size=256,--stack-size=16000,--no-wasm-inlining",
)


class PythonRuntime:
    """Runs up to `cores` bundles at once."""

    def __init__(self, cores: int, directory: Path = PYODIDE_DIR) -> None:
        self._directory = directory
        self._slots = asyncio.Semaphore(cores)
        self._pool = ProcessPool(self._spawn, ready=min(cores, MAX_READY))

    @property
    def id(self) -> str:
        return RUNTIME_IDS["python"]

    async def start(self) -> None:
        await asyncio.to_thread(pyodide_files.verify, self._directory)
        await self._pool.start()

    async def run(self, work: Work) -> list[bytes]:
        async with self._slots:
            return await Bundle(work, self._pool).run()

    async def close(self) -> None:
        await self._pool.close()

    async def _spawn(self) -> Sandbox:
        read = f"--allow-read={self._directory}"
        program = [find_deno_bin(), "run", *FLAGS, read, GUEST_DIR / "runner.mjs", self._directory]
        return await Sandbox.ready(program, CONFINEMENT, START_LIMIT_S)
