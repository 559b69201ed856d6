"""Every page as people meet it: nothing that axe objects to, nothing that the page's own policy refuses, no sideways
scrolling on a phone, in light and dark, in English and German; installable, and there without a network."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page
from tests.browser.tabs import Tab
from tests.fixtures_postgres import reachable_folder
from tests.live.harness import CoordinatorProcess, Fleet, Requester

from we1web.protocol import values

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
OPEN = ("/", "/signup", "/login", "/network", "/contribute", "/nowhere")
OWN = (
    "/contribute",
    "/jobs",
    "/jobs/new",
    "/jobs/JOB",
    "/nodes",
    "/pools",
    "/wallet",
    "/wallet/payouts",
    "/network",
    "/account",
)
PROGRAM = b"def echo(x):\n    return x\n"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


class Network:
    """A coordinator with something on every page, and one who has a job, a node and money."""

    def __init__(self, url: str, owner: Tab, job: str) -> None:
        self.url = url
        self.owner = owner
        self.job = job

    def address(self, path: str) -> str:
        return self.url + path.replace("JOB", self.job)


@pytest_asyncio.fixture(scope="module")
async def network(browser: Browser, site: None) -> AsyncIterator[Network]:
    with reachable_folder() as folder:
        coordinator = CoordinatorProcess(folder / "coordinator")
        await coordinator.start()
        async with Fleet(coordinator, folder) as fleet:
            for name in ("ada", "grace", "edsger"):
                await fleet.add(name)
            owner = await Tab.open(browser, coordinator.url, "barbara")
            requester = Requester(owner.person, coordinator)
            credit = {"email": "barbara@example.com", "amount_micros": 10**9, "memo": ""}
            key = {"Idempotency-Key": "barbara"}
            await requester.operator.call("POST", "/api/operator/credits", json=credit, headers=key)
            payloads = [values.dumps([number]) for number in range(300)]
            job = await requester.submit(payloads, PROGRAM, name="squares", purpose="to be seen")
            await requester.until_done(job)
            yield Network(coordinator.url, owner, job)
            await owner.close()
        await coordinator.stop()


@pytest_asyncio.fixture(params=["light", "dark"])
async def pages(
    request: pytest.FixtureRequest, browser: Browser, network: Network
) -> AsyncIterator[tuple[BrowserContext, BrowserContext]]:
    """Two browsers in one of both colours: a stranger's and the owner's."""
    stranger = await browser.new_context(locale="en-US", color_scheme=request.param, viewport=DESK)
    owner = await network.owner.alike(browser, locale="en-US", color_scheme=request.param, viewport=DESK)
    yield stranger, owner
    await stranger.close()
    await owner.close()


async def opened(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """A page at rest, and what it complained about."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await page.locator("main h1").first.wait_for()
    await page.wait_for_function("!document.querySelector('main .animate-pulse:not([aria-hidden])')")
    return page, complaints


async def violations(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


async def test_axe_and_the_pages_policy_find_nothing(
    pages: tuple[BrowserContext, BrowserContext], network: Network
) -> None:
    stranger, owner = pages
    found: dict[str, list[str]] = {}
    for context, paths in ((stranger, OPEN), (owner, OWN)):
        for path in paths:
            page, complaints = await opened(context, network.address(path))
            found[path] = found.get(path, []) + await violations(page) + complaints
            await page.close()
    assert {path: list(words) for path, words in found.items() if words} == {}


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
async def test_nothing_is_wider_than_a_phone(locale: str, browser: Browser, network: Network) -> None:
    wide = {}
    stranger = await browser.new_context(locale=locale, viewport=PHONE)
    owner = await network.owner.alike(browser, locale=locale, viewport=PHONE)
    for context, paths in ((stranger, OPEN), (owner, OWN)):
        for path in paths:
            page, _ = await opened(context, network.address(path))
            width = await page.evaluate("document.documentElement.scrollWidth")
            if width > PHONE["width"]:
                wide[path] = width
            await page.close()
        await context.close()
    assert wide == {}


async def test_german_readers_read_german(browser: Browser, network: Network) -> None:
    context = await browser.new_context(locale="de-DE")
    page, _ = await opened(context, network.address("/login"))
    assert await page.evaluate("document.documentElement.lang") == "de"
    assert await page.get_by_role("button", name="Anmelden").count() >= 1
    await context.close()


async def test_the_app_can_be_installed_and_opens_without_a_network(browser: Browser, network: Network) -> None:
    context = await browser.new_context(locale="en-US")
    page, _ = await opened(context, network.address("/"))
    session = await context.new_cdp_session(page)
    errors = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [error for error in errors if error["errorId"] != "in-incognito"] == []
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.reload()
    await context.set_offline(True)
    await page.goto(network.address("/login"))
    await page.locator("main h1").first.wait_for()
    assert "WE1WEB" in await page.title()
    await context.close()


async def test_what_the_landing_page_loads(browser: Browser, network: Network) -> None:
    """Less than 200 kB of JavaScript on the wire, and none of it inside the page."""
    context = await browser.new_context(locale="en-US", service_workers="block")
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    scripts: dict[str, float] = {}
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: (
            scripts.update({event["requestId"]: event["encodedDataLength"]})
            if kinds.get(event["requestId"]) == "Script"
            else None
        ),
    )
    await page.goto(network.address("/"))
    await page.locator("main h1").first.wait_for()
    await page.wait_for_load_state("networkidle")
    assert scripts
    assert sum(scripts.values()) < 200_000, json.dumps(scripts)
    assert await page.locator("script:not([src])").count() == 0
    await context.close()
