"""A data directory names one living coordinator: the same over its lives, another for whoever shares it meanwhile."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from we1web.coordinator.instance import FILE, held

HOLDER = """
import sys, uuid, pathlib
from we1web.coordinator.instance import held
with held(pathlib.Path(sys.argv[1]), uuid.uuid4) as name:
    print(name, flush=True)
    sys.stdin.read()
"""


def test_it_is_the_same_in_the_next_life(tmp_path: Path) -> None:
    with held(tmp_path, uuid4) as first:
        pass
    with held(tmp_path, uuid4) as second:
        assert second == first


def test_who_shares_the_directory_is_somebody_else(tmp_path: Path) -> None:
    with held(tmp_path, uuid4) as first, held(tmp_path, uuid4) as second, held(tmp_path, uuid4) as third:
        assert len({first, second, third}) == 3
    with held(tmp_path, uuid4) as again:
        assert again == first


@pytest.mark.parametrize("text", ["", "half-a-na", "äö"])
def test_a_file_that_names_nobody_is_written_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with held(tmp_path, uuid4) as name:
        pass
    assert UUID((tmp_path / FILE).read_text()) == name


def test_a_killed_process_leaves_its_name_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        name = UUID(other.stdout.readline().strip())
        with held(tmp_path, uuid4) as meanwhile:
            assert meanwhile != name
        other.kill()
        other.wait()
    with held(tmp_path, uuid4) as afterwards:
        assert afterwards == name
