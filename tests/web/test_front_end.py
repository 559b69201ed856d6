"""The front end's own checks, with its own tools. Deno fetches and runs them: no Node.js is found on this path."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from deno import find_deno_bin

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"


def deno(*arguments: str) -> "subprocess.CompletedProcess[str]":
    binary = Path(find_deno_bin())
    store = os.environ.get("DENO_TLS_CA_STORE", "system,mozilla")
    environment = os.environ | {"PATH": str(binary.parent), "NO_COLOR": "1", "DENO_TLS_CA_STORE": store}
    return subprocess.run(
        [binary, *arguments],
        cwd=WEB,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def tools() -> None:
    """What web/deno.lock says, nothing else."""
    done = deno("install", "--frozen", "--node-modules-dir=auto", "--quiet")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("task", ["types", "lint", "test"])
def test_the_front_end_passes_its_own(task: str, tools: None) -> None:
    done = deno("task", "--frozen", task)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_message_types_are_those_of_the_coordinator() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "build" / "web_types", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
