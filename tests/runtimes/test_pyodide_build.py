"""Two builds of the Python runtime's files agree to the byte, and a build that is up to date does nothing."""

import json
import subprocess
import sys
from pathlib import Path

from tests.runtimes.conftest import ROOT

from we1web.agent.pyodide_files import MANIFEST, SNAPSHOT, is_current
from we1web.agent.runtimes.identity import PINS_FILE, PYODIDE_DIR, RUNTIME_IDS

BUILD = ROOT / "build" / "pyodide"


def manifest(directory: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((directory / MANIFEST).read_text())
    return found


def test_two_builds_are_alike(pyodide_files: None, tmp_path: Path) -> None:
    """The snapshot too, made in another process and folder: so the runtime id need not cover it."""
    other = tmp_path / "somewhere" / "else"
    subprocess.run([sys.executable, BUILD, "--into", other], check=True, capture_output=True)
    assert manifest(other) == manifest(PYODIDE_DIR)
    assert is_current(other)
    (other / SNAPSHOT).write_bytes(b"")
    assert not is_current(other)


def test_the_manifest_names_the_runtime_and_holds_the_pins(pyodide_files: None) -> None:
    built = manifest(PYODIDE_DIR)
    pins = json.loads(PINS_FILE.read_text())
    assert built["runtime"] == RUNTIME_IDS["python"]
    assert built["files"].items() >= pins["files"].items()


def test_a_build_that_is_up_to_date_touches_nothing(pyodide_files: None) -> None:
    before = {path: path.stat().st_mtime_ns for path in PYODIDE_DIR.iterdir()}
    done = subprocess.run([sys.executable, BUILD], check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert before == {path: path.stat().st_mtime_ns for path in PYODIDE_DIR.iterdir()}
