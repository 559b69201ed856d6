"""A tab gives the same bytes as a native node: Chromium against Deno and wasmtime, for all that a task can look at."""

import asyncio

import pytest
from tests.browser.tab_runtime import TabRuntime
from tests.runtimes.programs import ECHO, metered, python_work, wasm_work
from tests.runtimes.test_determinism import FACETS, WASM_FACETS
from tests.runtimes.test_sandbox_python import HARMS, NO_OUTCOME
from tests.web.test_same_bytes import cases

from we1web.agent.runtime import RUNTIME_DIED, TIME_LIMIT, Work
from we1web.agent.runtimes.python import PythonRuntime
from we1web.agent.runtimes.wasm import WasmRuntime
from we1web.protocol import outcome

ENDINGS = {name: code for name, (code, wanted) in HARMS.items() if wanted not in (TIME_LIMIT, RUNTIME_DIED, NO_OUTCOME)}
"""Harms that end as outcomes; the others depend on the machine by their nature."""
PROGRAMS = {name: work for name, work in cases().items() if not name.startswith("import of")}


async def _agree(work: Work, tab: TabRuntime, native: PythonRuntime | WasmRuntime) -> list[bytes]:
    here, there = await asyncio.gather(tab.run(work), native.run(work))
    assert here == there
    return here


@pytest.mark.parametrize("facet", FACETS)
async def test_python_sees_the_same_world(facet: str, tab: TabRuntime, python: PythonRuntime) -> None:
    await _agree(python_work(FACETS[facet], [("one",), ("two",), ("one",)]), tab, python)


@pytest.mark.parametrize("name", ENDINGS)
async def test_python_fails_with_the_same_words(name: str, tab: TabRuntime, python: PythonRuntime) -> None:
    source = f"def f(harm):\n  if harm:\n    {ENDINGS[name]}\n  return 'fine'"
    _, harmed, after = await _agree(python_work(source, [(False,), (True,), (False,)]), tab, python)
    assert harmed[0] == outcome.ERROR
    assert after[0] == outcome.VALUE


async def test_addresses_and_what_a_bundle_leaves_behind_agree(tab: TabRuntime, python: PythonRuntime) -> None:
    source = (
        "class A: pass\nkept = []\n"
        "def f(n):\n  kept.append(A())\n  return [repr(kept), list(map(id, [A(), A()])), hash(A()), len(kept)]"
    )
    await _agree(python_work(source, [(n,) for n in range(5)]), tab, python)


@pytest.mark.parametrize("name", PROGRAMS)
async def test_wasm_gives_the_same_bytes_and_counts(name: str, tab: TabRuntime, wasm: WasmRuntime) -> None:
    await _agree(PROGRAMS[name], tab, wasm)


@pytest.mark.parametrize("facet", WASM_FACETS)
async def test_wasm_tasks_are_alone_in_their_world(facet: str, tab: TabRuntime, wasm: WasmRuntime) -> None:
    program = metered(WASM_FACETS[facet])
    found = await _agree(wasm_work(program, [b"one", b"two", b"one"]), tab, wasm)
    assert found[0] == found[2]


async def test_a_worker_serves_bundle_after_bundle(tab: TabRuntime) -> None:
    for _ in range(3):
        found = await tab.run(wasm_work(metered(ECHO), [b"one", b"two"]))
        assert [outcome.payload(one) for one in found] == [b"one", b"two"]
