"""What the web app does in a real Chromium: how soon a device earns, whether it agrees, what gets out, what it weighs.

Real parts only: `we1web up` with its embedded PostgreSQL, native nodes with the real sandboxes, tabs of a headless
Chromium with nothing in their caches. `seconds_to_first_verified_task`: from the press of Start to the first task that
is verified and paid, on a network of two native nodes that has verified work before (the median of the runs; all share
the machine); `..._of_a_new_network`: the same where nothing was ever verified.
`digests_equal_native`: whether every vote of two tabs and two native nodes on the same wasm and Python jobs was the
same. `sandbox_requests_seen`: connections that a counting server saw while a script in the sandbox tried every way out.
`landing_js_kb_compressed`: JavaScript on the wire for a first visit. `landing_interactive_ms`: until the last long
task of the main thread has ended, with the processor slowed down four times. `scroll_*`: frames while 100,000 tasks
scroll by.

usage: ./run bench browser [--json] [--runs N] [--rows N]
"""

import argparse
import asyncio
import json
import logging
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import build_sandbox_script, open_sandbox  # noqa: E402 the root comes first
from tests.browser.tabs import Tab  # noqa: E402
from tests.browser.test_pages import OPEN, OWN, violations  # noqa: E402
from tests.fixtures_chromium import chromium  # noqa: E402
from tests.fixtures_postgres import reachable_folder  # noqa: E402
from tests.live.harness import CoordinatorProcess, Fleet, Requester  # noqa: E402
from tests.runtimes.programs import ECHO, Counter, wat  # noqa: E402

from we1web.protocol import values  # noqa: E402
from we1web.testing.patience import eventually  # noqa: E402

SQUARE = b"def f(x):\n    return x * x\n"
PROBE = ROOT / "tests" / "browser" / "probe.js"
SLOWDOWN = 4
SCROLL_S = 5.0
WATCH_FRAMES = """async seconds => {
  const box = [...document.querySelectorAll('main *')].find((e) => e.scrollHeight > 100_000 && e.clientHeight < 2_000);
  const frames = [];
  const end = performance.now() + seconds * 1_000;
  let before = performance.now();
  while (performance.now() < end) {
    box.scrollTop = (box.scrollTop + 400) % (box.scrollHeight - box.clientHeight);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - before);
    before = now;
  }
  return { frames, heap: performance.memory?.usedJSHeapSize ?? 0 };
}"""
WATCH_TASKS = """() => {
  window.lastTask = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.lastTask = Math.max(window.lastTask, task.startTime + task.duration);
  }).observe({ type: 'longtask', buffered: true });
}"""


@dataclass(frozen=True)
class Stage:
    """What every measurement needs."""

    browser: Browser
    coordinator: CoordinatorProcess
    folder: Path
    requester: Requester


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(reachable_folder())
        coordinator = CoordinatorProcess(folder / "coordinator")
        stack.push_async_callback(coordinator.stop)
        await coordinator.start()
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        stack.push_async_callback(browser.close)
        yield Stage(browser, coordinator, folder, await Requester.make(coordinator))


async def first_tasks(on: Stage, runs: int) -> list[float]:
    """Seconds from Start to the first paid task of new devices, one after the other; the first of them completes a
    network where nothing was ever verified."""
    async with Fleet(on.coordinator, on.folder / "first", sandboxed=("python",)) as fleet:
        for name in ("ada", "grace"):
            await fleet.add(name)
        payloads = [values.dumps([number]) for number in range(5_000)]
        job = await on.requester.submit(payloads, SQUARE, entry="f", name="squares")
        found = []
        for run in range(runs + 1):
            tab = await Tab.open(on.browser, on.coordinator.url, f"edsger-{run}")
            started = time.monotonic()
            await tab.press("Start")
            await eventually(tab.has_earned, "the first paid task", 300)
            found.append(time.monotonic() - started)
            await tab.close()
        await on.requester.person.call("DELETE", f"/api/jobs/{job}")
    return found


async def votes(on: Stage) -> tuple[int, int]:
    """Votes of two tabs and two native nodes on the same jobs, and how many of them agreed."""
    async with AsyncExitStack() as stack:
        fleet = await stack.enter_async_context(
            Fleet(on.coordinator, on.folder / "mixed", sandboxed=("python", "wasm"))
        )
        for name in ("donald", "tony"):
            await fleet.add(name)
        for name in ("barbara", "frances"):
            tab = await Tab.open(on.browser, on.coordinator.url, name)
            stack.push_async_callback(tab.close)
            await tab.press("Start")
            await tab.until("Working", "Waiting for work")
        calls = [values.dumps([-number]) for number in range(200)]
        python = await on.requester.submit(calls, SQUARE, entry="f")
        echo = [b"task %d" % number for number in range(200)]
        wasm = await on.requester.submit(echo, wat(ECHO), runtime="wasm", entry="_start")
        found = []
        for job in (python, wasm):
            await on.requester.until_done(job, 300)
            found += [vote["agreed"] for item in await on.requester.results(job) for vote in item["votes"]]
    return len(found), sum(found)


async def escapes(on: Stage) -> tuple[int, int]:
    """How many ways out were tried, and what the counting server saw."""
    counter = Counter()
    server = await asyncio.start_server(counter.connected, "127.0.0.1", 0)
    outside = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    tab = await open_sandbox(on.browser, on.coordinator.url, build_sandbox_script(on.folder / "page"))
    script = PROBE.read_text().replace("%ORIGIN%", on.coordinator.url).replace("%OUTSIDE%", outside)
    tried = json.loads((await tab.probe(script))[0])
    server.close()
    return len(tried) - 1, counter.hits


async def landing(on: Stage) -> dict[str, float]:
    context = await on.browser.new_context(service_workers="block")
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    sizes: dict[str, float] = {}
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    await page.add_init_script(f"({WATCH_TASKS})()")
    await page.goto(on.coordinator.url)
    await page.locator("main h1").first.wait_for()
    await page.wait_for_load_state("networkidle")
    timing = await page.evaluate(
        "() => ({paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,"
        " ready: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, task: window.lastTask})"
    )
    await context.close()
    scripts = sum(size for request, size in sizes.items() if kinds.get(request) == "Script")
    return {
        "landing_js_kb_compressed": round(scripts / 1_000, 1),
        "landing_kb_compressed": round(sum(sizes.values()) / 1_000, 1),
        "landing_first_paint_ms": round(timing["paint"]),
        "landing_interactive_ms": round(max(timing["paint"], timing["ready"], timing["task"])),
    }


async def axe(on: Stage) -> int:
    """Violations on every page, in light and in dark."""
    owner = await Tab.open(on.browser, on.coordinator.url, "katherine")
    found = 0
    for scheme in ("light", "dark"):
        contexts: list[tuple[BrowserContext, tuple[str, ...]]] = [
            (await on.browser.new_context(color_scheme=scheme), OPEN),  # type: ignore[arg-type]
            (await owner.alike(on.browser, color_scheme=scheme), tuple(path for path in OWN if "JOB" not in path)),
        ]
        for context, paths in contexts:
            for path in paths:
                page = await context.new_page()
                await page.goto(on.coordinator.url + path)
                await page.locator("main h1").first.wait_for()
                found += len(await violations(page))
                await page.close()
            await context.close()
    await owner.close()
    return found


async def scrolling(on: Stage, rows: int) -> dict[str, float]:
    """Frames while the tasks of one large job scroll by. Nobody works on it: the page shows all of them as open."""
    owner = await Tab.open(on.browser, on.coordinator.url, "margaret")
    credit = {"email": "margaret@example.com", "amount_micros": 10**10, "memo": ""}
    key = {"Idempotency-Key": "margaret"}
    await on.requester.operator.call("POST", "/api/operator/credits", json=credit, headers=key)
    requester = Requester(owner.person, on.coordinator)
    payloads = [values.dumps([number]) for number in range(rows)]
    job = await requester.submit(payloads, SQUARE, entry="f", price_micros=1, budget_micros=rows * 10)
    page: Page = owner.page
    await page.goto(f"{on.coordinator.url}/jobs/{job}")
    await page.get_by_role("row").nth(3).wait_for()
    seen = await page.evaluate(WATCH_FRAMES, SCROLL_S)
    await owner.person.call("DELETE", f"/api/jobs/{job}")
    await owner.close()
    frames = sorted(seen["frames"])
    return {
        "scroll_rows": rows,
        "scroll_frame_median_ms": round(statistics.median(frames), 1),
        "scroll_frame_p99_ms": round(frames[int(len(frames) * 0.99)], 1),
        "scroll_frames_over_34_ms": sum(frame > 34 for frame in frames),
        "scroll_frames": len(frames),
        "scroll_heap_mb": round(seen["heap"] / 2**20, 1),
    }


async def measure(runs: int, rows: int, say: Callable[[str], None]) -> dict[str, Any]:
    async with stage() as on:
        figures: dict[str, Any] = {}
        say("the landing page")
        figures |= await landing(on)
        say(f"{rows:,} rows")
        figures |= await scrolling(on, rows)
        say("axe on every page")
        figures["axe_violations"] = await axe(on)
        say("every way out of the sandbox")
        figures["sandbox_attempts"], figures["sandbox_requests_seen"] = await escapes(on)
        say(f"Start to the first verified task, {runs} times")
        first, *seconds = await first_tasks(on, runs)
        figures["seconds_to_first_verified_task"] = round(statistics.median(seconds), 2)
        figures["seconds_to_first_verified_task_runs"] = [round(each, 2) for each in seconds]
        figures["seconds_to_first_verified_task_of_a_new_network"] = round(first, 2)
        say("two tabs and two native nodes on the same jobs")
        figures["votes"], agreed = await votes(on)
        figures["digests_equal_native"] = figures["votes"] == agreed
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--runs", type=int, default=3, help="how often a new device presses Start")
    parser.add_argument("--rows", type=int, default=100_000, help="tasks of the job that is scrolled")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    run: Awaitable[dict[str, Any]] = measure(
        options.runs, options.rows, lambda words: print(f"bench browser: {words}", file=sys.stderr)
    )
    figures = asyncio.run(run)  # type: ignore[arg-type]
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:40} {value}")


if __name__ == "__main__":
    main()
