"""Money as people see it: added on Stripe's page, spent on answers, earned, followed to the votes, and cashed out.

Stripe is the simulator. Its notices are delivered when a test says so.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.tabs import Tab
from tests.browser.test_pages import PHONE, opened, violations
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess, Fleet, Requester
from tests.simulated_stripe import simulated, tell, with_stripe

from we1web.protocol import values
from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator.simulator import Simulator

TASKS = 300
PRICE_MICROS = 5_000
REWARD = Decimal("0.0045")
"""What a right answer earns: the price without the fee of a tenth."""
SOON_MS = 60_000
DAY_S = 86_400


@dataclass
class Town:
    """A coordinator beside a simulated Stripe, somebody who pays and somebody who earns."""

    url: str
    stripe: Simulator
    requester: Tab
    contributor: Tab
    market: Requester
    fleet: Fleet


@pytest_asyncio.fixture
async def town(browser: Browser, site: None, postgres: Postgres, tmp_path: Path) -> AsyncIterator[Town]:
    stripe = Simulator()
    async with simulated(stripe) as address:
        coordinator = CoordinatorProcess(
            tmp_path / "coordinator",
            DATABASE_URL=await postgres.create(),
            **with_stripe(address),
        )
        await coordinator.start()
        tell(stripe, coordinator.url)
        requester = await Tab.open(browser, coordinator.url, "rosalind")
        contributor = await Tab.open(browser, coordinator.url, "barbara")
        async with Fleet(coordinator, tmp_path) as fleet:
            market = Requester(requester.person, coordinator)
            yield Town(coordinator.url, stripe, requester, contributor, market, fleet)
        await requester.close()
        await contributor.close()
        await coordinator.stop()


def amount(text: str) -> Decimal:
    """`+$1,234.50` as a number."""
    (found,) = re.findall(r"-?\$[\d,]+(?:\.\d+)?", text)
    return Decimal(found.replace("$", "").replace(",", ""))


async def figure(place: Locator) -> Decimal:
    """What a place on the screen says, once it says an amount."""
    await expect(place).to_contain_text("$")
    return amount(await place.inner_text())


async def add_money(town: Town, page: Page) -> None:
    await page.goto(f"{town.url}/wallet")
    await page.get_by_role("button", name="Add money").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Amount").fill("0.001")
    await dialog.get_by_role("button", name="To Stripe's page").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("steps of $0.01")
    await dialog.get_by_label("Amount").fill("20")
    await dialog.get_by_role("button", name="To Stripe's page").click()
    await page.get_by_role("button", name="Pay", exact=True).click()
    await page.wait_for_url("**/wallet?funding=*")
    await expect(page.get_by_role("heading", name="$20.00 arrived")).to_be_visible(timeout=SOON_MS)
    await town.stripe.deliver_all()
    await expect(page.get_by_role("link", name=re.compile("^Wallet.*\\$20\\.00"))).to_be_visible()


async def earn(town: Town) -> None:
    """Real tasks: three owners answer, and are paid when they agree."""
    for name in ("ada", "grace"):
        await town.fleet.add(name)
    await town.fleet.start("barbara", await town.contributor.person.token("node"))
    payloads = [values.dumps([number]) for number in range(TASKS)]
    terms = {"price_micros": PRICE_MICROS, "budget_micros": 4 * TASKS * PRICE_MICROS}
    job = await town.market.submit(payloads, name="squares", **terms)
    await town.market.until_done(job)

    async def settled() -> bool | None:
        return True if await town.contributor.earned_micros() == TASKS * int(REWARD * 10**6) else None

    await eventually(settled, "every answer is paid")


async def test_from_a_card_to_votes_and_to_a_bank(town: Town, browser: Browser) -> None:
    await add_money(town, town.requester.page)
    await earn(town)
    await follow_the_earnings(town, town.contributor.page)
    await connect(town, town.contributor.page)
    await cash_out(town, town.contributor.page)
    await small_and_dark(town, browser)


async def follow_the_earnings(town: Town, page: Page) -> None:
    """Every figure opens into what it is made of, and what it is made of comes to it."""
    await page.goto(f"{town.url}/wallet?account=earnings")
    earned = await figure(page.get_by_role("link", name=re.compile("^Earnings")))
    assert earned == TASKS * REWARD
    rows = page.get_by_role("table", name="Behind your earnings").locator("tbody tr")
    await expect(rows.first).to_contain_text("squares")
    amounts = [await figure(row.locator("td").nth(1)) for row in await rows.all()]
    assert sum(amounts) == earned
    for place, posted in enumerate(amounts):
        await rows.nth(place).get_by_role("link", name="Answers accepted").click()
        await one_posting(page, posted)
        await page.goto(f"{town.url}/wallet?account=earnings")
        await rows.nth(len(amounts) - 1).wait_for()


async def one_posting(page: Page, posted: Decimal) -> None:
    entries = page.get_by_role("table", name="What moved")
    lines = [await figure(row) for row in await entries.locator("tbody tr").all()]
    assert sum(lines) == await figure(entries.locator("tfoot tr")) == 0
    assert await figure(entries.locator("tbody tr", has_text="Your earnings")) == posted
    await expect(page.get_by_text("the market, which counts the votes")).to_be_visible()
    said = await page.get_by_text("of your devices ×").inner_text()
    answers, each, total = re.findall(r"[\d.,]+", said)
    assert int(answers) * Decimal(each) == Decimal(total) == posted
    tasks = page.get_by_role("table", name="The answers behind it").locator("tbody tr")
    seen, paid = 0, Decimal(0)
    while True:
        await tasks.first.wait_for()
        shown = await tasks.all()
        for row in shown:
            paid += await figure(row.locator("td").last)
        seen += len(shown)
        older = page.get_by_role("button", name="Older")
        if seen == len(shown):
            await one_task(page, tasks.first)
        if await older.count() == 0 or await older.is_disabled():
            break
        before = page.url
        await older.click()
        await page.wait_for_function("before => location.href !== before", arg=before)
        await page.get_by_role("table", name="The answers behind it").and_(page.locator("[aria-busy=false]")).wait_for()
    assert (seen, paid) == (int(answers), posted)


async def one_task(page: Page, row: Locator) -> None:
    await row.get_by_role("link").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Your votes. 3 votes in all agreed on the result.")
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await expect(dialog.get_by_role("listitem")).to_contain_text("Right")
    assert re.fullmatch("[0-9a-f]{64}", await dialog.get_by_label("Fingerprint").input_value())
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def connect(town: Town, page: Page) -> None:
    await page.goto(f"{town.url}/wallet/payouts")
    await expect(page.get_by_role("button", name="Pay out")).to_be_disabled()
    await page.get_by_role("button", name="Connect with Stripe").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Go to Stripe").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Choose a country.")
    await dialog.get_by_label("Country").select_option(label="United States")
    await dialog.get_by_label("Currency").select_option("usd")
    await dialog.get_by_role("button", name="Go to Stripe").click()
    await page.get_by_role("button", name="Finish onboarding").wait_for()
    await page.goto(f"{town.url}/wallet/payouts")
    await expect(page.get_by_text("Not finished", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Go on at Stripe").click()
    await page.get_by_role("button", name="Finish onboarding").click()
    await page.wait_for_url("**/wallet/payouts*")
    await expect(page.get_by_text("Ready", exact=True)).to_be_visible(timeout=SOON_MS)
    assert await violations(page) == []


async def cash_out(town: Town, page: Page) -> None:
    town.stripe.world.add_funds("usd", 10_000)
    town.stripe.advance(DAY_S)
    await page.get_by_role("button", name="Pay out").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Leaves your earnings")
    gross, fee, net = [await figure(row) for row in await dialog.locator("dl > div dd:first-of-type").all()]
    assert (gross, gross - fee) == (TASKS * REWARD, net)
    assert await violations(page) == []
    await dialog.get_by_role("button", name=f"Pay out ${net}").dblclick()
    rows = page.get_by_role("table", name="Your payouts").locator("tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("On its way", timeout=SOON_MS)
    await rows.get_by_role("link").click()
    await expect(dialog).to_contain_text("The payout was sent")
    town.stripe.advance(4 * DAY_S)
    await expect(dialog.get_by_text("Your bank has it.")).to_be_visible(timeout=2 * SOON_MS)
    assert await violations(page) == []
    await page.goto(f"{town.url}/wallet?account=earnings")
    await expect(page.get_by_role("link", name="Paid out")).to_have_count(1)
    await expect(page.get_by_role("link", name=re.compile("^Earnings"))).to_contain_text("$0.00")


async def small_and_dark(town: Town, browser: Browser) -> None:
    """The same pages in German on a dark phone, with something on each of them."""
    postings = await town.contributor.person.call("GET", "/api/payments/postings", params={"account": "earnings"})
    ids = {item["kind"]: item["transaction_id"] for item in postings["items"]}
    paths = ["/wallet?account=earnings&by=job", "/wallet/payouts"]
    paths += [f"/wallet/postings/{ids[kind]}" for kind in ("settle", "payout")]
    context = await town.contributor.alike(browser, locale="de-DE", color_scheme="dark", viewport=PHONE)
    found: dict[str, object] = {}
    for path in paths:
        page, complaints = await opened(context, town.url + path)
        width = await page.evaluate("document.documentElement.scrollWidth")
        found[path] = [*complaints, *await violations(page), *([width] if width > PHONE["width"] else [])]
        await page.close()
    await context.close()
    assert found == {path: [] for path in paths}
