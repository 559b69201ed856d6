"""The exact id of each runtime this version ships: what a job's short runtime name means.

Two nodes with the same id must give the same bytes, so the id of the Python runtime covers every file that can change
a result: Pyodide's (pinned in guest/pins.json) and ours. The memory snapshot is a function of these files (a test
rebuilds it and compares), so it is not part of the id. Must stay cheap to import: the coordinator does.
"""

import json
from hashlib import sha256
from pathlib import Path

GUEST_DIR = Path(__file__).parent / "guest"
"""Our files that run inside the sandbox."""
PYODIDE_DIR = Path(__file__).parent / "pyodide"
"""What `build/pyodide` wrote: Pyodide's files, the snapshot and the manifest. Not in git; shipped in the wheel."""
VALUES_FILE = Path(__file__).parents[2] / "protocol" / "values.py"
PINS_FILE = GUEST_DIR / "pins.json"


def guest_files() -> list[Path]:
    """Every file of ours that can change a result of the Python runtime."""
    return [*sorted(path for path in GUEST_DIR.iterdir() if path.is_file()), VALUES_FILE]


def _python_id() -> str:
    version = json.loads(PINS_FILE.read_text())["pyodide"]
    content = sha256()
    for path in guest_files():
        content.update(sha256(path.name.encode() + b"\0" + path.read_bytes()).digest())
    return f"pyodide-{version}-{content.hexdigest()[:8]}"


RUNTIME_IDS: dict[str, str] = {"wasm": "wasm-1", "python": _python_id()}
"""Short name, as jobs say it, to the exact id this version runs."""
