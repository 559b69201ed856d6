"""`we1web up` as a process of its own, with its embedded database: starts, says where it is, stops cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from we1web.cli import up
from we1web.coordinator import config

CODE = f"""
import sys
from pathlib import Path
from {up.__name__} import command
command(port=int(sys.argv[1]), data_dir=Path(sys.argv[2]))
"""
MANY = 20_000
"""Tries of something that is about to happen; far more than it needs."""


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """Outside pytest's folder: the embedded server runs as another account, which must get there."""
    with tempfile.TemporaryDirectory(prefix="we1web-up-") as folder:
        yield Path(folder) / "data"


def start(data_dir: Path, port: int = 0, **environment: str) -> subprocess.Popen[str]:
    """Its standard error goes to a file beside the data directory: a pipe that nobody reads would stop it."""
    clean = {name: value for name, value in os.environ.items() if name not in config.names()}
    with log_of(data_dir).open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-c", CODE, str(port), str(data_dir)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=clean | environment,
        )


def log_of(data_dir: Path) -> Path:
    return data_dir.with_name(data_dir.name + ".log")


def announced(process: subprocess.Popen[str]) -> tuple[str, Path]:
    """The address and the operator's token file that it prints."""
    assert process.stdout is not None
    text = "".join(process.stdout.readline() for _ in range(4))
    url, token = re.search(r"listens on (\S+)", text), re.search(r"operator token\s+(\S+)", text)
    assert url and token and f"--join {url[1]}" in text, text
    return url[1], Path(token[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_serves_and_stops_without_a_trace(data_dir: Path, number: signal.Signals) -> None:
    process = start(data_dir)
    try:
        url, token_path = announced(process)
        assert token_path.stat().st_mode & 0o777 == 0o600
        headers = {"Authorization": f"Bearer {token_path.read_text().strip()}"}
        assert httpx2.get(f"{url}/readyz").json()["checks"] == {"database": True, "market": True}
        assert httpx2.get(f"{url}/api/operator/books", headers=headers).status_code == 200
        process.send_signal(number)
        process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    logs = log_of(data_dir).read_text()
    assert process.returncode == 0, logs
    assert "Traceback" not in logs
    assert headers["Authorization"].removeprefix("Bearer ") not in logs
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


def test_a_killed_database_comes_back_and_requests_say_so_meanwhile(data_dir: Path) -> None:
    process = start(data_dir)
    try:
        url, token_path = announced(process)
        headers = {"Authorization": f"Bearer {token_path.read_text().strip()}"}
        os.kill(int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        with httpx2.Client(base_url=url, headers=headers, timeout=30) as client:
            seen = list(until_ok(client, "/api/jobs"))
            assert set(seen) <= {200, 503} and seen[-1] == 200
            list(until_ok(client, "/readyz"))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0


def until_ok(client: httpx2.Client, path: str) -> Iterator[int]:
    for _ in range(MANY):
        answer = client.get(path)
        if answer.status_code == 429:
            continue
        yield answer.status_code
        if answer.status_code == 200:
            return


def test_a_port_in_use_and_a_misspelt_setting_are_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(tmp_path, port)
        process.communicate(timeout=60)
    said = log_of(tmp_path).read_text()
    assert process.returncode == up.BAD_SETTING
    assert f"cannot listen on 127.0.0.1 port {port}" in said and "Traceback" not in said
    process = start(tmp_path, WE1WEB_PROT="1")
    process.communicate(timeout=60)
    said = log_of(tmp_path).read_text()
    assert process.returncode == up.BAD_SETTING
    assert "did you mean WE1WEB_PORT?" in said and "Traceback" not in said
