"""What the machine has and what is going on there, read through psutil. It only looks; pausing.py decides.

It must never guess: what cannot be read is None (unknown), not zero.
"""

import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from we1web.protocol.limits import MAX_NAME_CHARS

BYTES_PER_CORE = 512 << 20
"""A warm Python sandbox takes about 200 MiB, and a task may use as much again."""
TERMINALS = ("/dev/pts/[0-9]*", "/dev/tty[0-9]*")
"""Their access time is the last key somebody pressed there."""


GPU_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
"""PCI ids of who builds processors that compute; virtual screens have others."""


@dataclass(frozen=True)
class Machine:
    name: str
    platform: str
    cores: int
    """Cores to offer by default: those we may use, and that memory suffices for."""
    memory_bytes: int
    gpu: str
    """Its graphics processor, in words; empty when none is known."""


def probe() -> Machine:
    memory_bytes = psutil.virtual_memory().total
    cores = max(1, min(_usable_cores(), memory_bytes // BYTES_PER_CORE))
    system = f"{platform.system().lower()}-{platform.machine().lower()}"
    return Machine(platform.node()[:100] or "node", system, cores, memory_bytes, gpu())


def _usable_cores() -> int:
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return psutil.cpu_count() or 1


def gpu(system: Path = Path("/")) -> str:
    """The first graphics processor whose driver says what it is; '' when none does (a screen alone is none)."""
    for told in sorted(system.glob("proc/driver/nvidia/gpus/*/information")):
        with suppress(OSError):
            for line in told.read_text(encoding="ascii", errors="replace").splitlines():
                name, _, value = line.partition(":")
                if name == "Model":
                    return value.strip()[:MAX_NAME_CHARS]
    for told in sorted(system.glob("sys/class/drm/card[0-9]*/device/vendor")):
        with suppress(OSError):
            if vendor := GPU_VENDORS.get(told.read_text(encoding="ascii", errors="replace").strip()):
                return vendor
    return ""


def on_battery() -> bool | None:
    """None where there is no battery, or no way to ask."""
    with suppress(AttributeError, OSError, RuntimeError):
        battery = psutil.sensors_battery()
        return None if battery is None or battery.power_plugged is None else not battery.power_plugged
    return None


def user_idle_s(wall_s: float, patterns: Iterable[str] = TERMINALS) -> float | None:
    """Seconds since the last key press in any terminal; None where there is no terminal to look at."""
    latest = None
    for pattern in patterns:
        for terminal in Path("/").glob(pattern.lstrip("/")):
            with suppress(OSError):
                used_at = terminal.stat().st_atime
                latest = used_at if latest is None else max(latest, used_at)
    return None if latest is None else max(0.0, wall_s - latest)


class CpuMeter:
    """Shares of all cores: what this node and its sandboxes use, and what everybody else does."""

    def __init__(self) -> None:
        self._own: dict[int, float] = {}
        self._last_s = 0.0
        psutil.cpu_percent()

    def read(self, now: float) -> tuple[float, float]:
        """(ours, others) since the last call, each 0 to 1 of the whole machine."""
        total = psutil.cpu_percent() / 100
        own_s = self._own_cpu_s()
        elapsed_s, self._last_s = now - self._last_s, now
        ours = min(1.0, own_s / max(elapsed_s, 0.001) / (psutil.cpu_count() or 1))
        return ours, max(0.0, total - ours)

    def _own_cpu_s(self) -> float:
        """CPU seconds used by us and all our children since the last call."""
        before, self._own = self._own, dict(_family())
        return sum(max(0.0, used_s - before.get(pid, used_s)) for pid, used_s in self._own.items())


def _family() -> Iterable[tuple[int, float]]:
    me = psutil.Process()
    for process in [me, *me.children(recursive=True)]:
        with suppress(psutil.Error):
            times = process.cpu_times()
            yield process.pid, times.user + times.system
