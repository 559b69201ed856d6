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

from we1web.coordinator import config

CODE = "import sys; from we1web.cli.up import command; from pathlib import Path; command(port=int(sys.argv[1]),\
 data_dir=Path(sys.argv[2]))"


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """Outside pytest's folder: the embedded server runs as another account, which must get there."""
    with tempfile.TemporaryDirectory(prefix="we1web-up-") as folder:
        yield Path(folder)


def start(data_dir: Path, port: int = 0, **environment: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if name not in config.names()}
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(port), str(data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean | environment,
    )


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
        _, logs = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, logs
    assert "Traceback" not in logs
    assert headers["Authorization"].removeprefix("Bearer ") not in logs
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


def test_a_port_in_use_and_a_misspelt_setting_are_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(tmp_path, port)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in said and "Traceback" not in said
    process = start(tmp_path, WE1WEB_PROT="1")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "did you mean WE1WEB_PORT?" in said and "Traceback" not in said
