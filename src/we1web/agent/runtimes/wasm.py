"""The `wasm` runtime: WebAssembly in wasmtime, in confined warm processes of ours, one fresh instance per task.

Modules are compiled once in a process of their own and loaded from a private cache. The host functions are ours and
deterministic (see agent/wasm/wasi.py); time limits are kept from outside, by killing. Must never load a compiled
module that this agent's own compiler did not write.
"""

import asyncio
import sys
from pathlib import Path

from we1web.agent.bundle import Bundle
from we1web.agent.process_pool import ProcessPool
from we1web.agent.runtime import MODULE_STALE, PROGRAM_REFUSED, TIME_LIMIT, Work
from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.agent.sandbox import Confinement, Sandbox, SandboxDied
from we1web.agent.wasm.module_cache import ModuleCache, ModuleRefused
from we1web.domain.wasm_module import MAX_MEMORY_BYTES
from we1web.protocol import outcome

CONFINEMENT = Confinement(data_bytes=MAX_MEMORY_BYTES + (1 << 30))
WORKER, COMPILER = "we1web.agent.wasm.worker", "we1web.agent.wasm.compiler"
START_LIMIT_S = 30.0
COMPILE_LIMIT_S = 120.0
MAX_COMPILED_BYTES = 512 << 20


class WasmRuntime:
    """Runs up to `cores` bundles at once."""

    def __init__(self, cores: int, cache_dir: Path) -> None:
        self._slots = asyncio.Semaphore(cores)
        self._pool = ProcessPool(lambda: _spawn(WORKER), ready=cores)
        self._modules = ModuleCache(cache_dir, _compile)

    @property
    def id(self) -> str:
        return RUNTIME_IDS["wasm"]

    async def start(self) -> None:
        await asyncio.to_thread(self._modules.open)
        await self._pool.start()

    async def run(self, work: Work) -> list[bytes]:
        async with self._slots:
            outcomes = await self._run(work)
            if outcomes[0] == outcome.none(MODULE_STALE):
                self._modules.forget(work)
                outcomes = await self._run(work)
            return outcomes

    async def close(self) -> None:
        await self._pool.close()

    async def _run(self, work: Work) -> list[bytes]:
        try:
            module = await self._modules.path_of(work)
        except ModuleRefused:
            return [outcome.none(PROGRAM_REFUSED)] * len(work.arguments)
        except TimeoutError:
            return [outcome.none(TIME_LIMIT)] * len(work.arguments)
        return await Bundle(work, self._pool, module=str(module), reusable=True).run()


async def _compile(program: bytes) -> bytes:
    """Compiled bytes, or none when the module is not valid. Raises TimeoutError, RuntimeBroken."""
    process = await _spawn(COMPILER)
    try:
        async with asyncio.timeout(COMPILE_LIMIT_S):
            await process.send(program)
            return await process.receive(MAX_COMPILED_BYTES)
    except SandboxDied:
        return b""
    finally:
        await asyncio.shield(process.close())


async def _spawn(module: str) -> Sandbox:
    return await Sandbox.ready([sys.executable, "-I", "-m", module], CONFINEMENT, START_LIMIT_S)
