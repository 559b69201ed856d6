"""The processes of the demonstration: started in a folder of their own, and all gone afterwards, whatever happened.

Each process leads its own group, which is asked to stop and then killed; what fled its group (a database server does)
is found by the folder it works in. Should this process itself be killed, a keeper that it started does the same. It
must never touch a process that does not belong to the folder.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from we1web.demo import clock

LOG_TAIL_BYTES = 1500
DISMISSAL_SECONDS = 90.0
SWEEP_SECONDS = 5.0


class DemoFailed(Exception):
    """The demonstration cannot go on; the message says why."""


class ProcessDied(DemoFailed):
    """A process that should be running has ended; the message carries the end of its log."""


class Member(NamedTuple):
    """One process and its log."""

    name: str
    popen: "subprocess.Popen[bytes]"
    log: Path

    def last_words(self) -> str:
        return self.log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace").strip()


class Troupe:
    """Starts named processes and stops them all. A context manager; the folder is gone with it."""

    def __init__(self, folder: Path, environment: dict[str, str], *, grace_seconds: float = 8.0) -> None:
        self.folder = folder
        self._environment = environment
        self._grace_seconds = grace_seconds
        self._members: list[Member] = []
        self._keeper = start_keeper(folder)

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
            )
        self._members.append(Member(name, popen, log))

    def check(self) -> None:
        """Raises ProcessDied when a process has ended on its own."""
        for member in self._members:
            if (code := member.popen.poll()) is not None:
                raise ProcessDied(f"{member.name} ended with code {code}:\n{member.last_words()}")

    def dismiss(self, name: str) -> str:
        """Asks one process to stop, and returns the end of its log once it has. Raises DemoFailed when it stays."""
        member = next(member for member in self._members if member.name == name)
        _signal_group(member.popen, signal.SIGTERM)
        try:
            member.popen.wait(DISMISSAL_SECONDS)  # it may have to finish, and report, what it is in the middle of
        except subprocess.TimeoutExpired:
            raise DemoFailed(f"{name} did not leave in {DISMISSAL_SECONDS:.0f} s:\n{member.last_words()}") from None
        return member.last_words()

    def stop(self) -> None:
        """Asks every process to stop, waits a little, kills what is left; also what their groups no longer hold."""
        with uninterrupted():
            for member in reversed(self._members):
                _signal_group(member.popen, signal.SIGTERM)
            self._wait()
            for member in self._members:
                _signal_group(member.popen, signal.SIGKILL)
                member.popen.wait()
            self._members.clear()
            # The end of its input tells the keeper to sweep, and to leave.
            self._keeper.communicate()

    def _wait(self) -> None:
        deadline = clock.now() + self._grace_seconds
        for member in self._members:
            with suppress(subprocess.TimeoutExpired):
                member.popen.wait(max(0.0, deadline - clock.now()))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """An impatient second Ctrl-C must not leave processes behind."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start_keeper(folder: Path) -> "subprocess.Popen[bytes]":
    """A process that sweeps the folder when the other end of its input closes: at our end, however that comes."""
    command = [sys.executable, "-m", __name__, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def sweep(folder: Path) -> None:
    """Ends every process that works in the folder, and removes the folder."""
    found = list(working_in(folder))
    for process in found:
        with suppress(psutil.Error):
            process.terminate()
    _, stubborn = psutil.wait_procs(found, timeout=SWEEP_SECONDS)
    for process in [*stubborn, *working_in(folder)]:
        with suppress(psutil.Error):
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


def working_in(folder: Path) -> Iterator[psutil.Process]:
    """Processes that name the folder on their command line or stand in it."""
    place = str(folder)
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and (place in " ".join(process.cmdline()) or place in process.cwd()):
                yield process


def _signal_group(popen: "subprocess.Popen[bytes]", what: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, what)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    sweep(Path(sys.argv[1]))
