"""The one place of the demonstration that reads the environment."""

import os
from pathlib import Path

KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")


def environment(folder: Path) -> dict[str, str]:
    """What the processes of the demonstration see: none of this user's settings, no database or key of theirs."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
