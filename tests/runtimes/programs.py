"""Small programs for both runtimes, and how to run and read them."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import wasmtime

from we1web.agent.runtime import Work
from we1web.protocol import outcome, values
from we1web.protocol.messages import Limits
from we1web.wasm_engine import prepare

WALL_MS = 20_000
OUTPUT_BYTES = 1 << 20
MEMORY_BYTES = 16 << 20
INSTRUCTIONS = 10_000_000

WASI_HEAD = """
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  %s
  (memory (export "memory") 2)
  (func $write (param $at i32) (param $size i32)
    (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $size))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $read (result i32)
    (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 60000))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))) (i32.load (i32.const 8)))
  (func $answer (param $number i32)
    (i32.store (i32.const 1024) (local.get $number)) (call $write (i32.const 1024) (i32.const 4)))
  %s
  (func (export "_start") %s))
"""
ECHO = "(call $write (i32.const 1024) (call $read))"


class Counter:
    """Counts connections to a server."""

    def __init__(self) -> None:
        self.hits = 0
        self.port = 0

    def connected(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        writer.close()


def wat(start: str, *, imports: str = "", functions: str = "") -> bytes:
    """A module that runs `start`, with helpers to read stdin to 1024 and to write stdout."""
    return bytes(wasmtime.wat2wasm(WASI_HEAD % (imports, functions, start)))


def metered(start: str, *, imports: str = "", functions: str = "", instructions: int = INSTRUCTIONS) -> bytes:
    return prepare(wat(start, imports=imports, functions=functions), MEMORY_BYTES, instructions)


def wasm_work(program: bytes, arguments: Sequence[bytes], **limits: int) -> Work:
    return _work("wasm", program, "_start", arguments, limits)


def python_work(source: str, arguments: Sequence[Sequence[object]], **limits: int) -> Work:
    """Calls `f` of the source once per list of positional arguments."""
    return python_calls(source, "f", [values.dumps(list(one)) for one in arguments], **limits)


def python_calls(source: str, entry: str, payloads: Sequence[bytes], **limits: int) -> Work:
    """The same with encoded arguments, whatever they are."""
    return _work("python", source.encode(), entry, payloads, limits)


def _work(runtime: str, program: bytes, entry: str, arguments: Sequence[bytes], limits: dict[str, int]) -> Work:
    known = {
        "wall_ms": WALL_MS,
        "memory_bytes": MEMORY_BYTES,
        "output_bytes": OUTPUT_BYTES,
        "instructions": INSTRUCTIONS,
    }
    return Work(runtime, program, sha256(program).digest(), entry, Limits(**{**known, **limits}), list(arguments))


def read(encoded: bytes) -> Any:
    """A Python task's result, the remote failure, or the code of an outcome that is none."""
    match encoded[0]:
        case outcome.VALUE:
            return values.loads(outcome.payload(encoded))
        case outcome.ERROR:
            return outcome.failure(encoded)
        case _:
            return encoded[1:].decode()


def error_type(encoded: bytes) -> str:
    assert encoded[0] == outcome.ERROR, read(encoded)
    return outcome.failure(encoded).type
