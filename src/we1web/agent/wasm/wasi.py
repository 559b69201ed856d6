"""Our deterministic WASI preview 1: standard input to standard output, a counted clock, seeded randomness, no files.

Every function answers from the task alone, in any engine and on any machine. All pointers come from a stranger: each
range is checked against the memory before it is touched. What would need a file, a socket or a process answers with
an error.
"""

import ctypes
from collections.abc import Callable
from functools import partial

import wasmtime

from we1web.agent.runtime import CLOCK_START_MS
from we1web.agent.wasm.entropy import Entropy
from we1web.domain.wasm_module import WASI, WASI_SIGNATURES

OK, BAD_DESCRIPTOR, FAULT, INVALID, NOT_OFFERED, IS_A_PIPE = 0, 8, 21, 28, 52, 70
STDIN, STDOUT, STDERR = range(3)
CLOCK_START_NS = CLOCK_START_MS * 1_000_000
CLOCK_STEP_NS = 10_000
"""Every look at a clock moves it, so that loops that wait for a time end."""
REALTIME, MONOTONIC = 0, 1
MAX_RANDOM_BYTES = 1 << 16
MAX_PIECES = 1_024
MAX_STDERR_BYTES = 16 << 10
_CHARACTER_DEVICE = 2
_ALL_RIGHTS = 0x1FF


class Exit(Exception):
    """The program called proc_exit."""

    def __init__(self, code: int) -> None:
        self.code = code


class OutputLimit(Exception):
    """The program wrote more to its standard output than the job allows."""


class BadPointer(Exception):
    """The program named memory that it does not have."""


class Host:
    """What one task can reach. `attach` gives it the memory of the instance."""

    def __init__(self, stdin: bytes, seed: int, output_bytes: int) -> None:
        self.stdout = bytearray()
        self.stderr = bytearray()
        self._stdin = memoryview(stdin)
        self._entropy = Entropy(seed)
        self._output_bytes = output_bytes
        self._clock_ns = 0

    def attach(self, store: wasmtime.Store, memory: wasmtime.Memory) -> None:
        self._store, self._memory = store, memory

    # --- memory ---

    def _address(self, pointer: int, size: int) -> int:
        if pointer + size > self._memory.data_len(self._store):
            raise BadPointer
        return ctypes.addressof(self._memory.data_ptr(self._store).contents) + pointer

    def _read(self, pointer: int, size: int) -> bytes:
        return ctypes.string_at(self._address(pointer, size), size) if size else b""

    def _write(self, pointer: int, data: bytes) -> None:
        if data:
            ctypes.memmove(self._address(pointer, len(data)), data, len(data))

    def _pieces(self, vector: int, count: int) -> list[tuple[int, int]]:
        """The (pointer, length) pairs of an iovec array."""
        raw = memoryview(self._read(vector, count * 8)).cast("I")
        return [(raw[at], raw[at + 1]) for at in range(0, count * 2, 2)]

    # --- the functions, under their WASI names ---

    def args_get(self, _vector: int, _buffer: int) -> int:
        return OK

    def args_sizes_get(self, count: int, size: int) -> int:
        self._write(count, bytes(4))
        self._write(size, bytes(4))
        return OK

    environ_get = args_get
    environ_sizes_get = args_sizes_get

    def clock_res_get(self, clock: int, result: int) -> int:
        if clock not in (REALTIME, MONOTONIC):
            return INVALID
        self._write(result, CLOCK_STEP_NS.to_bytes(8, "little"))
        return OK

    def clock_time_get(self, clock: int, _precision: int, result: int) -> int:
        if clock not in (REALTIME, MONOTONIC):
            return INVALID
        self._clock_ns += CLOCK_STEP_NS
        start = CLOCK_START_NS if clock == REALTIME else 0
        self._write(result, (start + self._clock_ns).to_bytes(8, "little"))
        return OK

    def fd_fdstat_get(self, descriptor: int, result: int) -> int:
        if descriptor > STDERR:
            return BAD_DESCRIPTOR
        self._write(result, _CHARACTER_DEVICE.to_bytes(8, "little") + _ALL_RIGHTS.to_bytes(8, "little") + bytes(8))
        return OK

    def fd_fdstat_set_flags(self, descriptor: int, _flags: int) -> int:
        return OK if descriptor <= STDERR else BAD_DESCRIPTOR

    def fd_close(self, descriptor: int) -> int:
        return OK if descriptor <= STDERR else BAD_DESCRIPTOR

    def fd_seek(self, descriptor: int, _offset: int, _whence: int, _result: int) -> int:
        return IS_A_PIPE if descriptor <= STDERR else BAD_DESCRIPTOR

    def fd_read(self, descriptor: int, vector: int, count: int, result: int) -> int:
        if descriptor != STDIN:
            return BAD_DESCRIPTOR
        if count > MAX_PIECES:
            return INVALID
        before = len(self._stdin)
        for pointer, size in self._pieces(vector, count):
            self._write(pointer, bytes(self._stdin[:size]))
            self._stdin = self._stdin[size:]
        self._write(result, (before - len(self._stdin)).to_bytes(4, "little"))
        return OK

    def fd_write(self, descriptor: int, vector: int, count: int, result: int) -> int:
        if descriptor not in (STDOUT, STDERR):
            return BAD_DESCRIPTOR
        if count > MAX_PIECES:
            return INVALID
        pieces = self._pieces(vector, count)
        for pointer, size in pieces:
            self._take(descriptor, pointer, size)
        self._write(result, sum(size for _, size in pieces).to_bytes(8, "little")[:4])
        return OK

    def _take(self, descriptor: int, pointer: int, size: int) -> None:
        if descriptor == STDERR:
            self.stderr += self._read(pointer, min(size, MAX_STDERR_BYTES - len(self.stderr)))
        elif len(self.stdout) + size > self._output_bytes:
            raise OutputLimit
        else:
            self.stdout += self._read(pointer, size)

    def random_get(self, pointer: int, size: int) -> int:
        if size > MAX_RANDOM_BYTES:
            return INVALID
        self._write(pointer, self._entropy.read(size))
        return OK

    def sched_yield(self) -> int:
        return OK

    def proc_exit(self, code: int) -> None:
        raise Exit(code)


class Linker:
    """The WASI functions of this process, linked once; each call goes to the host of the task that runs now."""

    def __init__(self, engine: wasmtime.Engine) -> None:
        self.host = Host(b"", 0, 0)
        self._linker = wasmtime.Linker(engine)
        for name, signature in WASI_SIGNATURES.items():
            results = [] if name == "proc_exit" else [wasmtime.ValType.i32()]
            self._linker.define_func(WASI, name, wasmtime.FuncType(_types(signature), results), self._function(name))

    def instantiate(self, store: wasmtime.Store, module: wasmtime.Module, host: Host) -> wasmtime.Instance:
        self.host = host
        return self._linker.instantiate(store, module)

    def _function(self, name: str) -> Callable[..., int | None]:
        if not hasattr(Host, name):
            return partial(_answer, BAD_DESCRIPTOR if name.startswith(("fd_", "path_", "sock_")) else NOT_OFFERED)

        def call(*numbers: int) -> int | None:
            answer: int | None
            try:
                answer = getattr(self.host, name)(*(number & 0xFFFF_FFFF for number in numbers))
            except BadPointer:
                return FAULT
            return answer

        return call


def _types(signature: str) -> list[wasmtime.ValType]:
    return [wasmtime.ValType.i64() if letter == "I" else wasmtime.ValType.i32() for letter in signature]


def _answer(errno: int, *_numbers: int) -> int:
    return errno
