"""The wasm runtime of the browser gives the same bytes and counts as the native one: V8 against wasmtime."""

import asyncio
import json
from typing import Any

import pytest
import pytest_asyncio
from tests.runtimes.programs import ECHO, INSTRUCTIONS, OUTPUT_BYTES, metered, wasm_work
from tests.runtimes.test_determinism import WASM_FACETS

from we1web.agent.runtime import Work
from we1web.agent.runtimes.wasm import WasmRuntime
from we1web.demo.kernel import assemble
from we1web.demo.mandelbrot import SEAHORSE_VALLEY, tiles
from we1web.protocol import outcome
from we1web.wasm_engine import prepare

from .conftest import deno

ARGUMENTS = [b"", b"x", bytes(range(256)) * 40]
SAY = '(data (i32.const 2048) "caf\\c3\\a9 \\ff\\ef\\bb\\bf!")'
ERRNO = "(call $answer (call %s))"
TABLE = "(type $none (func)) (type $one (func (param i32))) (table 2 funcref) (elem (i32.const 0) $f) (func $f)"
DEEP = "(func $deep (param i64) (result i64) (i64.add (call $deep (local.get 0)) (i64.const 1)))"
UNKNOWN = '(import "wasi_snapshot_preview1" "%s" (func $unknown (param i32 i32) (result i32)))'
PROGRAMS: dict[str, bytes] = {
    **{f"facet {name}": metered(start) for name, start in WASM_FACETS.items()},
    "echo": metered(ECHO),
    "exit 0": metered(ECHO + "(call $exit (i32.const 0))"),
    "exit 3": metered("(call $exit (i32.const 3))"),
    "exit -1": metered("(call $exit (i32.const -1))"),
    "unreachable": metered("unreachable"),
    "memory": metered("(i32.store (i32.const -1) (i32.const 1))"),
    "division": metered("(drop (i32.rem_u (i32.const 1) (call $read)))"),
    "overflow": metered("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))"),
    "too large for an integer": metered("(drop (i32.trunc_f64_s (f64.const 1e300)))"),
    "no number for an integer": metered("(drop (i64.trunc_f32_u (f32.const nan)))"),
    "null call": metered("(call_indirect (type $none) (i32.const 1))", functions=TABLE),
    "call of another type": metered("(call_indirect (type $one) (i32.const 1) (i32.const 0))", functions=TABLE),
    "call beyond the table": metered("(call_indirect (type $none) (i32.const 9))", functions=TABLE),
    "endless recursion": metered("(drop (call $deep (i64.const 0)))", functions=DEEP, instructions=1 << 50),
    "endless loop": metered("(loop $l (br $l))"),
    "all output": metered(
        "(call $write (i32.const 0) (i32.const 65536)) (call $write (i32.const 0) (i32.const 65536))"
    ),
    "errors said": metered(
        "(i32.store (i32.const 0) (i32.const 2048)) (i32.store (i32.const 4) (i32.const 11))"
        "(drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8))) unreachable",
        functions=SAY,
    ),
    "output at a bad pointer": metered(
        "(i32.store (i32.const 0) (i32.const -8)) (i32.store (i32.const 4) (i32.const 16))"
        + ERRNO % "$fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)"
    ),
    "pieces at a bad pointer": metered(ERRNO % "$fd_write (i32.const 1) (i32.const -4) (i32.const 2) (i32.const 8)"),
    "too many pieces": metered(ERRNO % "$fd_read (i32.const 0) (i32.const 0) (i32.const 1025) (i32.const 8)"),
    "a file that is not open": metered(ERRNO % "$fd_write (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 8)"),
    "too much randomness": metered(ERRNO % "$random (i32.const 0) (i32.const 65537)"),
    "no such clock": metered(ERRNO % "$clock (i32.const 3) (i64.const 0) (i32.const 1024)"),
    "all the memory": metered(
        "(local $n i32) (loop $l (br_if $l (i32.ge_s (local.tee $n (memory.grow (i32.const 7))) (i32.const 0))))"
        "(call $answer (memory.size))"
    ),
    **{
        f"import of {name}": metered(ERRNO % "$unknown (i32.const 0) (i32.const 0)", imports=UNKNOWN % name)
        for name in ("environ_get", "environ_sizes_get", "fd_prestat_get", "fd_renumber", "fd_fdstat_get", "fd_tell")
    },
}


def cases() -> dict[str, Work]:
    found = {
        name: wasm_work(program, ARGUMENTS, output_bytes=100_000 if name == "all output" else OUTPUT_BYTES)
        for name, program in PROGRAMS.items()
    }
    kernel = prepare(assemble(), 16 << 20, 10**11)
    shapes = [tile.parameters() for tile in tiles(SEAHORSE_VALLEY)][:3]
    found["mandelbrot"] = wasm_work(kernel, shapes, instructions=10**11)
    return found


def as_json(work: Work) -> dict[str, Any]:
    return {
        "module": work.program.hex(),
        "program": work.program_digest.hex(),
        "instructions": work.limits.instructions or INSTRUCTIONS,
        "output_bytes": work.limits.output_bytes,
        "arguments": [argument.hex() for argument in work.arguments],
    }


@pytest_asyncio.fixture(scope="module")
async def native(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """The outcomes of the native node."""
    runtime = WasmRuntime(2, tmp_path_factory.mktemp("modules"))
    await runtime.start()
    try:
        works = cases()
        outcomes = await asyncio.gather(*map(runtime.run, works.values()))
    finally:
        await runtime.close()
    return dict(zip(works, outcomes, strict=True))


@pytest.fixture(scope="module")
def browser(tools: None) -> dict[str, list[bytes]]:
    """The same in V8, by the code that runs in a tab."""
    works = cases()
    asked = json.dumps([as_json(work) for work in works.values()])
    done = deno(
        "run", "--frozen", "--unstable-sloppy-imports", "--allow-read=.", "src/testing/wasm_tasks.ts", said=asked
    )
    assert done.returncode == 0, done.stderr
    found = [[bytes.fromhex(text) for text in outcomes] for outcomes in json.loads(done.stdout)]
    return dict(zip(works, found, strict=True))


@pytest.mark.parametrize("name", [*PROGRAMS, "mandelbrot"])
async def test_both_engines_give_the_same_bytes_and_counts(
    name: str, native: dict[str, list[bytes]], browser: dict[str, list[bytes]]
) -> None:
    assert browser[name] == native[name]


def test_the_programs_end_in_every_way(native: dict[str, list[bytes]]) -> None:
    kinds = {encoded[0] for outcomes in native.values() for encoded in outcomes}
    failures = {outcome.failure(o).type for outcomes in native.values() for o in outcomes if o[0] == outcome.ERROR}
    assert kinds == {outcome.VALUE, outcome.ERROR, outcome.NONE}
    assert failures == {"Trap", "ExitCode", "OutOfInstructions", "OutputLimitError"}
    assert native["endless recursion"][0] == outcome.none("stack_limit")
