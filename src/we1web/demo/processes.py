"""The processes of the demonstration: started in a folder of their own, and all gone afterwards, whatever happened.

Three nets, one below the other: each process leads its own group, which is asked to stop and then killed; what fled its
group (a database server does) is found by its parent or by the folder it works in; and should this process itself be
killed, Linux tells the children. It must never touch a process that it did not start.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from we1web.demo import clock

LOG_TAIL_BYTES = 1500
PR_SET_PDEATHSIG = 1


class DemoFailed(Exception):
    """The demonstration cannot go on; the message says why."""


class ProcessDied(DemoFailed):
    """A process that should be running has ended; the message carries the end of its log."""


class Member(NamedTuple):
    name: str
    popen: "subprocess.Popen[bytes]"
    log: Path

    def last_words(self) -> str:
        return self.log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace").strip()


class Troupe:
    """Starts named processes and stops them all, in the reverse order of their start. Use as a context manager."""

    def __init__(self, folder: Path, environment: dict[str, str], *, grace_seconds: float = 8.0) -> None:
        self.folder = folder
        self._environment = environment
        self._grace_seconds = grace_seconds
        self._members: list[Member] = []

    def __enter__(self) -> "Troupe":
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str], **environment: str) -> None:
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            popen = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**self._environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_follow_parent(),  # noqa: PLW1509 (one system call, before this process has threads)
            )
        self._members.append(Member(name, popen, log))

    def check(self) -> None:
        """Raises ProcessDied when a process has ended on its own."""
        for member in self._members:
            if (code := member.popen.poll()) is not None:
                raise ProcessDied(f"{member.name} ended with code {code}:\n{member.last_words()}")

    def dismiss(self, name: str) -> str:
        """Asks one process to stop, and returns the end of its log once it has."""
        member = next(member for member in self._members if member.name == name)
        _signal_group(member.popen, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            member.popen.wait(self._grace_seconds)
        return member.last_words()

    def stop(self) -> None:
        """Asks every process to stop, waits a little, kills what is left; also what their groups no longer hold."""
        with uninterrupted():
            strays = self._descendants()
            for member in reversed(self._members):
                _signal_group(member.popen, signal.SIGTERM)
            self._wait()
            for member in self._members:
                _signal_group(member.popen, signal.SIGKILL)
                member.popen.wait()
            self._members.clear()
            _kill(strays)
            _kill(self._working_in_folder())

    def _wait(self) -> None:
        deadline = clock.now() + self._grace_seconds
        for member in self._members:
            with suppress(subprocess.TimeoutExpired):
                member.popen.wait(max(0.0, deadline - clock.now()))

    def _descendants(self) -> list[psutil.Process]:
        found: list[psutil.Process] = []
        for member in self._members:
            with suppress(psutil.Error):
                found += psutil.Process(member.popen.pid).children(recursive=True)
        return found

    def _working_in_folder(self) -> Iterable[psutil.Process]:
        """Processes that name our folder on their command line or stand in it: a server that went its own way."""
        place = str(self.folder)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.pid != os.getpid() and (place in " ".join(process.cmdline()) or place in process.cwd()):
                    yield process


@contextmanager
def uninterrupted() -> Iterator[None]:
    """An impatient second Ctrl-C must not leave processes behind."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _follow_parent() -> Callable[[], None] | None:
    """What a child runs before it becomes its program: on Linux, be told to stop when the parent is killed."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(popen: "subprocess.Popen[bytes]", what: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, what)


def _kill(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
