"""The structure of a WebAssembly module: what we accept from a stranger, and the cap on its memory.

Reads sections, never runs anything. It is no validator: the code inside functions is checked by wasmtime (see
we1web/wasm_engine.py), and nothing may be instrumented or run before that said yes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from we1web.protocol.errors import We1webError

MAX_MODULE_BYTES = 16 << 20
MAX_MEMORY_BYTES = 1 << 30
MAX_TABLE_ELEMENTS = 1 << 20
PAGE_BYTES = 64 << 10
HEADER = b"\0asm\1\0\0\0"
WASI = "wasi_snapshot_preview1"
COUNTER_EXPORT = "we1_counter"
"""Exported by metered modules; see domain/metering.py. A stranger's module may not use the name."""

TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA, DATA_COUNT = range(1, 13)
_ORDER = (TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, DATA_COUNT, CODE, DATA)
_NUMBER_TYPES = {0x7F: "i", 0x7E: "I", 0x7D: "f", 0x7C: "d"}

WASI_SIGNATURES: dict[str, str] = {
    "args_get": "ii",
    "args_sizes_get": "ii",
    "clock_res_get": "ii",
    "clock_time_get": "iIi",
    "environ_get": "ii",
    "environ_sizes_get": "ii",
    "fd_advise": "iIIi",
    "fd_allocate": "iII",
    "fd_close": "i",
    "fd_datasync": "i",
    "fd_fdstat_get": "ii",
    "fd_fdstat_set_flags": "ii",
    "fd_fdstat_set_rights": "iII",
    "fd_filestat_get": "ii",
    "fd_filestat_set_size": "iI",
    "fd_filestat_set_times": "iIIi",
    "fd_pread": "iiiIi",
    "fd_prestat_dir_name": "iii",
    "fd_prestat_get": "ii",
    "fd_pwrite": "iiiIi",
    "fd_read": "iiii",
    "fd_readdir": "iiiIi",
    "fd_renumber": "ii",
    "fd_seek": "iIii",
    "fd_sync": "i",
    "fd_tell": "ii",
    "fd_write": "iiii",
    "path_create_directory": "iii",
    "path_filestat_get": "iiiii",
    "path_filestat_set_times": "iiiiIIi",
    "path_link": "iiiiiii",
    "path_open": "iiiiiIIii",
    "path_readlink": "iiiiii",
    "path_remove_directory": "iii",
    "path_rename": "iiiiii",
    "path_symlink": "iiiii",
    "path_unlink_file": "iii",
    "poll_oneoff": "iiii",
    "proc_exit": "i",
    "proc_raise": "i",
    "random_get": "ii",
    "sched_yield": "",
    "sock_accept": "iii",
    "sock_recv": "iiiiii",
    "sock_send": "iiiii",
    "sock_shutdown": "ii",
}
"""What a module may import: parameters, i = i32, I = i64. All answer with an errno (i32) except proc_exit. Those that
would need a file, a socket or another process only ever answer with an error: they exist so that programs link."""


class ModuleRefused(We1webError):
    """A module we do not run, and why."""

    code = "module_refused"
    hint = "build for wasm32-wasi (preview 1) without threads, and export `_start` and `memory`"


class Section(NamedTuple):
    id: int
    body: bytes


class FunctionType(NamedTuple):
    parameters: str
    results: str


class Import(NamedTuple):
    module: str
    name: str
    type: FunctionType


@dataclass(frozen=True)
class Module:
    """A module that passed `check`: its sections without the custom ones, and what instrumentation needs to know."""

    sections: tuple[Section, ...]
    types: tuple[FunctionType, ...]
    imports: tuple[Import, ...]
    functions: tuple[FunctionType, ...]
    """Types of the functions the module defines, in the order of their bodies."""
    globals: int
    memory_pages: int

    def body(self, section: int) -> bytes:
        return next((part.body for part in self.sections if part.id == section), b"")


class Reader:
    """A cursor over the bytes of a module. Raises ModuleRefused where they end too early."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def byte(self) -> int:
        return self.take(1)[0]

    def take(self, size: int) -> bytes:
        part = self.data[self.at : self.at + size]
        if len(part) != size:
            raise _invalid("it ends too early")
        self.at += size
        return part

    def u32(self) -> int:
        value = shift = 0
        while shift < 35:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
        raise _invalid("a number is too long")

    def skip_number(self) -> None:
        while self.byte() > 0x7F:
            pass

    def name(self) -> str:
        return self.take(self.u32()).decode("utf-8", "replace")

    def each(self) -> Iterator[int]:
        """Counts through a vector: its length is read first."""
        return iter(range(self.u32()))

    @property
    def done(self) -> bool:
        return self.at >= len(self.data)


def u32(value: int) -> bytes:
    """A number as unsigned LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def check(module: bytes) -> Module:
    """Reads a stranger's module. Raises ModuleRefused, with a code and a hint, for everything we do not run."""
    if len(module) > MAX_MODULE_BYTES:
        raise ModuleRefused(
            f"the module has {len(module)} bytes; the limit is {MAX_MODULE_BYTES}",
            code="module_too_large",
            hint="strip it (-s) and move data into the arguments",
        )
    sections = tuple(part for part in split(module) if part.id)
    _check_order(sections)
    parsed = _parse(sections)
    _check_exports(parsed)
    if Reader(parsed.body(CODE) or b"\0").u32() != len(parsed.functions):
        raise _invalid("it has more functions than bodies, or fewer")
    return parsed


def cap_memory(module: bytes, memory_bytes: int) -> bytes:
    """The module with the maximum of its memory lowered to `memory_bytes`: every engine then fails at the same size."""
    pages = memory_bytes // PAGE_BYTES
    return join(Section(part.id, _capped(part.body, pages)) if part.id == MEMORY else part for part in split(module))


def split(module: bytes) -> list[Section]:
    """The sections of a module, custom ones (id 0) included. Raises ModuleRefused when it is not one."""
    if module[:8] != HEADER:
        raise ModuleRefused("this is not a WebAssembly module", code="not_wasm")
    reader, sections = Reader(module, len(HEADER)), []
    while not reader.done:
        id_ = reader.byte()
        sections.append(Section(id_, reader.take(reader.u32())))
    return sections


def join(sections: Iterable[Section]) -> bytes:
    """The module of these sections."""
    return HEADER + b"".join(bytes([part.id]) + u32(len(part.body)) + part.body for part in sections)


def feature_refused(what: str) -> ModuleRefused:
    return ModuleRefused(
        f"the module uses {what}",
        code="feature_refused",
        hint="off are threads, exceptions, tail calls, garbage collection, memory64, several memories, relaxed SIMD",
    )


def _invalid(why: str) -> ModuleRefused:
    return ModuleRefused(f"the module is not valid: {why}", code="module_invalid")


def _check_order(sections: tuple[Section, ...]) -> None:
    known = [part.id for part in sections if part.id in _ORDER]
    if len(known) != len(sections):
        raise feature_refused("a section of an extension")
    if START in known:
        raise feature_refused("a start function (export `_start` instead)")
    if known != sorted(set(known), key=_ORDER.index):
        raise _invalid("its sections are out of order")


def _parse(sections: tuple[Section, ...]) -> Module:
    bodies = dict(sections)
    types = tuple(_types(bodies.get(TYPE, b"\0")))
    _check_tables(bodies.get(TABLE, b"\0"))
    return Module(
        sections=sections,
        types=types,
        imports=tuple(_imports(bodies.get(IMPORT, b"\0"), types)),
        functions=tuple(_functions(bodies.get(FUNCTION, b"\0"), types)),
        globals=Reader(bodies.get(GLOBAL, b"\0")).u32(),
        memory_pages=_memory_pages(bodies.get(MEMORY, b"\0")),
    )


def _types(body: bytes) -> Iterator[FunctionType]:
    reader = Reader(body)
    for _ in reader.each():
        if reader.byte() != 0x60:
            raise feature_refused("types that are not functions")
        yield FunctionType(_values(reader), _values(reader))


def _values(reader: Reader) -> str:
    return "".join(_NUMBER_TYPES.get(byte, "?") for byte in reader.take(reader.u32()))


def _type_at(types: tuple[FunctionType, ...], index: int) -> FunctionType:
    if index >= len(types):
        raise _invalid("a function has a type that is not there")
    return types[index]


def _imports(body: bytes, types: tuple[FunctionType, ...]) -> Iterator[Import]:
    reader = Reader(body)
    for _ in reader.each():
        module, name = reader.name(), reader.name()
        if module != WASI or name not in WASI_SIGNATURES or reader.byte() != 0:
            raise _import_refused(module, name, "we do not offer it")
        found = Import(module, name, _type_at(types, reader.u32()))
        if found.type != FunctionType(WASI_SIGNATURES[name], "" if name == "proc_exit" else "i"):
            raise _import_refused(module, name, "its type is not the one of WASI preview 1")
        yield found


def _import_refused(module: str, name: str, why: str) -> ModuleRefused:
    return ModuleRefused(
        f"the module imports {module[:60]}.{name[:60]}: {why}",
        code="import_refused",
        hint=f"only functions of {WASI} can be imported: read stdin, write stdout",
    )


def _functions(body: bytes, types: tuple[FunctionType, ...]) -> Iterator[FunctionType]:
    reader = Reader(body)
    for _ in reader.each():
        yield _type_at(types, reader.u32())


def _check_tables(body: bytes) -> None:
    reader = Reader(body)
    for _ in reader.each():
        if reader.byte() not in (0x70, 0x6F):
            raise feature_refused("a table of an unknown type")
        if _limits(reader)[1] > MAX_TABLE_ELEMENTS:
            raise ModuleRefused(f"a table has more than {MAX_TABLE_ELEMENTS} elements", code="table_too_large")


def _limits(reader: Reader) -> tuple[int, int, int | None]:
    flags = reader.byte()
    least = reader.u32() if flags < 2 else 0
    return flags, least, reader.u32() if flags == 1 else None


def _memory_pages(body: bytes) -> int:
    reader = Reader(body)
    count = reader.u32()
    if count != 1:
        raise feature_refused("several memories") if count else _missing("memory", "a memory")
    flags, pages, _ = _limits(reader)
    if flags > 1:
        raise feature_refused("a shared, 64-bit or custom-page memory")
    return pages


def _missing(export: str, what: str) -> ModuleRefused:
    return ModuleRefused(f"the module does not export `{export}` ({what})", code="export_missing")


def _check_exports(module: Module) -> None:
    exports = dict(_exports(module.body(EXPORT) or b"\0"))
    if exports.get("memory", (None, 0))[0] != 2:
        raise _missing("memory", "its memory")
    kind, index = exports.get("_start", (None, 0))
    if kind != 0 or _is_not_command(module, index):
        raise _missing("_start", "a function without parameters and results")
    if COUNTER_EXPORT in exports:
        raise ModuleRefused(f"the export name {COUNTER_EXPORT} is ours", code="export_reserved", hint="rename it")


def _exports(body: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    reader = Reader(body)
    for _ in reader.each():
        name = reader.name()
        yield name, (reader.byte(), reader.u32())


def _is_not_command(module: Module, index: int) -> bool:
    own = index - len(module.imports)
    return not 0 <= own < len(module.functions) or module.functions[own] != FunctionType("", "")


def _capped(body: bytes, pages: int) -> bytes:
    reader = Reader(body)
    return u32(reader.u32()) + _capped_limits(_limits(reader), pages) + body[reader.at :]


def _capped_limits(limits: tuple[int, int, int | None], pages: int) -> bytes:
    _, least, most = limits
    if least > pages:
        raise ModuleRefused(
            f"the module starts with {least * PAGE_BYTES} bytes of memory; the job allows {pages * PAGE_BYTES}",
            code="memory_above_limit",
            hint="raise the job's memory limit or link with a smaller initial memory",
        )
    return b"\1" + u32(least) + u32(pages if most is None else min(most, pages))
