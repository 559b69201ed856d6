"""wasmtime as this project configures it: one feature set for the coordinator's validation and the agent's runs.

Only standard features that every engine computes alike are on. Must never instantiate a module by itself.
"""

from functools import cache

import wasmtime

from we1web.domain.metering import meter
from we1web.domain.wasm_module import ModuleRefused, cap_memory, check

_OFF = (
    "wasm_threads",
    "wasm_relaxed_simd",
    "wasm_memory64",
    "wasm_multi_memory",
    "wasm_tail_call",
    "wasm_exceptions",
    "wasm_function_references",
    "wasm_gc",
    "wasm_wide_arithmetic",
    "wasm_stack_switching",
    "wasm_custom_page_sizes",
)
MAX_STACK_BYTES = 1 << 20


@cache
def engine() -> wasmtime.Engine:
    """The engine of this process."""
    config = wasmtime.Config()
    for feature in _OFF:
        setattr(config, feature, False)
    config.max_wasm_stack = MAX_STACK_BYTES
    config.parallel_compilation = False
    config.cranelift_opt_level = "speed"
    return wasmtime.Engine(config)


def validate(module: bytes) -> None:
    """wasmtime's own validator. Raises ModuleRefused."""
    try:
        wasmtime.Module.validate(engine(), module)
    except wasmtime.WasmtimeError as error:
        raise ModuleRefused(f"the module is not valid: {str(error)[:300]}", code="module_invalid") from None


def prepare(module: bytes, memory_bytes: int, instructions: int) -> bytes:
    """A stranger's module made ready for a job: checked, validated, its memory capped and its instructions metered.

    Deterministic: the same module and limits give the same bytes. Takes about 0.1 s a megabyte of code, so call it in a
    thread. Raises ModuleRefused.
    """
    check(module)
    validate(module)
    prepared = meter(cap_memory(module, memory_bytes), instructions)
    validate(prepared)
    return prepared
