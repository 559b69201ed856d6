"""Which coordinator this is, over its lives: a name kept in the data directory, for one living process at a time.

Whoever holds it knows that every earlier holder is dead, so what was reserved under that name is nobody's any more.
It must never be given to two processes: the system frees the lock when a process ends, and never before.
"""

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

FILE = "instance"


@contextlib.contextmanager
def held(data_dir: Path, new_id: Callable[[], UUID]) -> Iterator[UUID]:
    """The name of this data directory; one that nobody had before, for this life only, while another process has it."""
    with (data_dir / FILE).open("a+", encoding="ascii", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield new_id()
            return
        file.seek(0)
        name = _named(file.read())
        if name is None:
            name = new_id()
            file.truncate(0)
            file.write(str(name))
            file.flush()
        yield name


def _named(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
