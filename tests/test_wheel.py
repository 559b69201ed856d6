"""The wheel as somebody installs it: it holds the web app and the runtime, and serves them with no builder in reach.

The wheel is built from this checkout and installed into an environment of its own. Two things are shared, to need no
network: the packages it depends on are read from the development environment (by a .pth line, so that its editable
we1web is not seen), and the builder is the one that ./run installed. The web app must have been built: ./run does it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest

from we1web.agent.runtimes.identity import PYODIDE_DIR, RUNTIME_IDS
from we1web.coordinator import config
from we1web.coordinator.http.site_files import SITE_DIR
from we1web.coordinator.http.site_headers import APP_POLICY, SANDBOX_POLICY

ROOT = Path(__file__).parent.parent
TOOLS = Path(sys.prefix) / "tools"
RUNTIME_ID = RUNTIME_IDS["python"]
BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip"}
"""What this client can unpack; Brotli is asked for and compared as it comes."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(TOOLS)})
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """The folder of the environment. Outside pytest's: the embedded database runs as another account."""
    with tempfile.TemporaryDirectory(prefix="we1web-wheel-") as folder:
        Path(folder).chmod(0o755)
        environment = Path(folder) / "env"
        run([sys.executable, "-m", "venv", "--without-pip", str(environment)])
        uv = [str(TOOLS / "bin" / "uv"), "pip", "install", "--quiet", "--offline", "--no-deps", "--no-cache"]
        run([*uv, "--python", str(environment / "bin" / "python"), str(wheel)])
        packages = next(environment.glob("lib/python*/site-packages"))
        (packages / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
        yield Path(folder)


@pytest.fixture(scope="module")
def browser(installed: Path) -> Iterator[httpx2.Client]:
    """Talks to `we1web up` of that environment."""
    (installed / "bin").mkdir()
    path = tools_without_a_builder(installed / "bin")
    with (installed / "log").open("w") as log:
        process = subprocess.Popen(
            [installed / "env" / "bin" / "we1web", "up", "--port", "0", "--data-dir", installed / "data"],
            stdout=subprocess.PIPE, stderr=log, text=True, cwd=installed, env=clean_environment() | {"PATH": path},
        )  # fmt: skip
    try:
        assert process.stdout is not None
        url = re.search(r"listens on (\S+)", process.stdout.readline())
        assert url, (installed / "log").read_text()
        with httpx2.Client(base_url=url[1], headers=BROWSER, timeout=30) as client:
            yield client
    finally:
        process.terminate()
        process.communicate(timeout=60)


def clean_environment() -> dict[str, str]:
    """Ours, without what would set up a coordinator or show it this checkout."""
    return {name: value for name, value in os.environ.items() if name not in {*config.names(), "PYTHONPATH"}}


def tools_without_a_builder(folder: Path) -> str:
    """A PATH with the programs of the system and neither Node.js nor Deno."""
    for tool in ("sh", "env", "id", "uname", "getent", "useradd", "runuser", "su", "chown", "chmod"):
        if found := shutil.which(tool):
            (folder / tool).symlink_to(found)
    assert not shutil.which("node", path=str(folder)) and not shutil.which("deno", path=str(folder))
    return str(folder)


def run(command: list[str], **more: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def shipped(wheel: Path, folder: Path, name: str) -> str:
    """The digest of a file as it lies in the wheel."""
    with zipfile.ZipFile(wheel) as package:
        return digest(package.read(f"{folder.relative_to(ROOT / 'src').as_posix()}/{name}"))


def test_it_holds_the_app_the_runtime_and_no_source_of_the_front_end(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        names = set(package.namelist())
        for folder in (SITE_DIR, PYODIDE_DIR):
            inside = folder.relative_to(ROOT / "src").as_posix()
            assert f"{inside}/manifest.json" in names, "not built: use ./run test, or .venv/bin/python build/web first"
            listed = json.loads(package.read(f"{inside}/manifest.json"))["files"]
            assert {f"{inside}/{name}" for name in listed} <= names
    assert not [name for name in names if "node_modules" in name or name.endswith((".ts", ".tsx"))]


def test_it_runs_from_its_own_files(installed: Path) -> None:
    code = "import we1web; print(we1web.__file__)"
    python = installed / "env" / "bin" / "python"
    environment = clean_environment()
    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True, cwd=installed, env=environment
    )
    assert done.stdout.startswith(str(installed))


def test_the_app_and_a_script_of_it_compressed(browser: httpx2.Client, wheel: Path) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == APP_POLICY
    assert digest(page.content) == shipped(wheel, SITE_DIR, "index.html")
    script = re.search(r'src="(/assets/[^"]+\.js)"', page.text)
    assert script
    with browser.stream("GET", script[1], headers={"Accept-Encoding": "br"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "br"
    assert digest(packed) == shipped(wheel, SITE_DIR, script[1][1:] + ".br")
    plain = browser.get(script[1], headers={"Accept-Encoding": "identity"})
    assert digest(plain.content) == shipped(wheel, SITE_DIR, script[1][1:])


def test_the_sandbox_page(browser: httpx2.Client, wheel: Path) -> None:
    page = browser.get("/sandbox/frame.html")
    assert page.headers["content-security-policy"] == SANDBOX_POLICY
    assert digest(page.content) == shipped(wheel, SITE_DIR, "sandbox/frame.html")


@pytest.mark.parametrize("name", ["snapshot.bin", "pyodide.asm.wasm"])
def test_a_file_of_the_runtime_raw_and_compressed(browser: httpx2.Client, wheel: Path, name: str) -> None:
    path, wanted = f"/runtime/{RUNTIME_ID}/{name}", shipped(wheel, PYODIDE_DIR, name)
    for coding in ("gzip", "identity"):
        answer = browser.get(path, headers={"Accept-Encoding": coding})
        assert answer.status_code == 200, "the runtime is of other sources: build/pyodide, then build/web (./run test)"
        assert answer.headers.get("content-encoding", "identity") == coding
        assert digest(answer.content) == wanted
    with browser.stream("GET", path, headers={"Accept-Encoding": "br"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "br" and len(packed) == int(answer.headers["content-length"])
    assert digest(packed) == shipped(wheel, SITE_DIR, f"{path[1:]}.br")
