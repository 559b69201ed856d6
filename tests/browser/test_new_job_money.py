"""A new job's price, pressed: tried here, priced, paid in another currency; what the page says is what is then held."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.tabs import Tab
from tests.browser.test_pages import violations
from tests.browser.town import SOON_MS, UNIT, Town, balance, card, purse, town
from tests.fixtures_postgres import Postgres, reachable_folder

from we1web.domain.ledger import AccountKind
from we1web.testing.patience import eventually

SOURCE = "def cube(x):\n    return x ** 3\n"
INPUTS = "1\n2\n3\n4"
TERMS = {"n": 4, "policy": "classic", "price_micros": 50_000, "bonus_micros": 10_000, "currency": "eur"}


@pytest_asyncio.fixture(scope="module")
async def place(browser: Browser, site: None, postgres: Postgres) -> AsyncIterator[Town]:
    with reachable_folder() as folder:
        async with town(browser, await postgres.create(), folder, "eur,usd,1.25") as opened:
            yield opened


async def test_what_the_page_says_is_what_is_held(place: Town) -> None:
    tab = await place.tab("nora")
    await place.give(tab.person, AccountKind.WALLET, "20")
    await place.give(tab.person, AccountKind.WALLET, "100", "eur")
    page = tab.page
    await page.goto(f"{place.url}/jobs/new")
    await nothing_starts_half(page)
    await program_and_inputs(page)
    await suggested_price(page)
    await terms_in_euro(page)
    told = await tab.person.call("POST", "/api/jobs/estimate", json=TERMS)
    await the_estimate(page, told)
    assert [await balance(tab.person, "held", code) for code in ("usd", "eur")] == [0, 0]
    job = await started(page, tab)
    held = Decimal(told["budget_micros"]) / UNIT
    assert [await balance(tab.person, "held", code) for code in ("usd", "eur")] == [0, held]
    assert await balance(tab.person, "wallet", "eur") == 100 - held
    assert (job["budget_micros"], job["currency"]) == (told["budget_micros"], "eur")
    assert (job["price_micros"], job["bonus_micros"], job["bonus_within_s"]) == (50_000, 10_000, 2)
    await page.goto(f"{place.url}/wallet?currency=eur")
    await expect(purse(page, "Held for jobs")).to_contain_text(f"€{held:.2f}")
    await tab.person.call("DELETE", f"/api/jobs/{job['id']}")
    await eventually(lambda: all_back(tab), "what the job did not need comes back")


async def all_back(tab: Tab) -> bool | None:
    return True if await balance(tab.person, "wallet", "eur") == 100 else None


async def nothing_starts_half(page: Page) -> None:
    await page.get_by_role("button", name="Start the job").click()
    await expect(card(page, "Cost")).to_contain_text("Give at least one input.")
    assert page.url.endswith("/jobs/new")


async def program_and_inputs(page: Page) -> None:
    await page.get_by_label("Source", exact=True).fill(SOURCE)
    await page.get_by_role("radiogroup", name="Form of the inputs").get_by_text("JSON lines").click()
    await page.get_by_role("textbox", name="Inputs").fill(INPUTS)
    await expect(card(page, "Inputs")).to_contain_text("4 tasks")


async def suggested_price(page: Page) -> None:
    """Once an input was tried here, there is a price to take, in the network's currency."""
    await page.get_by_role("button", name="Try the first 3 inputs").click()
    await expect(card(page, "Try it here").get_by_text("Returned")).to_have_count(3, timeout=2 * SOON_MS)
    terms = card(page, "Terms")
    suggested = terms.get_by_role("button", name="Use $")
    amount = (await suggested.inner_text()).partition("$")[2]
    await suggested.click()
    assert Decimal(await terms.get_by_label("Price of one vote").input_value()) == Decimal(amount)


async def terms_in_euro(page: Page) -> None:
    terms = card(page, "Terms")
    await terms.get_by_label("Currency").select_option("eur")
    await expect(terms.get_by_role("button", name="Use $")).to_have_count(0)
    await terms.get_by_label("Price of one vote").fill("0,05")
    await terms.get_by_label("Bonus for fast answers").fill("0.01")
    await terms.get_by_role("button", name="More conditions").click()
    await terms.get_by_label("Minutes one task may take").fill("0.5")
    await terms.get_by_label("Fast is within").fill("31")
    await expect(terms.get_by_text("That is longer than a task may take at all")).to_be_visible()
    await terms.get_by_label("Fast is within").fill("2")
    await terms.get_by_label("Spend at most").fill("0.5")
    await expect(terms.get_by_text("That does not cover the estimate.")).to_be_visible()
    await terms.get_by_label("Spend at most").fill("101")
    await expect(card(page, "Cost")).to_contain_text("€1.00 is missing.")
    await terms.get_by_label("Spend at most").fill("")
    assert await violations(page) == []


async def the_estimate(page: Page, told: dict[str, Any]) -> None:
    """Line by line what the coordinator answers, and the product that leads to it."""
    figures = {
        "Tasks": "4",
        "× Votes a task": str(told["quorum"]),
        "× Price of one vote": "€0.05",
        "Estimate": euros(4 * told["quorum"] * 50_000),
        "of it the network’s share": euros(4 * told["quorum"] * told["fee_micros"]),
        "Bonuses, if all are fast": euros(4 * told["quorum"] * 10_000),
        "Held at most": euros(told["budget_micros"]),
        "Your wallet": "€100.00",
    }
    cost = card(page, "Cost")
    for label, amount in figures.items():
        line = cost.locator("dl > div", has=page.locator("dt", has_text=label))
        await expect(line.locator("dd")).to_have_text(amount)
    assert told["estimate_micros"] == 4 * told["quorum"] * 50_000
    assert told["budget_micros"] >= told["estimate_micros"] + told["bonuses_micros"]


def euros(micros: int) -> str:
    """As the page writes it: two places, more where they matter."""
    amount = format(Decimal(micros) / UNIT, "f").rstrip("0")
    whole, _, fraction = amount.partition(".")
    return f"€{whole}.{fraction.ljust(2, '0')}"


async def started(page: Page, tab: Tab) -> dict[str, Any]:
    """The only job there is, after two presses."""
    await page.get_by_role("button", name="Start the job").dblclick()
    await page.wait_for_url(lambda url: "/jobs/" in url and not url.endswith("/new"))
    (job,) = (await tab.person.call("GET", "/api/jobs"))["items"]
    assert page.url.endswith(job["id"])
    found: dict[str, Any] = await tab.person.call("GET", f"/api/jobs/{job['id']}")
    return found
