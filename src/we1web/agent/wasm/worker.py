"""A warm process of the wasm runtime: loads a compiled module, then a fresh instance for every task.

Run as `python -I -m we1web.agent.wasm.worker` inside the sandbox. It only loads what our own compiler process wrote;
it never compiles, writes no file and knows no other task than the one it runs.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import wasmtime

from we1web.agent.runtime import MODULE_STALE, PROGRAM_REFUSED, STACK_LIMIT
from we1web.agent.wasm import frames
from we1web.agent.wasm.wasi import Exit, Host, Linker, OutputLimit
from we1web.domain.wasm_module import COUNTER_EXPORT, MAX_TABLE_ELEMENTS
from we1web.protocol import outcome
from we1web.protocol.outcome import RemoteFailure
from we1web.wasm_engine import engine

_KEPT_MODULES = 4
_TRAPS = {
    wasmtime.TrapCode.UNREACHABLE: "unreachable executed",
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "memory access out of bounds",
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: "table access out of bounds",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "indirect call to null or to another signature",
    wasmtime.TrapCode.BAD_SIGNATURE: "indirect call to null or to another signature",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "number not representable as an integer",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "integer divide by zero",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "number not representable as an integer",
}
"""Words that every engine can be brought to say: browsers tell neither the two kinds of bad indirect calls apart nor a
number that is too large from one that is none. Twin: web/src/node/wasm/task.ts."""


class _NoOutcome(Exception):
    """The task ended in a way that depends on the machine; `code` says how."""

    def __init__(self, code: str) -> None:
        self.code = code


@dataclass(frozen=True)
class Program:
    """A loaded module and the limits of its job."""

    module: wasmtime.Module
    memory_bytes: int
    output_bytes: int
    instructions: int


def main() -> None:
    linker = Linker(engine())
    frames.write(b"ready")
    while True:
        _bundle(linker, json.loads(frames.read()))


def _bundle(linker: Linker, header: dict[str, Any]) -> None:
    """Answers one bundle: loaded or not, then an outcome for each of its tasks."""
    frames.read()  # the program: not needed, its compiled form is named in the header
    try:
        program = _open(header)
    except _NoOutcome as refusal:
        frames.write(outcome.none(refusal.code))
        return
    frames.write(b"")
    for _ in range(header["tasks"]):
        task = frames.read()
        frames.write(run(linker, program, seed=int.from_bytes(task[:8], "little"), stdin=task[8:]))


def _open(header: dict[str, Any]) -> Program:
    module = _module(header["module"])
    return Program(module, header["memory_bytes"], header["output_bytes"], header["instructions"])


@lru_cache(maxsize=_KEPT_MODULES)
def _module(path: str) -> wasmtime.Module:
    try:
        return wasmtime.Module.deserialize_file(engine(), path)
    except wasmtime.WasmtimeError:
        raise _NoOutcome(MODULE_STALE) from None


def run(linker: Linker, program: Program, *, seed: int, stdin: bytes) -> bytes:
    """One task in a fresh instance: its encoded outcome."""
    host = Host(stdin, seed, program.output_bytes)
    store = wasmtime.Store(engine())
    try:
        store.set_limits(program.memory_bytes, table_elements=MAX_TABLE_ELEMENTS, instances=1, tables=16, memories=1)
        return _run(linker, program, host, store)
    except _NoOutcome as ending:
        return outcome.none(ending.code)
    finally:
        store.close()


def _run(linker: Linker, program: Program, host: Host, store: wasmtime.Store) -> bytes:
    start, counter = _instantiate(linker, program, host, store)
    failure = _call(start, store)
    used = program.instructions - counter.value(store) if counter else 0
    if used > program.instructions:
        failure = RemoteFailure("OutOfInstructions", f"the job allows {program.instructions} instructions a task", "")
    if failure is None:
        return outcome.value(bytes(host.stdout), used)
    said = host.stderr.decode("utf-8", "replace")
    return outcome.error(failure._replace(traceback=said), used)


def _instantiate(
    linker: Linker, program: Program, host: Host, store: wasmtime.Store
) -> tuple[wasmtime.Func, wasmtime.Global | None]:
    """A fresh instance: its command, and its instruction counter when it has one."""
    try:
        exports = linker.instantiate(store, program.module, host).exports(store)
    except (wasmtime.WasmtimeError, wasmtime.Trap):
        raise _NoOutcome(PROGRAM_REFUSED) from None
    memory, start, counter = (exports.get(name) for name in ("memory", "_start", COUNTER_EXPORT))
    if not isinstance(memory, wasmtime.Memory) or not isinstance(start, wasmtime.Func):
        raise _NoOutcome(PROGRAM_REFUSED)
    host.attach(store, memory)
    return start, counter if isinstance(counter, wasmtime.Global) else None


def _call(start: wasmtime.Func, store: wasmtime.Store) -> RemoteFailure | None:
    try:
        start(store)
    except Exit as end:
        return RemoteFailure("ExitCode", f"exit code {end.code}", "") if end.code else None
    except OutputLimit:
        return RemoteFailure("OutputLimitError", "the program wrote more than the job allows", "")
    except wasmtime.Trap as trap:
        return _trapped(trap.trap_code)
    return None


def _trapped(code: wasmtime.TrapCode | None) -> RemoteFailure:
    """Raises _NoOutcome for a full stack: how deep a program can call differs from engine to engine."""
    if code == wasmtime.TrapCode.STACK_OVERFLOW:
        raise _NoOutcome(STACK_LIMIT)
    return RemoteFailure("Trap", _TRAPS.get(code, "trapped") if code else "trapped", "")


if __name__ == "__main__":
    main()
