"""Every way out of the tab's sandbox that we know, tried: denied, nobody reached, the next task right."""

import json
from pathlib import Path

import pytest
import pytest_asyncio
from tests.browser.tab_runtime import TabRuntime
from tests.runtimes import attempts
from tests.runtimes.programs import Counter, metered, python_work, read, wasm_work
from tests.runtimes.test_sandbox_python import FLOOD, HARMS, HIDE, NO_OUTCOME, SQUARE

from we1web.agent.runtime import RUNTIME_DIED, TIME_LIMIT
from we1web.protocol import outcome

PROBE = Path(__file__).parent / "probe.js"
OPEN_TO_ALL = {"storage estimate", "locks", "shared memory"}
"""No ways out: what a browser grants of these to an opaque origin belongs to that origin alone."""
HARMFUL = {name: HARMS[name] for name in HARMS if HARMS[name][1] in (TIME_LIMIT, RUNTIME_DIED, NO_OUTCOME)}


@pytest_asyncio.fixture(scope="module")
async def python_verdicts(tab: TabRuntime, counter: Counter) -> dict[str, str]:
    """What every attempt of a Python task ended with, all tried in one bundle."""
    calls = [(name, counter.port if name in ("tcp", "http") else "") for name in ["tcp", "http", *attempts.PYTHON]]
    calls += [("read_agent", __file__)]
    calls += [("js", code.replace("%d", str(counter.port))) for code in attempts.JAVASCRIPT.values()]
    names = [name for name, _ in calls[: -len(attempts.JAVASCRIPT)]] + list(attempts.JAVASCRIPT)
    found = await tab.run(python_work(attempts.SOURCE, calls))
    assert read((await tab.run(python_work(SQUARE, [(7,)])))[0]) == 49
    return dict(zip(names, map(read, found), strict=True))


@pytest_asyncio.fixture(scope="module")
async def script_verdicts(tab: TabRuntime, counter: Counter, site_url: str) -> dict[str, str]:
    """The same for a script that owns its worker: no task has so much."""
    script = PROBE.read_text().replace("%ORIGIN%", site_url).replace("%OUTSIDE%", f"http://127.0.0.1:{counter.port}/")
    (said,) = await tab.probe(script)
    found: dict[str, str] = json.loads(said)
    return found


@pytest.mark.parametrize("name", ["tcp", "http", "read_agent", *attempts.PYTHON, *attempts.JAVASCRIPT])
def test_a_python_task_is_denied(name: str, python_verdicts: dict[str, str]) -> None:
    assert python_verdicts[name].startswith("denied"), python_verdicts[name]


def test_a_script_is_denied_everything(script_verdicts: dict[str, str]) -> None:
    assert script_verdicts.pop("origin") == "null"
    allowed = {name for name, end in script_verdicts.items() if not end.startswith("denied")}
    assert allowed <= OPEN_TO_ALL, {name: script_verdicts[name] for name in allowed - OPEN_TO_ALL}
    assert len(script_verdicts) > 45


def test_nobody_was_reached(python_verdicts: dict[str, str], script_verdicts: dict[str, str], counter: Counter) -> None:
    assert python_verdicts and script_verdicts
    assert counter.hits == 0


@pytest.mark.parametrize("name", HARMFUL)
async def test_harm_ends_with_its_task(name: str, tab: TabRuntime) -> None:
    """The task that harms has no outcome; the others of its bundle are right."""
    code, wanted = HARMFUL[name]
    source = f"def f(harm):\n  if harm:\n    {code}\n  return 'fine'"
    wall_ms = 5_000 if wanted == TIME_LIMIT else 20_000
    before, harmed, after = await tab.run(python_work(source, [(False,), (True,), (False,)], wall_ms=wall_ms))
    assert (read(before), read(after)) == ("fine", "fine")
    assert harmed[0] == outcome.NONE


async def test_what_a_task_prints_is_dropped(tab: TabRuntime) -> None:
    found = await tab.run(python_work(FLOOD, [(True,), (False,)]))
    assert [read(one) for one in found] == ["fine", "fine"]


async def test_nothing_lasts_from_one_bundle_to_the_next(tab: TabRuntime) -> None:
    for _ in range(2):
        (found,) = await tab.run(python_work(HIDE, [(1,)]))
        assert read(found) == [False, None, False, []]


async def test_a_wasm_loop_ends_with_its_time(tab: TabRuntime) -> None:
    """Metering would end it as well; here it is allowed more instructions than it has time for."""
    endless = metered("(loop $l (br $l))", instructions=1 << 52)
    found = await tab.run(wasm_work(endless, [b"x", b"y"], wall_ms=1_000, instructions=1 << 52))
    assert [read(one) for one in found] == [TIME_LIMIT] * 2


INSOLENT = """addEventListener('message', ({data: {port}}) => {
  port.onmessage = () => { %s };
  port.postMessage(new TextEncoder().encode('ready'));
})"""


@pytest.mark.parametrize(
    ("says", "heard"),
    [
        ("port.postMessage('no bytes')", []),
        ("for (let n = 0; n < 9; n++) port.postMessage(new Uint8Array([65]))", ["A"]),
        ("port.postMessage(new Uint8Array(200 << 20))", []),
    ],
    ids=["other things than bytes", "more answers than questions", "more than a tab can hold"],
)
async def test_who_says_what_nobody_asked_is_killed(says: str, heard: list[str], tab: TabRuntime) -> None:
    *answers, last = await tab.probe(INSOLENT % says, times=2)
    assert answers == heard
    assert last.startswith("Error:") and ("nobody asked" in last or "more than this tab can hold" in last)
