"""Every snippet of README.md is executed as it stands, against a real coordinator and nodes in a temporary folder.

Only two things are put in place of what a reader has: `./run` uses the environment these tests run in (test_run.py
proves the script itself), and the address is the one of the test's coordinator.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from we1web.demo.market import Market, open_market

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
README_ADDRESS = "http://127.0.0.1:8080"
RUN = """#!/bin/sh
verb=$1
shift
case $verb in
    demo | up) exec "{python}" -m we1web "$verb" "$@" ;;
    we1web) exec "{python}" -m we1web "$@" ;;
    test) echo "this is what is running" ;;
    *) exit 64 ;;
esac
"""


def block(language: str, containing: str) -> str:
    """The one block of the README that contains these words."""
    (found,) = [text for kind, text in BLOCKS if kind == language and containing in text]
    return str(found)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    folder = tmp_path_factory.mktemp("market")
    with open_market(folder, lambda words: None) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A reader's folder: `./run` is there, and what earlier snippets of the README wrote."""
    (tmp_path / "run").write_text(RUN.format(python=sys.executable))
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "collatz.py").write_text(block("python", "# collatz.py"))
    return tmp_path


def environment(desk: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(desk), "LANG": "C.UTF-8", **more}


def as_requester(market: Market, desk: Path) -> dict[str, str]:
    return environment(desk, WE1WEB_URL=market.office.url, WE1WEB_TOKEN=market.requester.token)


def shell(snippet: str, desk: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = ["sh", "-eu", "-c", snippet]
    return subprocess.run(command, cwd=desk, env=env, capture_output=True, text=True, check=False)


def test_every_block_is_of_a_kind_we_execute_or_compare() -> None:
    assert sorted(kind for kind, _ in BLOCKS) == ["python", "sh", "sh", "sh", "sh", "sh", "text", "text"]


def test_the_first_two_commands(desk: Path) -> None:
    done = shell(block("sh", "./run demo"), desk, environment(desk))
    assert done.returncode == 0, done.stderr
    assert "Every answer verified, every honest vote paid, no lie accepted." in done.stdout
    assert (desk / "out" / "mandelbrot.png").stat().st_size > 100_000
    example = block("text", "one of them lying")
    for line in ("Wrong answers accepted: 0.", "It earned 0.00 USD."):
        assert line in example
        assert line in " ".join(done.stdout.split())


def test_the_python_snippet_prints_what_the_readme_says(market: Market, desk: Path) -> None:
    command = [sys.executable, "collatz.py"]
    done = subprocess.run(
        command, cwd=desk, env=as_requester(market, desk), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == block("text", "[111")


def test_the_map_command(market: Market, desk: Path) -> None:
    done = shell(block("sh", "we1web map"), desk, as_requester(market, desk))
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == ["111", "118", "178"]


def until_line(process: "subprocess.Popen[str]", words: str) -> str:
    """Reads on until a line contains the words; fails when the output ends before."""
    assert process.stdout
    seen = []
    for line in process.stdout:
        seen.append(line)
        if words in line:
            return line
    raise AssertionError(f"no line with {words!r} in:\n{''.join(seen)}")


def start(snippet: str, desk: Path, env: dict[str, str]) -> "subprocess.Popen[str]":
    """A snippet that runs until it is stopped, in a group of its own. The shell itself outlives the signal."""
    command = ["sh", "-eu", "-c", f"trap : TERM\n{snippet}"]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, cwd=desk, env=env, text=True, start_new_session=True, **output)


def leave(process: "subprocess.Popen[str]") -> int:
    """Stops a snippet as Ctrl-C or a service manager would, and returns its exit code."""
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate()
    return process.returncode


def test_up_starts_and_stops_when_told_and_its_ledger_is_audited(
    desk: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("coordinator")
    up = start(block("sh", "./run up"), desk, environment(desk, WE1WEB_PORT="0", WE1WEB_DATA_DIR=str(data)))
    try:
        assert until_line(up, "WE1WEB listens on http://127.0.0.1:")
    finally:
        code = leave(up)
    assert code == 0
    audit = shell(block("sh", "db audit-ledger"), desk, environment(desk, WE1WEB_DATA_DIR=str(data)))
    assert (audit.returncode, audit.stderr) == (0, "")
    assert audit.stdout.endswith(": sound\n")


def test_a_contributor_registers_and_lends_a_machine(market: Market, desk: Path) -> None:
    snippet = block("sh", "we1web login").replace(README_ADDRESS, market.office.url)
    snippet = snippet.replace("--register", "--register --password-stdin").replace("\n", " < password\n", 1)
    (desk / "password").write_text("a long enough password\n")
    node = start(snippet, desk, environment(desk))
    try:
        assert until_line(node, "registered")
    finally:
        code = leave(node)
    assert code == 0
