"""The front end's own checks, with its own tools."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import deno

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("task", ["types", "lint", "test"])
def test_the_front_end_passes_its_own(task: str, tools: None) -> None:
    done = deno("task", "--frozen", task)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("generator", ["web_types", "web_api"])
def test_what_is_generated_from_the_coordinator_is_fresh(generator: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "build" / generator, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
