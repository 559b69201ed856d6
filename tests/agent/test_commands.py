"""What a person or a script sees of a node: the status line, the logs, the exit codes, the saboteur's report."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from rich.console import Console

from we1web import cli
from we1web.agent import telemetry
from we1web.agent.clock import fresh_rng, now_s, now_us, wall_s
from we1web.agent.node import Node
from we1web.agent.pausing import Conditions, Pause, Reason, When
from we1web.agent.slots import Slots
from we1web.agent.startup import owner_in, owner_in_jwt
from we1web.agent.state import StateDir
from we1web.agent.workshop import Workshop
from we1web.cli import node as command
from we1web.cli import referee
from we1web.protocol.messages import Register
from we1web.protocol.session import NodeSession, NodeState


@pytest.fixture
def node(tmp_path: Path) -> Node:
    session = NodeSession("t", Register("", "attic", 2, 1, [], 1.0, 4))
    identity = StateDir(tmp_path).identity("http://a", "ada")
    workshop: Workshop = None  # type: ignore[assignment]  # nothing runs here
    return Node(
        session, workshop, Slots(2), identity, when=When.ALWAYS, sense=Conditions, now=lambda: 0.0, now_us=lambda: 0
    )


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_the_status_line_says_what_it_does_and_why_not(node: Node) -> None:
    assert command.status_line(node).plain.startswith("○ connecting as attic")
    node._session.state = NodeState.WORKING
    assert command.status_line(node).plain.startswith("● waiting for work as attic · 0 running, 0 waiting")
    node._slots.add(1, 1.0)
    node._slots.make_ready(1)
    node._slots.start()
    node.totals.acknowledged, node.totals.paid, node.totals.earned_micros = 1_204, 1_180, 590_000
    assert command.status_line(node).plain == (
        "● working as attic · 1 running, 0 waiting · 1,204 tasks done, 1,180 paid, 0.5900 USD"
    )
    node.totals.rejected = 2
    node.pause = Pause(Reason.USER_PRESENT)
    line = command.status_line(node).plain
    assert "somebody uses the machine" in line
    assert line.endswith("2 outvoted")


def test_the_status_line_is_shown_on_a_terminal(node: Node) -> None:
    console = Console(force_terminal=True, width=100, record=True, file=StringIO())
    with command.shown(node, console):
        pass
    assert "attic" in console.export_text()


def test_logs_for_machines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(for_people=False)
    structlog.get_logger().info("registered", node="n")
    line: dict[str, Any] = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["node"]) == ("registered", "info", "n")


def test_people_are_told_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(for_people=True)
    structlog.get_logger().info("registered")
    structlog.get_logger().warning("refused")
    said = capsys.readouterr().err
    assert "refused" in said
    assert "registered" not in said


def test_a_wrong_address_is_told_and_exits_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        command.command(join="ftp://x", token="t", state_dir=tmp_path)
    assert left.value.code == 2
    assert "bad_address" in capsys.readouterr().err


def test_the_saboteur_reports_in_one_line_of_json(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "we1web.testing.saboteur", "--join", "ftp://x", "--state-dir", tmp_path],
        env={**os.environ, "WE1WEB_TOKEN": "t"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    said = json.loads(ran.stdout)
    assert (said["lies"], said["executed"], said["earned_micros"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("body", "owner"), [(b'{"user":{"id":"u1"},"scopes":[]}', "u1"), (b"{}", ""), (b"<html>", ""), (b"\xff", "")]
)
def test_the_owner_in_the_coordinators_answer(body: bytes, owner: str) -> None:
    assert owner_in(body) == owner


@pytest.mark.parametrize(
    ("token", "owner"),
    [("x.eyJzdWIiOiJ1MSIsImV4cCI6MX0.y", "u1"), ("we1_abc", ""), ("a.b.c", ""), ("", ""), ("a.bm8.c", "")],
)
def test_the_owner_in_a_token(token: str, owner: str) -> None:
    assert owner_in_jwt(token) == owner


def test_clocks_go_forward() -> None:
    assert now_s() <= now_s()
    assert now_us() <= now_us()
    assert wall_s() > 1_700_000_000
    assert 0 <= fresh_rng().random() < 1


@pytest.mark.parametrize(
    "wrong",
    [["--country", "Germany"], ["--country", "D1"], ["--min-per-hour", "much"], ["--min-per-hour", "-1"]],
)
def test_facts_that_cannot_be_are_wrong_calls(wrong: list[str], tmp_path: Path) -> None:
    assert cli.run(["node", "--join", "ftp://x", "--token", "t", "--state-dir", str(tmp_path), *wrong]) == 2


def test_a_judge_is_a_node_with_its_exit_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        referee.command(join="ftp://x", token="t", state_dir=tmp_path)
    assert left.value.code == 2
    assert "bad_address" in capsys.readouterr().err
