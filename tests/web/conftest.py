"""Deno as the front end's tool: it fetches what web/deno.lock says and runs it, without Node.js."""

import os
import subprocess
from pathlib import Path

import pytest
from deno import find_deno_bin

WEB = Path(__file__).parents[2] / "web"


def deno(*arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    binary = Path(find_deno_bin())
    store = os.environ.get("DENO_TLS_CA_STORE", "system,mozilla")
    environment = os.environ | {"PATH": str(binary.parent), "NO_COLOR": "1", "DENO_TLS_CA_STORE": store}
    return subprocess.run(
        [binary, *arguments],
        cwd=WEB,
        env=environment,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def tools() -> None:
    """What web/deno.lock says, nothing else."""
    done = deno("install", "--frozen", "--node-modules-dir=auto", "--quiet")
    assert done.returncode == 0, done.stderr
