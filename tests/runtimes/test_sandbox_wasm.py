"""Every way out of the wasm sandbox that we know, tried: denied, the agent alive, the next task right."""

import pytest
from tests.runtimes.programs import ECHO, MEMORY_BYTES, metered, read, wasm_work, wat

from we1web.agent.runtime import PROGRAM_REFUSED, STACK_LIMIT, TIME_LIMIT
from we1web.agent.runtimes.wasm import WasmRuntime
from we1web.agent.wasm.wasi import BAD_DESCRIPTOR, FAULT, INVALID, IS_A_PIPE, NOT_OFFERED
from we1web.domain.wasm_module import WASI_SIGNATURES
from we1web.protocol import outcome

FILES_SOCKETS_PROCESSES = sorted(
    name for name in WASI_SIGNATURES if name.startswith(("path_", "sock_", "fd_pre", "fd_read", "proc_raise", "poll"))
)


def imported(name: str) -> str:
    words = {"i": "i32", "I": "i64"}
    parameters = " ".join(words[letter] for letter in WASI_SIGNATURES[name])
    return f'(import "wasi_snapshot_preview1" "{name}" (func $tried (param {parameters}) (result i32)))'


def call(name: str, first: int = 3) -> str:
    """Calls a WASI function with descriptor 3 (the first a host would open) and plausible pointers."""
    numbers = [first, *[1024] * (len(WASI_SIGNATURES[name]) - 1)]
    letters = zip(WASI_SIGNATURES[name], numbers, strict=False)
    return "(call $tried " + " ".join(f"({'i64' if c == 'I' else 'i32'}.const {n})" for c, n in letters) + ")"


async def answers(wasm: WasmRuntime, start: str, imports: str = "") -> int:
    (found,) = await wasm.run(wasm_work(metered(start, imports=imports), [b"stdin"]))
    assert found[0] == outcome.VALUE, read(found)
    return int.from_bytes(outcome.payload(found), "little")


@pytest.mark.parametrize("name", FILES_SOCKETS_PROCESSES)
async def test_files_sockets_and_processes_do_not_exist(name: str, wasm: WasmRuntime) -> None:
    errno = await answers(wasm, f"(call $answer {call(name)})", imported(name))
    assert errno == (NOT_OFFERED if name in ("proc_raise", "poll_oneoff") else BAD_DESCRIPTOR)


@pytest.mark.parametrize(
    ("attempt", "errno"),
    [
        ("(call $random (i32.const -8) (i32.const 16))", FAULT),
        ("(call $random (i32.const 131064) (i32.const 16))", FAULT),
        ("(call $random (i32.const 0) (i32.const 65537))", INVALID),
        ("(call $random (i32.const 0) (i32.const -1))", INVALID),
        ("(call $fd_write (i32.const 1) (i32.const -4) (i32.const 1) (i32.const 0))", FAULT),
        ("(call $fd_write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 0))", INVALID),
        ("(call $fd_write (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0))", BAD_DESCRIPTOR),
        ("(call $fd_read (i32.const 0) (i32.const 131070) (i32.const 1) (i32.const 0))", FAULT),
        ("(call $clock (i32.const 0) (i64.const 0) (i32.const 131068))", FAULT),
        ("(call $clock (i32.const 2) (i64.const 0) (i32.const 1024))", INVALID),
    ],
)
async def test_pointers_are_checked(attempt: str, errno: int, wasm: WasmRuntime) -> None:
    assert await answers(wasm, f"(call $answer {attempt})") == errno


async def test_standard_streams_cannot_seek(wasm: WasmRuntime) -> None:
    assert await answers(wasm, f"(call $answer {call('fd_seek', first=1)})", imported("fd_seek")) == IS_A_PIPE


@pytest.mark.parametrize("name", ["environ_sizes_get", "args_sizes_get"])
async def test_environment_and_arguments_are_empty(name: str, wasm: WasmRuntime) -> None:
    fill, tell = "(i32.store (i32.const 1024) (i32.const 9))", "(call $write (i32.const 1024) (i32.const 4))"
    assert await answers(wasm, f"{fill} (drop {call(name, first=1024)}) {tell}", imported(name)) == 0


HARMS = {
    "endless loop": ("(loop $l (br $l))", "OutOfInstructions"),
    "output bomb": ("(loop $l (call $write (i32.const 0) (i32.const 60000)) (br $l))", "OutputLimitError"),
    "memory out of bounds": ("(drop (i32.load (i32.const 2000000000)))", "Trap"),
    "memory beyond the cap": (
        "(drop (memory.grow (i32.const 60000))) (drop (i32.load (i32.const 20000000)))",
        "Trap",
    ),
    "unreachable": ("unreachable", "Trap"),
    "division by zero": ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "Trap"),
    "exit code": ("(call $exit (i32.const 3))", "ExitCode"),
    "deep recursion": ("(call $deep)", STACK_LIMIT),
}


@pytest.mark.parametrize("name", HARMS)
async def test_harm_ends_with_its_task(name: str, wasm: WasmRuntime) -> None:
    """Only the task with an empty stdin harms; its neighbours in the bundle are right."""
    code, wanted = HARMS[name]
    start = f"(if (i32.eqz (call $read)) (then {code})) (call $answer (i32.const 7))"
    program = metered(start, functions="(func $deep (call $deep))")
    before, harmed, after = await wasm.run(wasm_work(program, [b"x", b"", b"x"]))
    assert before == after == outcome.value((7).to_bytes(4, "little"), outcome.meter(before))
    told = read(harmed)
    assert (told if isinstance(told, str) else told.type) == wanted


async def test_a_loop_that_is_not_metered_is_killed_and_the_bundle_goes_on(wasm: WasmRuntime) -> None:
    program = wat("(if (i32.eqz (call $read)) (then (loop $l (br $l)))) (call $answer (i32.const 7))")
    work = wasm_work(program, [b"x", b"", b"x", b"", b"x"], instructions=0, wall_ms=1_500)
    found = await wasm.run(work)
    fine = outcome.value((7).to_bytes(4, "little"))
    assert found == [fine, outcome.none(TIME_LIMIT), fine, outcome.none(TIME_LIMIT), fine]


async def test_nothing_lasts_from_one_task_to_the_next(wasm: WasmRuntime) -> None:
    keep = "(i32.store (i32.const 2048) (i32.add (i32.load (i32.const 2048)) (i32.const 1)))"
    program = metered(f"{keep} (call $answer (i32.load (i32.const 2048)))")
    for _ in range(2):
        found = await wasm.run(wasm_work(program, [b""] * 3))
        assert [outcome.payload(one)[0] for one in found] == [1, 1, 1]


async def test_what_a_program_says_on_stderr_explains_its_failure(wasm: WasmRuntime) -> None:
    read_it = "(i32.store (i32.const 4) (call $read)) (i32.store (i32.const 0) (i32.const 1024))"
    say_it = "(drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))"
    (found,) = await wasm.run(wasm_work(metered(f"{read_it} {say_it} unreachable"), [b"it broke"]))
    assert read(found) == ("Trap", "unreachable executed", "it broke")


async def test_a_program_that_is_no_module_gets_no_outcome(wasm: WasmRuntime) -> None:
    found = await wasm.run(wasm_work(b"not wasm at all", [b"", b""]))
    assert found == [outcome.none(PROGRAM_REFUSED)] * 2


async def test_a_memory_above_the_limit_is_refused_at_the_node_too(wasm: WasmRuntime) -> None:
    program = wat(ECHO)
    (found,) = await wasm.run(wasm_work(program, [b""], memory_bytes=1 << 16))
    assert found == outcome.none(PROGRAM_REFUSED)
    (found,) = await wasm.run(wasm_work(program, [b"hi"], memory_bytes=MEMORY_BYTES))
    assert outcome.payload(found) == b"hi"
