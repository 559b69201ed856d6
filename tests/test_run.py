"""The script `./run`: what it says when something is missing, and that it needs no more than it claims.

Each case runs the real script, in a folder with a space in its name, with a PATH of our making. Nothing is installed.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "dash", "env", "cat", "cksum", "tr", "df", "awk", "dirname", "mkdir", "grep", "sed")
NEW_PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) exit 0 ;;
    *ensurepip*) exit {venv} ;;
    --version) echo Python 3.13.0 ;;
    *) echo "cannot reach the index" >&2; exit {install} ;;
esac
"""
OLD_PYTHON = """#!/bin/sh
case "$*" in
    --version) echo Python 3.9.18 ;;
    *) exit 1 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    folder.mkdir()
    shutil.copy(ROOT / "run", folder / "run")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder with the tools the script uses, and nothing else: no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (folder / tool).symlink_to(found)
    return folder


def put(path: Path, name: str, script: str) -> None:
    (path / name).write_text(script)
    (path / name).chmod(0o755)


def run(checkout: Path, path: Path, *arguments: str, shell: str = "sh") -> "subprocess.CompletedProcess[str]":
    command = [str(path / shell), str(checkout / "run"), *arguments]
    return subprocess.run(command, env={"PATH": str(path)}, capture_output=True, text=True, check=False, cwd="/")


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_help_goes_to_standard_output_and_needs_no_python(checkout: Path, path: Path, arguments: list[str]) -> None:
    done = run(checkout, path, *arguments)
    assert done.returncode == 0
    assert done.stderr == ""
    for verb in ("demo", "up", "we1web", "test", "check", "bench", "help"):
        assert f"\n  {verb}" in done.stdout


def test_an_unknown_verb_is_refused_with_the_list(checkout: Path, path: Path) -> None:
    done = run(checkout, path, "tset")
    assert done.returncode != 0
    assert "there is no verb 'tset'" in done.stderr
    assert done.stdout == ""


def test_no_python_at_all(checkout: Path, path: Path) -> None:
    done = run(checkout, path, "test")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_an_old_python_is_named(checkout: Path, path: Path) -> None:
    put(path, "python3", OLD_PYTHON)
    done = run(checkout, path, "demo")
    assert done.returncode != 0
    assert "found: Python 3.9.18" in done.stderr


def test_a_newer_python_beside_an_old_one_is_found(checkout: Path, path: Path) -> None:
    put(path, "python3", OLD_PYTHON)
    put(path, "python3.13", NEW_PYTHON.format(venv=1, install=1))
    assert "python3.13 comes without venv and pip" in run(checkout, path, "demo").stderr


def test_a_missing_venv_module_names_the_package(checkout: Path, path: Path) -> None:
    put(path, "python3", NEW_PYTHON.format(venv=1, install=1))
    done = run(checkout, path, "test")
    assert done.returncode != 0
    assert "apt-get install python3-venv python3-pip" in done.stderr


def test_an_interpreter_that_was_asked_for_must_work(checkout: Path, path: Path) -> None:
    command = [str(path / "sh"), str(checkout / "run"), "test"]
    environment = {"PATH": str(path), "PYTHON": "/nonexistent/python"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "PYTHON=/nonexistent/python is not a working Python" in done.stderr


def test_a_failed_installation_says_what_to_try(checkout: Path, path: Path) -> None:
    put(path, "python3", NEW_PYTHON.format(venv=0, install=1))
    done = run(checkout, path, "test")
    assert done.returncode != 0
    assert "cannot reach the index" in done.stderr
    assert "is the network there?" in done.stderr
    assert done.stdout == ""


def test_a_full_disk_is_noticed_before_anything_is_installed(checkout: Path, path: Path) -> None:
    put(path, "python3", NEW_PYTHON.format(venv=0, install=1))
    (path / "df").unlink()
    put(path, "df", "#!/bin/sh\necho Filesystem 1024-blocks Used Available\necho disk 100 90 10240\n")
    done = run(checkout, path, "demo")
    assert done.returncode != 0
    assert "has 10 MiB free" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("shell", [shell for shell in ("sh", "dash") if shutil.which(shell)])
def test_an_environment_that_fits_is_used_at_once(checkout: Path, path: Path, shell: str) -> None:
    """The stamps decide: no Python is looked for, nothing is installed, the verb's own program gets the arguments."""
    venv = checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    put(venv / "bin", "python", "#!/bin/sh\nexit 0\n")
    put(venv / "bin", "we1web", '#!/bin/sh\nprintf "<%s>" "$@"\n')
    (checkout / "pyproject.toml").write_text("")
    stamp_everything(checkout, path)
    done = run(checkout, path, "we1web", "map", "two words", shell=shell)
    assert (done.returncode, done.stdout, done.stderr) == (0, "<map><two words>", "")


def test_what_serves_pages_builds_them_first(checkout: Path, path: Path) -> None:
    venv = checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    put(venv / "bin", "python", '#!/bin/sh\necho "$1" >>"${0%/.venv/*}/asked"\n')
    put(venv / "bin", "we1web", "#!/bin/sh\n")
    (checkout / "pyproject.toml").write_text("")
    stamp_everything(checkout, path)
    for verb, built in (("up", ["pyodide", "web"]), ("demo", ["pyodide"])):
        (checkout / "asked").unlink(missing_ok=True)
        assert run(checkout, path, verb).returncode == 0
        assert [line.rpartition("/")[2] for line in (checkout / "asked").read_text().split("\n") if line] == built


def stamp_everything(checkout: Path, path: Path) -> None:
    """Writes the stamps as the script itself computes them."""
    definitions = (checkout / "run").read_text().partition("\nverb=")[0]
    script = (
        definitions.replace("root=$(CDPATH=", 'root=$(cd "$1" && pwd -P)\n: $(CDPATH=')
        + """
        printf '%s' "$root $(sum_of "$root/requirements/bootstrap.txt")" > "$root/.venv/stamp-tools"
        printf '%s' "$(sum_of "$root/requirements/runtime.txt" "$root/pyproject.toml")" > "$root/.venv/stamp-runtime"
    """
    )
    subprocess.run([str(path / "sh"), "-c", script, "sh", str(checkout)], env={"PATH": str(path)}, check=True)
