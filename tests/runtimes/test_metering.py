"""A metered module computes what it computed before, and counts the same in wasmtime and in V8."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from deno import find_deno_bin
from tests.runtimes.programs import ECHO, INSTRUCTIONS, MEMORY_BYTES, metered, read, wasm_work, wat

from we1web.agent.runtimes.wasm import WasmRuntime
from we1web.domain.metering import HOST_CALL_COST, MAX_INSTRUCTIONS, meter
from we1web.protocol import outcome
from we1web.wasm_engine import validate

V8 = Path(__file__).parent / "v8.mjs"

CONTROL = """
  (type $binary (func (param i32 i32) (result i32)))
  (table funcref (elem $add $mul))
  (global $seen (mut i32) (i32.const 0))
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $mul (param i32 i32) (result i32) (i32.mul (local.get 0) (local.get 1)))
  (func $pick (param $n i32) (result i32)
    (block $two (block $one (block $zero
      (br_table $zero $one $two (local.get $n))) (return (i32.const 10))) (return (i32.const 20)))
    (if (result i32) (i32.gt_s (local.get $n) (i32.const 5)) (then (i32.const 30)) (else (i32.const 40))))
  (func $fib (param $n i32) (result i32)
    (if (i32.lt_u (local.get $n) (i32.const 2)) (then (return (local.get $n))))
    (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1))) (call $fib (i32.sub (local.get $n) (i32.const 2)))))
  (func $floats (result i32) (local $x f64) (local $n i32)
    (local.set $x (f64.const 0.5))
    (loop $again
      (local.set $x (f64.sqrt (f64.add (f64.mul (local.get $x) (f64.const 1.37)) (f64.const 0.1))))
      (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 500))))
    (i32.trunc_sat_f64_s (f64.mul (local.get $x) (f64.const 1e8))))
  (func $bulk (result i32)
    (memory.fill (i32.const 4096) (i32.const 7) (i32.const 8000))
    (memory.copy (i32.const 20000) (i32.const 4096) (i32.const 4000))
    (i32.load (i32.const 20400)))
  (func $vectors (result i32)
    (i32x4.extract_lane 2 (i32x4.add (v128.const i32x4 1 2 3 4) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
      (v128.load (i32.const 1024)) (i32x4.splat (i32.const 9))))))
"""
PROGRAMS = {
    "empty": ("", ""),
    "echo": (ECHO, ""),
    "calls": ("(call $answer (call $fib (i32.const 15)))", CONTROL),
    "branches": (
        "(call $answer (i32.add (call $pick (i32.const 1)) "
        "(i32.add (call $pick (i32.const 2)) (call $pick (i32.const 9)))))",
        CONTROL,
    ),
    "tables": ("(call $answer (call_indirect (type $binary) (i32.const 6) (i32.const 7) (i32.const 1)))", CONTROL),
    "floats": ("(call $answer (call $floats))", CONTROL),
    "bulk memory": ("(call $answer (call $bulk))", CONTROL),
    "vectors": ("(call $answer (call $vectors))", CONTROL),
    "trap": ("(call $answer (i32.div_u (i32.const 1) (i32.sub (call $read) (i32.const 5))))", CONTROL),
    "exit": ("(call $exit (i32.const 3))", CONTROL),
    "endless": ("(loop $again (drop (call $bulk)) (br $again))", CONTROL),
    "endless recursion without a loop": ("(call $forever)", CONTROL + "(func $forever (call $f) (call $f)) (func $f)"),
    "out in a bulk operation": ("(loop $l (memory.fill (i32.const 0) (i32.const 0) (i32.const 131072)) (br $l))", ""),
}  # fmt: skip


def in_v8(module: bytes, stdin: str, tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "module.wasm"
    file.write_bytes(module)
    command = [
        find_deno_bin(),
        "run",
        "--no-prompt",
        "--no-config",
        "--no-lock",
        f"--allow-read={file}",
        V8,
        file,
        stdin,
    ]
    done = subprocess.run([*command, str(INSTRUCTIONS)], check=True, capture_output=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("name", PROGRAMS)
async def test_same_output_and_count_in_two_engines(name: str, wasm: WasmRuntime, tmp_path: Path) -> None:
    start, functions = PROGRAMS[name]
    program = metered(start, functions=functions)
    (found,) = await wasm.run(wasm_work(program, [b"hello"]))
    other = in_v8(program, "hello", tmp_path)
    assert outcome.meter(found) == other["used"]
    if other["ended"] == "value":
        assert outcome.payload(found) == bytes(other["output"])
    else:
        assert found[0] == outcome.ERROR


@pytest.mark.parametrize("name", ["echo", "calls", "branches", "tables", "floats", "bulk memory", "vectors"])
async def test_metering_changes_no_result(name: str, wasm: WasmRuntime) -> None:
    start, functions = PROGRAMS[name]
    plain = await wasm.run(wasm_work(wat(start, functions=functions), [b"hello"], instructions=0))
    counted = await wasm.run(wasm_work(metered(start, functions=functions), [b"hello"]))
    assert outcome.payload(plain[0]) == outcome.payload(counted[0])
    assert outcome.meter(plain[0]) == 0 < outcome.meter(counted[0])


async def test_prices(wasm: WasmRuntime) -> None:
    """Plain instructions one each, host calls a flat price, bulk operations by their length."""
    starts = (
        "(drop (i32.add (i32.const 1) (i32.const 2)))",
        "(drop (call $random (i32.const 0) (i32.const 0)))",
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 8))",
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 80000))",
    )
    found = [await wasm.run(wasm_work(metered(start), [b""])) for start in starts]
    plain, host, short, long = (outcome.meter(one) for (one,) in found)
    assert (plain, host) == (4, HOST_CALL_COST + 3)
    assert long - short == (80_000 - 8) // 8


async def test_out_of_instructions_is_an_agreed_error(wasm: WasmRuntime) -> None:
    start, functions = PROGRAMS["endless"]
    program = metered(start, functions=functions, instructions=50_000)
    first, second = await wasm.run(wasm_work(program, [b"", b""], instructions=50_000))
    assert read(first).type == "OutOfInstructions"
    assert first == second
    assert 50_000 < outcome.meter(first) < 60_000


async def test_a_program_cannot_hide_that_it_ran_out(wasm: WasmRuntime) -> None:
    program = metered("(call $exit (i32.const 0))", instructions=10)
    (found,) = await wasm.run(wasm_work(program, [b""], instructions=10))
    assert read(found).type == "OutOfInstructions"


def test_metering_is_a_function_of_module_and_budget() -> None:
    module = wat(ECHO)
    assert meter(module, 1_000) == meter(module, 1_000) != meter(module, 1_001)
    validate(meter(module, MAX_INSTRUCTIONS))


@pytest.mark.parametrize("budget", [0, -1, MAX_INSTRUCTIONS + 1])
def test_impossible_budgets_are_bugs(budget: int) -> None:
    with pytest.raises(ValueError, match="instructions"):
        meter(wat(ECHO), budget)


async def test_memory_ends_at_the_cap(wasm: WasmRuntime) -> None:
    grow = "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (call $answer (memory.size))"
    (found,) = await wasm.run(wasm_work(metered(grow), [b""]))
    assert int.from_bytes(outcome.payload(found), "little") << 16 == MEMORY_BYTES
