"""What a node remembers between runs: its id at each coordinator, its benchmark, its cache. A folder of small files.

A node id belongs to one coordinator and one owner; it is locked while in use, so that a second agent of the same owner
on the same machine becomes a second node instead of fighting for the first one's connection. It must never hold a
token.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path

import msgspec
import platformdirs

from we1web.protocol.errors import We1webError

MAX_AGENTS = 100
"""Agents of one owner on one machine for one coordinator; more are refused by the coordinator anyway."""


class StateError(We1webError):
    """The state folder cannot be used."""

    code = "state_unusable"
    hint = "give a folder that this user may write to: --state-dir"


class Saved(msgspec.Struct, frozen=True):
    node: str
    coordinator: str


class Identity:
    """The id under which the coordinator knows this node; empty before the first registration."""

    def __init__(self, path: Path, coordinator: str, lock: TextIOWrapper) -> None:
        self._path = path
        self._coordinator = coordinator
        self._lock = lock
        self.node = _read(path)

    def keep(self, node: str) -> None:
        if node != self.node:
            self.node = node
            write_atomically(self._path, msgspec.json.encode(Saved(node, self._coordinator)))

    def release(self) -> None:
        self._lock.close()


class StateDir:
    """The folder; made when missing, readable by its owner only."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or platformdirs.user_state_path("we1web", appauthor=False) / "node"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise StateError(f"cannot write to {self.folder}: {error.strerror}") from None

    @property
    def benchmark(self) -> Path:
        return self.folder / "benchmark.json"

    @property
    def blobs(self) -> Path:
        return self.folder / "blobs"

    @property
    def runtimes(self) -> Path:
        return self.folder / "runtimes"

    def identity(self, coordinator: str, owner: str) -> Identity:
        """The first identity at this coordinator, for this owner, that no other agent uses now."""
        key = sha256(f"{coordinator}|{owner}".encode()).hexdigest()[:16]
        for number in range(1, MAX_AGENTS + 1):
            path = self.folder / f"id-{key}-{number}.json"
            lock = _lock(path.with_suffix(".lock"))
            if lock is not None:
                return Identity(path, coordinator, lock)
        raise StateError(f"more than {MAX_AGENTS} agents run in {self.folder}")


def write_atomically(path: Path, content: bytes) -> None:
    """Readers see the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path) as temporary:
        temporary.write_bytes(content)
        temporary.replace(path)


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """A new empty file in the same folder, gone afterwards unless it was moved."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _lock(path: Path) -> TextIOWrapper | None:
    handle = path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def _read(path: Path) -> str:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Saved).node
    except (OSError, msgspec.DecodeError):
        return ""
