"""Tabs at work for a real coordinator: from the first press of Start to kills, closed tabs and two tabs a device."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Route, expect
from tests.browser.tabs import PASSWORD, Tab
from tests.live.harness import CoordinatorProcess, Fleet, Requester
from tests.runtimes.programs import ECHO, wat

from we1web.protocol import outcome, values
from we1web.testing.patience import eventually

SQUARE = b"def f(x):\n    return x * x\n"
SLOW = b"def f(x):\n    return sum(i * i % 7 for i in range(400_000 + x))\n"
BUSY = ("Working", "Waiting for work")
PATIENCE_S = 400
"""Four sandboxed Pythons on two cores take their time."""
OpenTab = Callable[[str], Awaitable[Tab]]


@pytest_asyncio.fixture
async def open_tab(browser: Browser, coordinator: CoordinatorProcess) -> AsyncIterator[OpenTab]:
    """Opens tabs of owners; all are closed in the end."""
    async with AsyncExitStack() as stack:

        async def opened(name: str) -> Tab:
            tab = await Tab.open(browser, coordinator.url, name)
            stack.push_async_callback(tab.close)
            return tab

        yield opened


def calls(n: int) -> list[bytes]:
    return [values.dumps([number]) for number in range(n)]


async def submit(requester: Requester, program: bytes, n: int, **order: object) -> str:
    return await requester.submit(calls(n), program, entry="f", **order)


async def test_sign_up_start_and_the_first_verified_task(
    browser: Browser, coordinator: CoordinatorProcess, tmp_path: Path
) -> None:
    """What a stranger does: an account, one press, and money on the screen. Two native nodes are the other owners."""
    requester = await Requester.make(coordinator)
    async with Fleet(coordinator, tmp_path, sandboxed=("python",)) as fleet:
        for name in ("ada", "grace"):
            await fleet.add(name)
        job = await submit(requester, SQUARE, 60, name="squares", purpose="a test of the whole way")
        context = await browser.new_context(locale="en-US")
        page = await context.new_page()
        await page.goto(coordinator.url)
        await page.goto(f"{coordinator.url}/signup?next=/contribute")
        await page.get_by_label("E-mail").fill("edsger@example.com")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Make an account").click()
        await page.get_by_role("button", name="Start", exact=True).click()
        ended = await requester.until_done(job, PATIENCE_S)
        assert (ended["verified"], ended["failed"]) == (60, 0)
        await expect(page.get_by_role("list", name="What happened")).to_contain_text("verified")
        await context.close()


async def test_tabs_and_native_nodes_agree_on_the_same_jobs(
    open_tab: OpenTab, coordinator: CoordinatorProcess, tmp_path: Path
) -> None:
    """Four owners, two kinds of machine, both runtimes: every vote for every task is the same bytes."""
    requester = await Requester.make(coordinator)
    async with Fleet(coordinator, tmp_path, sandboxed=("python", "wasm")) as fleet:
        owners = [await fleet.add(name) for name in ("ada", "grace")]
        tabs = [await open_tab(name) for name in ("edsger", "barbara")]
        for tab in tabs:
            await tab.press("Start")
        for tab in tabs:
            await tab.until(*BUSY)
        python = await submit(requester, SQUARE, 80, name="python", policy="classic")
        echo = [b"task %d" % number for number in range(80)]
        wasm = await requester.submit(echo, wat(ECHO), name="wasm", runtime="wasm", entry="_start", policy="classic")
        voters = set()
        for job in (python, wasm):
            ended = await requester.until_done(job, PATIENCE_S)
            assert (ended["verified"], ended["failed"]) == (80, 0)
            results = await requester.results(job)
            assert all(vote["agreed"] for item in results for vote in item["votes"])
            voters |= {str(vote["node"]) for item in results for vote in item["votes"]}
        nodes = [(await owner.call("GET", "/api/nodes/my-nodes"))["items"][0]["id"] for owner in owners]
        assert voters == {*nodes, *[(await tab.node())["id"] for tab in tabs]}
        assert min([await tab.earned_micros() for tab in tabs]) > 0
        assert {item["index"]: outcome.payload(item["outcome"]) for item in results} == dict(enumerate(echo))


async def test_tabs_resume_when_the_coordinator_is_killed(open_tab: OpenTab, coordinator: CoordinatorProcess) -> None:
    """Nothing acknowledged is lost, nothing is paid twice, and no owner has to do anything."""
    requester = await Requester.make(coordinator)
    tabs = [await open_tab(name) for name in ("ada", "grace", "edsger")]
    for tab in tabs:
        await tab.press("Start")
    job = await submit(requester, SLOW, 30)

    async def begun() -> bool | None:
        return True if (await requester.job(job))["verified"] >= 5 else None

    await eventually(begun, "some tasks are verified", PATIENCE_S)
    await coordinator.kill()
    await tabs[0].until("Connecting")
    await coordinator.start()
    ended = await requester.until_done(job, PATIENCE_S)
    assert (ended["verified"], ended["failed"]) == (30, 0)
    books = await requester.totals()
    assert sum(books.values()) == 0 and books["escrow"] == 0
    for tab in tabs:
        await tab.until(*BUSY)
        assert (await tab.node())["online"]
        assert await tab.earned_micros() == 30 * 900


async def test_a_closed_tab_costs_its_tasks_nothing(open_tab: OpenTab, coordinator: CoordinatorProcess) -> None:
    """What a tab was at ends elsewhere, and no task fails for it."""
    requester = await Requester.make(coordinator)
    tabs = [await open_tab(name) for name in ("ada", "grace", "edsger", "barbara")]
    for tab in tabs:
        await tab.press("Start")
    for tab in tabs:
        await tab.until(*BUSY)
    job = await submit(requester, SLOW, 16)
    await tabs[0].until("Working")
    await tabs[0].page.close(run_before_unload=True)
    ended = await requester.until_done(job, PATIENCE_S)
    assert (ended["verified"], ended["failed"]) == (16, 0)
    assert (await requester.totals())["escrow"] == 0


async def test_one_tab_of_a_device_works_and_another_can_take_over(
    open_tab: OpenTab, coordinator: CoordinatorProcess
) -> None:
    first = await open_tab("ada")
    await first.press("Start")
    await first.until(*BUSY)
    node = await first.node()
    second = await first.another()
    await second.until("Active in another tab")
    await second.press("Work in this tab instead")
    await second.until(*BUSY)
    await first.until("Active in another tab")
    assert (await first.node())["id"] == node["id"]


async def test_a_changed_file_of_the_python_runtime_is_not_used(
    open_tab: OpenTab, coordinator: CoordinatorProcess
) -> None:
    """The tab works on with what is genuine, and says what is missing."""

    async def changed(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.body()) + b"\0")

    tab = await open_tab("ada")
    await tab.page.context.route("**/runtime/**/python_stdlib.zip", changed)
    await tab.press("Start")
    await tab.until(*BUSY)
    assert (await tab.node())["runtimes"] == ["wasm-1"]
    await expect(tab.page.get_by_role("list", name="What happened")).to_contain_text("python_stdlib.zip")


async def test_a_changed_file_in_the_cache_is_fetched_again(open_tab: OpenTab, coordinator: CoordinatorProcess) -> None:
    tab = await open_tab("ada")
    await tab.press("Start")
    await tab.until(*BUSY)
    await tab.press("Stop")
    await tab.until("Off")
    spoiled = await tab.page.evaluate(
        """async () => {
          const [name] = (await caches.keys()).filter((each) => each.startsWith("we1web-runtime-"));
          const cache = await caches.open(name);
          const keys = await cache.keys();
          for (const key of keys) await cache.put(key, new Response("spoiled"));
          return keys.length;
        }"""
    )
    assert spoiled >= 5
    await tab.press("Start")
    await tab.until(*BUSY)
    assert len((await tab.node())["runtimes"]) == 2


async def test_a_session_that_was_revoked_stops_the_node_with_its_reason(
    open_tab: OpenTab, coordinator: CoordinatorProcess
) -> None:
    tab = await open_tab("ada")
    await tab.press("Start")
    await tab.until(*BUSY)
    await tab.person.call("POST", "/auth/v1/logout?scope=global")
    await coordinator.kill()
    await coordinator.start()
    await tab.page.get_by_role("button", name="Log in again").or_(tab.page.get_by_label("E-mail")).wait_for()


async def test_what_the_owner_says_of_the_device_reaches_the_coordinator(
    open_tab: OpenTab, coordinator: CoordinatorProcess
) -> None:
    """Cores and country change under a running node: it registers anew, as the same node."""
    tab = await open_tab("ada")
    await tab.press("Start")
    await tab.until(*BUSY)
    before = await tab.node()
    await tab.page.get_by_label("Where it stands").select_option("DE")
    await tab.page.get_by_text("All I have").click()

    async def heard() -> bool | None:
        node = await tab.node()
        return True if (node["country"], node["cores"]) == ("DE", before["cores"] + 1) else None

    await eventually(heard, "the coordinator knows the new cores and the country")
    assert (await tab.node())["id"] == before["id"]


async def test_a_browser_without_webassembly_is_told_what_to_do(
    open_tab: OpenTab, coordinator: CoordinatorProcess
) -> None:
    tab = await open_tab("ada")
    await tab.page.context.add_init_script("delete globalThis.WebAssembly")
    await tab.page.reload()
    await tab.press("Start")
    await tab.until("Stopped by a problem")
    await expect(tab.page.get_by_role("main")).to_contain_text("current Chrome, Edge, Firefox or Safari")


async def test_a_clock_that_is_an_hour_wrong_changes_nothing(
    open_tab: OpenTab, coordinator: CoordinatorProcess
) -> None:
    """The session looks as if it had ended: it is renewed, and the node works."""
    tab = await open_tab("ada")
    renewed = tab.page.context.expect_event("request", lambda asked: "grant_type=refresh_token" in asked.url)
    await tab.page.context.add_init_script(
        "const now = Date.now; Date.now = () => now() + 3_600_000"  # the app's clock, in every page from now on
    )
    async with renewed:
        await tab.page.reload()
        await tab.press("Start")
    await tab.until(*BUSY)
