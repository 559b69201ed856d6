"""Every kind of runtime of the native node. Importing this package starts nothing."""

from pathlib import Path

from we1web.agent.runtime import Runtime


def available(cores: int, cache_dir: Path) -> list[Runtime]:
    """The runtimes of this machine, not started yet. `cache_dir` is private to this agent and may be kept for ever."""
    from we1web.agent.runtimes.python import PythonRuntime
    from we1web.agent.runtimes.wasm import WasmRuntime

    return [WasmRuntime(cores, cache_dir / "wasm"), PythonRuntime(cores)]
