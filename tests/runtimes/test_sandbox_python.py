"""Every way out of the Python sandbox that we know, tried: denied, the agent alive, the next task right."""

import asyncio
import json
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from deno import find_deno_bin
from tests.runtimes import attempts
from tests.runtimes.programs import OUTPUT_BYTES, Counter, error_type, python_work, read

from we1web.agent.runtime import RUNTIME_DIED, TIME_LIMIT
from we1web.agent.runtimes.identity import GUEST_DIR
from we1web.agent.runtimes.python import FLAGS, PythonRuntime
from we1web.protocol import outcome

SQUARE = "def f(x): return x * x"
NO_OUTCOME = "no outcome, of whichever limit a busy machine meets first"


@pytest_asyncio.fixture(scope="module")
async def verdicts(python: PythonRuntime, counter: Counter) -> dict[str, str]:
    """What every attempt ended with, all tried in one bundle, then a task that must still be right."""
    calls = [(name, counter.port if name in ("tcp", "http") else "") for name in ["tcp", "http", *attempts.PYTHON]]
    calls += [("read_agent", __file__)]
    calls += [("js", code.replace("%d", str(counter.port))) for code in attempts.JAVASCRIPT.values()]
    names = [name for name, _ in calls[: -len(attempts.JAVASCRIPT)]] + list(attempts.JAVASCRIPT)
    found = await python.run(python_work(attempts.SOURCE, calls))
    assert read((await python.run(python_work(SQUARE, [(7,)])))[0]) == 49
    return dict(zip(names, map(read, found), strict=True))


@pytest.mark.parametrize("name", ["tcp", "http", "read_agent", *attempts.PYTHON, *attempts.JAVASCRIPT])
def test_denied(name: str, verdicts: dict[str, str]) -> None:
    assert verdicts[name].startswith("denied"), verdicts[name]


def test_nobody_was_reached(verdicts: dict[str, str], counter: Counter) -> None:
    assert verdicts
    assert counter.hits == 0


async def test_permissions_are_gone_for_the_host_object_too(counter: Counter, tmp_path: Path) -> None:
    """Without our process limits and network wall: Deno's own permissions, revoked, against who holds everything."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    allowed = [f"--allow-read={GUEST_DIR}", "--allow-net", "--allow-write", "--allow-run", "--allow-env"]
    program = [find_deno_bin(), "run", *FLAGS, *allowed, "--allow-ffi", "--allow-sys", "--allow-import"]
    process = await asyncio.create_subprocess_exec(
        *(*program, str(Path(__file__).parent / "probe.mjs"), str(GUEST_DIR), str(counter.port), str(secret)),
        stdout=asyncio.subprocess.PIPE,
        env={"HOME": str(tmp_path), "DENO_DIR": str(tmp_path / "deno"), "NO_COLOR": "1"},
    )
    told, _ = await process.communicate()
    found = json.loads(told)
    assert [f"{name}: {text}" for name, text in found.items() if not text.startswith("denied")] == []
    assert len(found) > 40
    assert counter.hits == 0
    assert secret.read_text() == "secret"


HARMS = {
    "endless loop": ("while True: pass", TIME_LIMIT),
    "exit without cleaning up": ("import os; os._exit(0)", RUNTIME_DIED),
    "abort": ("import os; os.abort()", RUNTIME_DIED),
    "recursion beneath Python": ("kept = []\n    for _ in range(10**6): kept = [kept]\n    del kept", NO_OUTCOME),
    "code for JavaScript": (
        "import time; time.sleep.__closure__[0].cell_contents.constructor('return 1')",
        "pyodide.ffi.JsException",
    ),
    "memory bomb": ("kept = []\n    while True: kept.append(bytearray(1 << 20))", "MemoryError"),
    "giant result": ("return bytes(1 << 28)", "CodecError"),
    "large result": ("return bytes(1 << 24)", "OutputLimitError"),
    "result just too large": (f"return bytes({OUTPUT_BYTES})", "OutputLimitError"),
    "endless result": ("return [bytes(1 << 20)] * 10_000", "CodecError"),
    "exit": ("raise SystemExit(3)", "SystemExit"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "deep recursion": ("f(harm)", "RecursionError"),
    "reading standard input": ("input()", "EOFError"),
    "an exception that cannot be shown": (
        "raise type('Bad', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "Bad",
    ),
    "an endless message": ("raise ValueError('x' * (1 << 26))", "ValueError"),
    "a value that cannot travel": ("return object()", "CodecError"),
}


@pytest.mark.parametrize("name", HARMS)
async def test_harm_ends_with_its_task(name: str, python: PythonRuntime) -> None:
    """The task that harms gets an error or no outcome; the others of its bundle are right."""
    code, wanted = HARMS[name]
    source = f"def f(harm):\n  if harm:\n    {code}\n  return 'fine'"
    wall_ms = 5_000 if wanted == TIME_LIMIT else 20_000
    before, harmed, after = await python.run(python_work(source, [(False,), (True,), (False,)], wall_ms=wall_ms))
    assert (read(before), read(after)) == ("fine", "fine")
    if wanted in (TIME_LIMIT, RUNTIME_DIED):
        assert read(harmed) == wanted
    elif wanted == NO_OUTCOME:
        assert harmed[0] == outcome.NONE
    else:
        assert error_type(harmed) == wanted
        assert len(harmed) < 30_000


FLOOD = """
import os, sys
def f(flood):
  if flood:
    for _ in range(20_000):
      print("x" * 500)
      print("y" * 500, file=sys.stderr)
    os.write(1, b"\\x05\\0\\0\\0ready" * 1000)
  return "fine"
"""


async def test_what_a_task_prints_is_dropped(python: PythonRuntime) -> None:
    found = await python.run(python_work(FLOOD, [(True,), (False,)]))
    assert [read(one) for one in found] == ["fine", "fine"]


HIDE = """
import os, pathlib, tempfile
MARK = pathlib.Path("/home/pyodide/mark")
def f(x):
  found = [MARK.exists(), os.environ.get("MARK"), hasattr(os, "mark"), os.listdir(tempfile.gettempdir())]
  MARK.write_text("here"); os.environ["MARK"] = "here"; os.mark = 1; tempfile.mkstemp()
  return found
"""


async def test_nothing_lasts_from_one_bundle_to_the_next(python: PythonRuntime) -> None:
    for _ in range(3):
        (found,) = await python.run(python_work(HIDE, [(1,)]))
        assert read(found) == [False, None, False, []]


async def test_a_loop_at_import_ends_every_task_at_once(python: PythonRuntime) -> None:
    found = await python.run(python_work("while True: pass", [(1,)] * 50, wall_ms=500))
    assert [read(one) for one in found] == [TIME_LIMIT] * 50


async def test_a_sandbox_sees_no_environment_and_writes_no_file(python: PythonRuntime) -> None:
    process = await python._pool.take()
    seen = psutil.Process(process.pid)
    assert set(seen.environ()) == {"HOME", "DENO_DIR", "NO_COLOR", "TZ", "LANG"}
    assert seen.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert seen.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert [file.path for file in seen.open_files()] == []
    await python._pool.discard(process)
