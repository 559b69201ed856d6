"""A process that compiles one module and ends: strangers' bytes meet the compiler here, and no stranger's code runs.

Run as `python -I -m we1web.agent.wasm.compiler` inside the sandbox. In: the module. Out: "ready", then the compiled
module, or nothing when it is not valid.
"""

import wasmtime

from we1web.agent.wasm import frames
from we1web.wasm_engine import engine


def main() -> None:
    frames.write(b"ready")
    program = frames.read()
    try:
        frames.write(bytes(wasmtime.Module(engine(), program).serialize()))
    except wasmtime.WasmtimeError:
        frames.write(b"")


if __name__ == "__main__":
    main()
