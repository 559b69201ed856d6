"""The demonstration's processes: logs kept, deaths noticed, nothing left behind whatever the children do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from we1web.demo.processes import ProcessDied, Troupe

PAUSE = "import signal; signal.pause()"
STUBBORN = f"""
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", {PAUSE!r}], start_new_session=True)
open("said", "w").write(str(child.pid))
signal.pause()
"""
ABANDONING = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {PAUSE!r}], start_new_session=True)
open("said", "w").write(str(child.pid))
"""


PAUSE_POLITELY = """
import signal, sys
def leave(*_): print("thank you", flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, leave)
open("said", "w").write("here")
signal.pause()
"""


@pytest.fixture
def troupe(tmp_path: Path) -> Iterator[Troupe]:
    folder = tmp_path / "scratch"
    folder.mkdir()
    os.mkfifo(folder / "said")
    with Troupe(folder, {}, grace_seconds=0.3) as running:
        yield running


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def heard(troupe: Troupe) -> str:
    """What a child writes to the pipe `said`; waits for it."""
    return (troupe.folder / "said").read_text()


def is_gone(pid: int) -> bool:
    """Whether the process has ended; a zombie that waits to be collected has."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_death_is_noticed_with_its_last_words(troupe: Troupe) -> None:
    troupe.start("poet", python("import sys; print('goodbye', flush=True); sys.exit(3)"))
    with pytest.raises(ProcessDied, match=r"poet ended with code 3:\ngoodbye"):
        while True:
            troupe.check()


def test_children_get_the_environment_they_were_given(troupe: Troupe) -> None:
    troupe.start("echo", python("import os; open('said', 'w').write(os.environ['NAME'])"), NAME="value")
    assert heard(troupe) == "value"


def test_stop_ends_the_stubborn_and_what_fled_its_group(troupe: Troupe) -> None:
    troupe.start("stubborn", python(STUBBORN))
    fled = int(heard(troupe))
    assert not is_gone(fled)
    troupe.stop()
    assert is_gone(fled)
    assert not troupe.folder.exists()


def test_stop_finds_what_works_in_the_folder(troupe: Troupe) -> None:
    troupe.start("starter", python(ABANDONING))
    fled = int(heard(troupe))
    troupe.stop()
    assert is_gone(fled)


def test_who_is_dismissed_may_have_a_last_word(troupe: Troupe) -> None:
    troupe.start("guest", python(PAUSE_POLITELY))
    heard(troupe)
    assert troupe.dismiss("guest") == "thank you"


ORPHANING = """
import os, sys
from pathlib import Path
from we1web.demo.processes import Troupe
troupe = Troupe(Path(sys.argv[1]), {})
troupe.start("child", [sys.executable, "-c", sys.argv[2]])
print(troupe._members[0].popen.pid, troupe._keeper.pid, flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


def test_the_keeper_sweeps_after_us_when_we_are_killed(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    command = [sys.executable, "-c", ORPHANING, str(folder), PAUSE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout
        assert doomed.stdin
        child, keeper = (psutil.Process(int(pid)) for pid in doomed.stdout.readline().split())
        doomed.stdin.close()
    assert doomed.returncode == -9
    psutil.wait_procs([child, keeper], timeout=20)
    assert is_gone(child.pid)
    assert not folder.exists()
