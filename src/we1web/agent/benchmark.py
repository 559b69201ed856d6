"""How fast one core of this machine is: a second of WebAssembly, remembered per machine and version.

The score is a hint that helps to cut bundles; nobody may ever trust it. The kernel is WebAssembly so that a browser
can run the very same bytes.
"""

import platform
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import msgspec
import wasmtime

from we1web.agent.clock import cpu_ns
from we1web.agent.state import write_atomically

KERNEL = """
(module (func (export "spin") (param $n i32) (result i64) (local $x i64)
  (local.set $x (i64.const 88172645463325252))
  (loop $again
    (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
    (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
    (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
    (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $x)))
"""
OPERATIONS_PER_ROUND = 8
ROUNDS = 100_000_000
REPEATS = 3


class Score(msgspec.Struct, frozen=True):
    machine: str
    speed: float


def speed_of(cache: Path, measure: Callable[[], float] | None = None) -> float:
    """Million operations a second on one core; measured once per machine and version."""
    machine = _fingerprint()
    known = _read(cache)
    if known is not None and known.machine == machine:
        return known.speed
    speed = (measure or measure_speed)()
    write_atomically(cache, msgspec.json.encode(Score(machine, speed)))
    return speed


def measure_speed(rounds: int = ROUNDS, repeats: int = REPEATS, cpu_ns: Callable[[], int] = cpu_ns) -> float:
    """The best of a few runs: whatever disturbs a run only makes it slower."""
    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, KERNEL), [])
    spin = instance.exports(store)["spin"]
    assert isinstance(spin, wasmtime.Func)
    best_ns = min(_timed(lambda: spin(store, rounds), cpu_ns) for _ in range(repeats))
    return round(rounds * OPERATIONS_PER_ROUND * 1_000 / best_ns, 1)


def _timed(run: Callable[[], object], cpu_ns: Callable[[], int]) -> int:
    start = cpu_ns()
    run()
    return max(1, cpu_ns() - start)


def _fingerprint() -> str:
    parts = (version("wasmtime"), platform.machine(), platform.processor(), platform.node(), KERNEL)
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _read(cache: Path) -> Score | None:
    try:
        return msgspec.json.decode(cache.read_bytes(), type=Score)
    except (OSError, msgspec.DecodeError):
        return None
