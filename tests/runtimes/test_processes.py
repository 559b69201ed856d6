"""Processes come and go as they should: several bundles at once, cancelled ones, dead ones, and none left behind."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from tests.runtimes.programs import ECHO, metered, python_work, read, wasm_work, wat

from we1web.agent.process_pool import ProcessPool
from we1web.agent.pyodide_files import verify
from we1web.agent.runtime import Runtime, RuntimeBroken, Work
from we1web.agent.runtimes import available
from we1web.agent.runtimes.identity import PYODIDE_DIR, RUNTIME_IDS
from we1web.agent.runtimes.python import PythonRuntime
from we1web.agent.runtimes.wasm import WasmRuntime
from we1web.agent.sandbox import Confinement, Sandbox, SandboxDied
from we1web.protocol import outcome

SQUARE = "def f(x): return x * x"
FOREVER = wat("(loop $l (br $l))")


def children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


async def both(tmp_path: Path) -> list[Runtime]:
    """Fresh runtimes, started; the caller closes them."""
    runtimes = available(1, tmp_path)
    for runtime in runtimes:
        await runtime.start()
    return runtimes


def test_available_names_what_the_coordinator_knows(tmp_path: Path) -> None:
    assert {runtime.id for runtime in available(1, tmp_path)} == set(RUNTIME_IDS.values())


async def test_many_python_bundles_at_once(python: PythonRuntime) -> None:
    works = [python_work(SQUARE, [(n,), (n + 1,)]) for n in range(6)]
    found = await asyncio.gather(*map(python.run, works))
    assert [[read(one) for one in bundle] for bundle in found] == [[n * n, (n + 1) ** 2] for n in range(6)]


async def test_many_wasm_bundles_at_once(wasm: WasmRuntime) -> None:
    program = metered(ECHO)
    found = await asyncio.gather(*(wasm.run(wasm_work(program, [b"%d" % n] * 50)) for n in range(20)))
    assert [{outcome.payload(one) for one in bundle} for bundle in found] == [{b"%d" % n} for n in range(20)]


async def test_large_arguments_and_results_pass(wasm: WasmRuntime, python: PythonRuntime) -> None:
    big = bytes(range(256)) * 20_000
    work = python_work("def f(data): return data[::-1]", [(big,)] * 4, output_bytes=8 << 20)
    assert {read(one) for one in await python.run(work)} == {big[::-1]}
    found = await wasm.run(wasm_work(metered(ECHO), [b"x" * 60_000] * 100))
    assert {outcome.payload(one) for one in found} == {b"x" * 60_000}


async def test_no_process_is_left_after_close(tmp_path: Path, pyodide_files: None) -> None:
    before = children()
    runtimes = await both(tmp_path)
    assert children() - before
    for runtime in runtimes:
        await runtime.close()
    assert children() - before == set()


@pytest.mark.parametrize("work", [python_work("while True: pass", [(1,)]), wasm_work(FOREVER, [b""], instructions=0)])
async def test_a_cancelled_bundle_leaves_no_process_and_its_runtime_goes_on(
    work: Work, tmp_path: Path, pyodide_files: None
) -> None:
    before = children()
    runtime = next(found for found in available(1, tmp_path) if found.id == RUNTIME_IDS[work.runtime])
    await runtime.start()
    running = asyncio.create_task(runtime.run(work))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(running, 0.5)
    good = python_work(SQUARE, [(3,)]) if work.runtime == "python" else wasm_work(metered(ECHO), [b"3"])
    assert (await runtime.run(good))[0][0] == outcome.VALUE
    await runtime.close()
    assert children() - before == set()


ORPHAN_MAKER = """
import asyncio, sys, psutil
from pathlib import Path
from tests.runtimes.programs import python_work, wasm_work
from tests.runtimes.test_processes import FOREVER, both

async def main():
    runtimes = await both(Path(sys.argv[1]))
    running = [asyncio.create_task(runtimes[0].run(wasm_work(FOREVER, [b""], instructions=0, wall_ms=600_000))),
               asyncio.create_task(runtimes[1].run(python_work("while True: pass", [(1,)], wall_ms=600_000)))]
    await asyncio.wait(running, timeout=1.5)
    print(*[child.pid for child in psutil.Process().children(recursive=True)], flush=True)
    await asyncio.wait(running)

asyncio.run(main())
"""


def test_a_killed_agent_takes_its_processes_along(tmp_path: Path, pyodide_files: None) -> None:
    """SIGKILL gives the agent no chance to clean up: the kernel does, also of tasks that never end."""
    root = Path(__file__).parents[2]
    agent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN_MAKER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert agent.stdout
    started = [psutil.Process(int(pid)) for pid in agent.stdout.readline().split()]
    agent.kill()
    agent.wait()
    assert len(started) >= 2
    _, alive = psutil.wait_procs(started, timeout=20)
    assert alive == []


@pytest.mark.parametrize("noticed", [True, False])
async def test_a_process_that_dies_while_it_waits_is_replaced(noticed: bool, tmp_path: Path) -> None:
    runtime = WasmRuntime(1, tmp_path)
    await runtime.start()
    waiting = runtime._pool._idle[0]
    psutil.Process(waiting.pid).kill()
    if noticed:
        await waiting._process.wait()
    (found,) = await runtime.run(wasm_work(metered(ECHO), [b"still here"]))
    assert outcome.payload(found) == b"still here"
    await runtime.close()


async def test_a_runtime_that_cannot_start_says_why(tmp_path: Path) -> None:
    async def spawn() -> Sandbox:
        broken = [sys.executable, "-c", "import sys; sys.exit('no luck today')"]
        return await Sandbox.ready(broken, Confinement(1 << 30), limit_s=20)

    pool = ProcessPool(spawn, ready=2)
    with pytest.raises(RuntimeBroken, match="no luck today"):
        await pool.start()


async def test_a_frame_that_is_too_long_costs_the_process_its_life() -> None:
    liar = [sys.executable, "-c", "import os; os.write(1, b'\\xff\\xff\\xff\\xff'); os.read(0, 1)"]
    process = await Sandbox.spawn(liar, Confinement(1 << 30))
    with pytest.raises(SandboxDied):
        await process.receive(100)
    await process.close()
    assert not process.alive


LOOK_AROUND = """
import json, os, resource, sys
interfaces = [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line]
limits = [resource.getrlimit(limit) for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_DATA)]
told = json.dumps({"interfaces": interfaces, "environment": sorted(os.environ), "limits": limits}).encode()
os.write(1, len(told).to_bytes(4, "little") + told)
"""
LEAVE_NETWORK = "import ctypes, os, sys; sys.exit(ctypes.CDLL(None).unshare(0x40000000 | (os.getuid() and 0x10000000)))"


async def test_walls_around_the_runtimes_themselves() -> None:
    """For the day when a runtime has a hole: no environment, no file grows, no network where the kernel allows that."""
    process = await Sandbox.spawn([sys.executable, "-I", "-c", LOOK_AROUND], Confinement(1 << 30))
    found = json.loads(await process.receive(10_000))
    await process.close()
    assert found["environment"] == ["DENO_DIR", "HOME", "LANG", "NO_COLOR", "TZ"]
    assert found["limits"] == [[0, 0], [0, 0], [1 << 30, 1 << 30]]
    if await (await asyncio.create_subprocess_exec(sys.executable, "-c", LEAVE_NETWORK)).wait() == 0:
        assert found["interfaces"] == ["lo"]


def test_changed_files_are_refused(tmp_path: Path, pyodide_files: None) -> None:
    copy = tmp_path / "pyodide"
    copy.mkdir()
    for path in PYODIDE_DIR.iterdir():
        (copy / path.name).hardlink_to(path)
    verify(copy)
    changed = copy / "pyodide.mjs"
    content = changed.read_bytes()
    changed.unlink()
    changed.write_bytes(content + b"\n")
    with pytest.raises(RuntimeBroken, match=r"pyodide\.mjs"):
        verify(copy)


def test_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeBroken, match="not built") as refusal:
        verify(tmp_path)
    assert "build/pyodide" in refusal.value.hint
