"""The files of the Python runtime on disk: are they all there, and exactly the ones this version was built for?

Must run before a single one of them is executed.
"""

import json
from hashlib import file_digest
from pathlib import Path
from typing import Any

from we1web.agent.runtime import RuntimeBroken
from we1web.agent.runtimes import identity

MANIFEST = "manifest.json"
SNAPSHOT = "snapshot.bin"
_HINT = "install we1web again, or in a checkout run: .venv/bin/python build/pyodide"


def is_current(directory: Path) -> bool:
    """Whether the folder holds a whole, unchanged build for this version."""
    try:
        verify(directory)
    except RuntimeBroken:
        return False
    return True


def verify(directory: Path) -> None:
    """Raises RuntimeBroken when a file is missing, changed, or of another build. Pinned files are held against git's
    pins, the snapshot against the manifest of its build."""
    manifest = _manifest(directory)
    wanted = identity.RUNTIME_IDS["python"]
    if manifest.get("runtime") != wanted:
        raise _broken(f"they are of {manifest.get('runtime')}, this version runs {wanted}")
    pins = json.loads(identity.PINS_FILE.read_text())["files"]
    for name, digest in {**manifest["files"], **pins}.items():
        _verify_file(directory / name, digest)


def _manifest(directory: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((directory / MANIFEST).read_text())
    except (OSError, ValueError):
        raise _broken("they were not built") from None
    return manifest


def _verify_file(path: Path, digest: str) -> None:
    try:
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _broken(f"{path.name} cannot be read ({error.strerror})") from None
    if found != digest:
        raise _broken(f"{path.name} is not the file that was shipped")


def _broken(why: str) -> RuntimeBroken:
    return RuntimeBroken(f"the files of the Python runtime cannot be used: {why}", hint=_HINT)
