"""The contract of a runtime: bundles of a stranger's tasks in, one encoded outcome per argument out.

A runtime never lets a task touch the agent: whatever a task does ends as an outcome. It must never raise for a task's
fault, and never answer for a task that it did not run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from we1web.protocol.errors import We1webError
from we1web.protocol.messages import Limits

TIME_LIMIT = "time_limit"
RUNTIME_DIED = "runtime_died"
OUTPUT_LIMIT = "output_limit"
STACK_LIMIT = "stack_limit"
PROGRAM_REFUSED = "program_refused"
MODULE_STALE = "module_stale"
"""Codes of NONE outcomes. Each depends on the machine, so none of them is a vote."""

CLOCK_START_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z: where the clock of every task starts, on every node."""


@dataclass(frozen=True)
class Work:
    """One bundle: a program and the bare payloads of the arguments it is called with, in order."""

    runtime: str
    program: bytes
    program_digest: bytes
    entry: str
    limits: Limits
    arguments: Sequence[bytes]
    begun: Callable[[], None] = field(default=lambda: None, compare=False, repr=False)
    """Called when the program is loaded and its first task starts: what was before is the node's, not the tasks'."""


class RuntimeBroken(We1webError):
    """The runtime itself cannot work on this machine; no task is to blame and the bundle is given back."""

    code = "runtime_broken"


class Runtime(Protocol):
    """Runs bundles of one kind of program. Safe to `run` several at once; cancelling a `run` kills what it started."""

    @property
    def id(self) -> str:
        """Exact id, for example 'wasm-1': nodes with the same id give the same bytes for the same task."""

    async def start(self) -> None:
        """Gets ready (verifies files, warms processes). Raises RuntimeBroken."""

    async def run(self, work: Work) -> list[bytes]:
        """One encoded outcome (VALUE, ERROR or NONE) per argument. Raises RuntimeBroken, and nothing for a task."""

    async def close(self) -> None:
        """Kills every process and removes every temporary file."""


def seed_of(work: Work, argument: bytes) -> int:
    """The 64 bits that seed a task's randomness: a function of program and argument alone."""
    return int.from_bytes(sha256(b"we1web seed v1" + work.program_digest + argument).digest()[:8], "little")
