"""What a requester wants to run, as a program: a Python function's source, or a WebAssembly module's bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from we1web.protocol.errors import We1webError
from we1web.protocol.limits import MAX_NAME_CHARS
from we1web.protocol.verification import ARGUMENTS
from we1web.sdk.refusals import ONE_OF_EACH, check_call, check_entry
from we1web.sdk.shipping import ship
from we1web.sdk.submission import Encode, encode_bytes, encode_python

WASM_MAGIC = b"\0asm"
Runnable = Callable[..., Any] | bytes | str | Path


class BadProgram(We1webError):
    """Neither a function nor a WebAssembly module."""

    code = "bad_program"
    hint = "give a Python function, the path of a .wasm or .wat file, or the bytes of a module"


@dataclass(frozen=True)
class Program:
    runtime: str
    content: bytes
    entry: str
    name: str
    encode: Encode


def program_of(runnable: Runnable, count: int, entry: str = "", *, hint: str = ONE_OF_EACH) -> Program:
    """The program behind a function, a module's bytes or its path. Raises BadProgram, CannotShip."""
    match runnable:
        case bytes():
            return _wasm(runnable, "module", entry)
        case str() | Path():
            path = Path(runnable)
            return _wasm(_read(path), path.stem, entry)
    check_entry(runnable)
    check_call(runnable, count, hint)
    shipped = ship(runnable)
    name = getattr(runnable, "__name__", shipped.entry)
    return Program("python", shipped.source.encode(), shipped.entry, name[:MAX_NAME_CHARS], encode_python)


def verifier_of(runnable: Runnable, program: Program, entry: str = "") -> Program:
    """The program that says whether a result of `program` is right. Raises what program_of raises."""
    verifier = program_of(runnable, ARGUMENTS, entry, hint="a verifier is called with the argument and the result")
    if verifier.runtime != program.runtime:
        raise BadProgram(
            f"a {verifier.runtime} verifier cannot check a {program.runtime} program",
            hint="verify in the runtime that computes: a function for a function, a module for a module",
        )
    return verifier


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadProgram(f"{path}: {error.strerror}") from None


def _wasm(content: bytes, name: str, entry: str) -> Program:
    module = content if content.startswith(WASM_MAGIC) else _assembled(content, name)
    return Program("wasm", module, entry, name[:MAX_NAME_CHARS] or "module", encode_bytes)


def _assembled(content: bytes, name: str) -> bytes:
    """WebAssembly text becomes a module where wasmtime is installed."""
    if b"(module" not in content[:10_000]:
        raise BadProgram(f"{name!r} is not a WebAssembly module")
    try:
        import wasmtime
    except ImportError:
        raise BadProgram("WebAssembly text needs wasmtime", hint="pip install wasmtime, or give a .wasm file") from None
    try:
        return bytes(wasmtime.wat2wasm(content))
    except wasmtime.WasmtimeError as error:
        raise BadProgram(f"{name!r} does not assemble: {str(error)[:300]}") from None
