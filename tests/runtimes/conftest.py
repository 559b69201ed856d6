"""Both runtimes, started once for all tests of this folder, and servers that count who reaches them."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.runtimes.programs import Counter

from we1web.agent.runtimes.python import PythonRuntime
from we1web.agent.runtimes.wasm import WasmRuntime

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pyodide_files() -> None:
    """The built files of the Python runtime; building is quick when they are up to date."""
    subprocess.run([sys.executable, ROOT / "build" / "pyodide"], check=True)


@pytest_asyncio.fixture(scope="session")
async def wasm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WasmRuntime]:
    runtime = WasmRuntime(2, tmp_path_factory.mktemp("modules"))
    await runtime.start()
    yield runtime
    await runtime.close()


@pytest_asyncio.fixture(scope="session")
async def python(pyodide_files: None) -> AsyncIterator[PythonRuntime]:
    runtime = PythonRuntime(2)
    await runtime.start()
    yield runtime
    await runtime.close()


@pytest_asyncio.fixture(scope="session")
async def counter() -> AsyncIterator[Counter]:
    """A server on this machine that counts connections: nobody may reach it from a sandbox."""
    hits = Counter()
    server = await asyncio.start_server(hits.connected, "127.0.0.1", 0)
    hits.port = server.sockets[0].getsockname()[1]
    yield hits
    server.close()
