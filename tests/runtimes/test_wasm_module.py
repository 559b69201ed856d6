"""What a stranger's module may be: everything else is refused with a code, whatever the bytes are."""

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.runtimes.programs import ECHO, wat

from we1web.domain.wasm_module import (
    COUNTER_EXPORT,
    MAX_MODULE_BYTES,
    ModuleRefused,
    cap_memory,
    check,
)
from we1web.wasm_engine import prepare, validate

PLAIN = '(memory (export "memory") 1) (func (export "_start"))'


def module(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(f"(module {text})"))


REFUSED = {
    "text": (b"hello", "not_wasm"),
    "component": (b"\0asm\x0d\0\1\0", "not_wasm"),
    "cut short": (module(PLAIN)[:-3], "module_invalid"),
    "foreign import": (module(f'(import "env" "evil" (func)) {PLAIN}'), "import_refused"),
    "unknown WASI function": (
        module(f'(import "wasi_snapshot_preview1" "fd_own" (func)) {PLAIN}'),
        "import_refused",
    ),
    "WASI function of another type": (
        module(f'(import "wasi_snapshot_preview1" "fd_write" (func (param i64))) {PLAIN}'),
        "import_refused",
    ),
    "imported memory": (
        module('(import "env" "memory" (memory 1)) (func (export "_start")) (export "memory" (memory 0))'),
        "import_refused",
    ),
    "imported global": (module(f'(import "env" "g" (global i32)) {PLAIN}'), "import_refused"),
    "shared memory": (module('(memory (export "memory") 1 2 shared) (func (export "_start"))'), "feature_refused"),
    "64-bit memory": (module('(memory (export "memory") i64 1) (func (export "_start"))'), "feature_refused"),
    "two memories": (module(f"{PLAIN} (memory 1)"), "feature_refused"),
    "exception tag": (module(f"{PLAIN} (tag)"), "feature_refused"),
    "garbage-collected type": (module(f"(type (struct)) {PLAIN}"), "feature_refused"),
    "start function": (module(f"{PLAIN} (func $f) (start $f)"), "feature_refused"),
    "no _start": (module('(memory (export "memory") 1)'), "export_missing"),
    "_start with a parameter": (
        module('(memory (export "memory") 1) (func (export "_start") (param i32))'),
        "export_missing",
    ),
    "_start that is no function": (module('(memory (export "memory") (export "_start") 1)'), "export_missing"),
    "no memory": (module('(func (export "_start"))'), "export_missing"),
    "memory not exported": (module('(memory 1) (func (export "_start"))'), "export_missing"),
    "our counter's name": (module(f'{PLAIN} (func (export "{COUNTER_EXPORT}"))'), "export_reserved"),
    "giant table": (module(f"{PLAIN} (table 2000000 funcref)"), "table_too_large"),
    "too large": (bytes(MAX_MODULE_BYTES + 1), "module_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    data, code = REFUSED[name]
    with pytest.raises(ModuleRefused) as refusal:
        check(data)
    assert refusal.value.code == code
    assert refusal.value.hint


FEATURES_IN_CODE = {
    "threads": "(drop (i32.atomic.load (i32.const 0)))",
    "relaxed SIMD": "(drop (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0 0)))",
    "tail call": "(return_call $f)",
    "function reference": "(call_ref $t (ref.func $f))",
    "type error": "(drop (i32.add (i64.const 1) (i32.const 1)))",
    "stack underflow": "drop",
}


@pytest.mark.parametrize("name", FEATURES_IN_CODE)
def test_validator_refuses_in_code(name: str) -> None:
    text = f"(type $t (func)) {PLAIN} (elem declare func $f) (func $f) (func {FEATURES_IN_CODE[name]})"
    with pytest.raises((ModuleRefused, wasmtime.WasmtimeError)) as refusal:
        prepare(module(text), 1 << 20, 1_000)
    assert isinstance(refusal.value, wasmtime.WasmtimeError) or refusal.value.code in (
        "module_invalid",
        "feature_refused",
    )


def test_accepts_a_command_and_knows_its_shape() -> None:
    parsed = check(wat(ECHO))
    assert [found.name for found in parsed.imports][:3] == ["proc_exit", "fd_write", "fd_read"]
    assert parsed.memory_pages == 2
    assert len(parsed.functions) == 4


@pytest.mark.parametrize(("declared", "allowed", "most"), [("1", 4, 4), ("1 2", 4, 2), ("1 9", 4, 4), ("3 3", 3, 3)])
def test_caps_the_memory(declared: str, allowed: int, most: int) -> None:
    capped = cap_memory(module(f'(memory (export "memory") {declared}) (func (export "_start"))'), allowed << 16)
    validate(capped)
    memory = wasmtime.Module(wasmtime.Engine(), capped).exports[0].type
    assert isinstance(memory, wasmtime.MemoryType)
    assert memory.limits.max == most


def test_refuses_a_memory_that_starts_above_the_cap() -> None:
    with pytest.raises(ModuleRefused) as refusal:
        cap_memory(module('(memory (export "memory") 5) (func (export "_start"))'), 4 << 16)
    assert refusal.value.code == "memory_above_limit"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(8, 400), st.integers(0, 255)), min_size=1, max_size=4))
def test_mutated_modules_are_refused_or_whole(changes: list[tuple[int, int]]) -> None:
    data = bytearray(wat(ECHO))
    for at, byte in changes:
        data[at % len(data)] = byte
    try:
        prepared = prepare(bytes(data), 1 << 24, 1_000)
    except ModuleRefused:
        return
    validate(prepared)
