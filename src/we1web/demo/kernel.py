"""Assembles the WebAssembly kernel and runs it here, with the smallest host it can live in.

This host shares no code with the one inside the nodes: it is the requester's own referee for what the network answers.
"""

import struct
from importlib import resources

import wasmtime


def assemble() -> bytes:
    """The kernel as a binary module."""
    source = resources.files("we1web.demo").joinpath("mandelbrot.wat").read_text(encoding="utf-8")
    return bytes(wasmtime.wat2wasm(source))


class LocalKernel:
    """Runs a module that reads standard input and writes standard output, on this machine."""

    def __init__(self, module: bytes) -> None:
        self._engine = wasmtime.Engine()
        self._module = wasmtime.Module(self._engine, module)

    def run(self, stdin: bytes) -> bytes:
        store = wasmtime.Store(self._engine)
        console = _Console(store, stdin)
        i32 = wasmtime.ValType.i32()
        transfer, leave = wasmtime.FuncType([i32] * 4, [i32]), wasmtime.FuncType([i32], [])
        hosts = {
            "fd_read": wasmtime.Func(store, transfer, console.read),
            "fd_write": wasmtime.Func(store, transfer, console.write),
            "proc_exit": wasmtime.Func(store, leave, _refuse_exit),
        }
        imports = [hosts[str(needed.name)] for needed in self._module.imports]
        exports = wasmtime.Instance(store, self._module, imports).exports(store)
        memory, start = exports["memory"], exports["_start"]
        assert isinstance(memory, wasmtime.Memory)
        assert isinstance(start, wasmtime.Func)
        console.memory = memory
        start(store)
        return bytes(console.stdout)


def _refuse_exit(code: int) -> None:
    raise RuntimeError(f"the kernel gave up with code {code}")


class _Console:
    """Standard input and output of one run."""

    memory: wasmtime.Memory

    def __init__(self, store: wasmtime.Store, stdin: bytes) -> None:
        self._store = store
        self._stdin = memoryview(stdin)
        self.stdout = bytearray()

    def read(self, _descriptor: int, vector: int, _count: int, done: int) -> int:
        start, size = self._span(vector)
        taken, self._stdin = self._stdin[:size], self._stdin[size:]
        self.memory.write(self._store, bytearray(taken), start)
        return self._report(done, len(taken))

    def write(self, _descriptor: int, vector: int, _count: int, done: int) -> int:
        start, size = self._span(vector)
        self.stdout += self.memory.read(self._store, start, start + size)
        return self._report(done, size)

    def _span(self, vector: int) -> tuple[int, int]:
        start, size = struct.unpack("<II", self.memory.read(self._store, vector, vector + 8))
        return start, size

    def _report(self, done: int, size: int) -> int:
        self.memory.write(self._store, bytearray(struct.pack("<I", size)), done)
        return 0
