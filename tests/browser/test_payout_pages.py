"""The payouts page, pressed: accounts, a plan, payouts that arrive and come back, statements, and who is not paid."""

import csv
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from pypdf import PdfReader
from tests.browser.tabs import Tab
from tests.browser.test_pages import violations
from tests.browser.town import SOON_MS, UNIT, Town, balance, card, ready_at_stripe, town
from tests.fixtures_postgres import Postgres, reachable_folder

from we1web.domain.ledger import AccountKind
from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator.store import Stored

IBAN = "de89 3704 0044 0532 0130 00"
DAY_S = 86_400
MONDAY = 1


@pytest_asyncio.fixture(scope="module")
async def place(browser: Browser, site: None, postgres: Postgres) -> AsyncIterator[Town]:
    with reachable_folder() as folder:
        async with town(browser, await postgres.create(), folder) as opened:
            yield opened


async def payouts(place: Town, tab: Tab) -> Page:
    await tab.page.goto(f"{place.url}/wallet/payouts")
    await card(tab.page, "Where to").wait_for()
    return tab.page


async def one(tab: Tab, path: str) -> dict[str, Any]:
    """The only thing in a list."""
    (found,) = (await tab.person.call("GET", f"/api/payments/{path}"))["items"]
    return dict(found)


async def save_plan(page: Page, every: str, threshold: str) -> Locator:
    plan = card(page, "Without asking")
    await plan.get_by_label("How often").select_option(label=every)
    await plan.get_by_label("Only from").fill(threshold)
    await plan.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The plan is saved.")).to_be_visible()
    return plan


def day(text: str) -> str:
    """2026-11-30 as an American reads it."""
    found = date.fromisoformat(text)
    return f"{found:%b} {found.day}, {found.year}"


async def test_by_bank_transfer_an_account_a_plan_and_a_payout(place: Town) -> None:
    tab = await place.tab("ivan")
    await place.give(tab.person, AccountKind.EARNINGS, "40", "eur")
    page = await payouts(place, tab)
    await add_bank_account(page)
    account = await one(tab, "accounts")
    assert (account["status"], account["holder"], account["country"]) == ("active", "Ivan Sutherland", "DE")
    plan = await save_plan(page, "On Mondays", "25")
    kept = await tab.person.call("GET", "/api/payments/payout-plan")
    assert (kept["every"], kept["threshold_micros"], kept["account_id"]) == ("weekly", 25 * UNIT, account["id"])
    assert date.fromisoformat(kept["next_on"]).isoweekday() == MONDAY
    await expect(plan).to_contain_text(f"Next on {day(kept['next_on'])}.")
    await page.reload()
    await expect(plan.get_by_label("Only from")).to_have_value("25.00")
    await pay_some(page)
    payout = await one(tab, "payouts")
    assert (payout["gross_micros"], payout["fee_micros"]) == (15 * UNIT, 0)
    assert await balance(tab.person, "earnings", "eur") == 25
    await expect(page.get_by_role("table", name="Your payouts").locator("tbody tr")).to_have_count(1)
    await an_account_in_use_stays(page)
    await plan.get_by_label("How often").select_option(label="Never")
    await plan.get_by_role("button", name="Save").click()
    await expect(plan).to_contain_text("The plan is off.")
    assert (await tab.person.call("GET", "/api/payments/payout-plan"))["every"] == "never"


async def add_bank_account(page: Page) -> None:
    await page.get_by_role("button", name="Add a bank account").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("IBAN").fill(IBAN.replace("89", "88"))
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_have_text(
        ["Banks need the name of who is paid.", "This is not an IBAN."]
    )
    assert await violations(page) == []
    await dialog.get_by_label("Account holder").fill("Ivan Sutherland")
    await dialog.get_by_label("IBAN").fill(IBAN)
    await dialog.get_by_role("button", name="Save").dblclick()
    await expect(dialog).to_be_hidden()
    await expect(card(page, "Where to")).to_contain_text("Ready")


async def pay_some(page: Page) -> None:
    await page.get_by_role("button", name="Pay out").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("An amount", exact=True).click()
    await dialog.get_by_label("Amount", exact=True).fill("40.01")
    await expect(dialog.get_by_role("alert")).to_contain_text("At most €40.00")
    await expect(dialog.get_by_role("button", name="Pay out")).to_be_disabled()
    await dialog.get_by_label("Amount", exact=True).fill("15")
    await expect(dialog.locator("dl")).to_contain_text("€15.00")
    await dialog.get_by_role("button", name="Pay out €15.00").dblclick()
    await expect(page.get_by_text("€15.00 is on its way.")).to_be_visible()


async def an_account_in_use_stays(page: Page) -> None:
    """What is on its way there still arrives, so the account is not removed under it."""
    await card(page, "Where to").get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Remove").click()
    await expect(dialog).to_contain_text("on their way")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_by_stripe_from_an_unfinished_account_to_a_payout_that_came_back(place: Town) -> None:
    tab = await place.tab("stella")
    await place.give(tab.person, AccountKind.EARNINGS, "100")
    page = await payouts(place, tab)
    await onboard_late(place, page)
    plan = await save_plan(page, "On the first of the month", "")
    kept = await tab.person.call("GET", "/api/payments/payout-plan")
    threshold, fee = kept["suggested_threshold_micros"] / UNIT, kept["threshold_fee_micros"] / UNIT
    assert (kept["threshold_micros"], fee <= threshold / 50) == (kept["suggested_threshold_micros"], True)
    await expect(plan).to_contain_text(f"From ${threshold:.2f} on, the fee is at most 2 %.")
    await expect(plan).to_contain_text(f"Next on {day(kept['next_on'])}. A payout of just that costs ${fee:.2f}.")
    assert await violations(page) == []
    await pay_all(place, tab)
    await bank_returns(place, tab)
    await statements(place, tab)


async def onboard_late(place: Town, page: Page) -> None:
    """Whoever comes back from Stripe without having finished reads that, and nothing of being held up."""
    await page.get_by_role("button", name="Connect with Stripe").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Country").select_option(label="United States")
    await dialog.get_by_label("Currency").select_option("usd")
    await dialog.get_by_role("button", name="Go to Stripe").dblclick()
    await page.get_by_role("button", name="Finish onboarding").wait_for()
    await page.goto(f"{place.url}/wallet/payouts")
    where = card(page, "Where to")
    await expect(where).to_contain_text("Not finished")
    await expect(where).to_contain_text("Stripe still has to know who you are before it may pay you.")
    await expect(where).not_to_contain_text("What Stripe says")
    await expect(page.get_by_role("button", name="Pay out")).to_be_disabled()
    await expect(page.get_by_text("First, say where to.")).to_be_visible()
    assert await violations(page) == []
    await where.get_by_role("button", name="Go on at Stripe").click()
    await page.get_by_role("button", name="Finish onboarding").click()
    await page.wait_for_url("**/wallet/payouts*")
    await expect(where).to_contain_text("Ready", timeout=SOON_MS)
    await expect(where.get_by_role("button", name="Go on at Stripe")).to_have_count(0)


async def pay_all(place: Town, tab: Tab) -> None:
    page = tab.page
    place.stripe.world.add_funds("usd", 50_000)
    place.stripe.advance(DAY_S)
    account = await one(tab, "accounts")
    query = {"account_id": account["id"], "currency": "usd"}
    told = await tab.person.call("GET", "/api/payments/payout/preview", params=query)
    fee, net = told["fee_micros"] / UNIT, told["net_micros"] / UNIT
    await page.get_by_role("button", name="Pay out").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("dl")).to_contain_text(f"${fee:.2f}")
    await dialog.get_by_role("button", name=f"Pay out ${net:.2f}").dblclick()
    row = page.get_by_role("table", name="Your payouts").locator("tbody tr")
    await expect(row).to_contain_text("On its way", timeout=SOON_MS)
    payout = await one(tab, "payouts")
    assert (payout["gross_micros"], payout["fee_micros"]) == (100 * UNIT, told["fee_micros"])
    assert await balance(tab.person, "earnings") == 0
    await row.get_by_role("link").click()
    place.stripe.advance(4 * DAY_S)
    await place.stripe.deliver_all()
    await expect(dialog.get_by_text("Your bank has it.")).to_be_visible(timeout=SOON_MS)


async def bank_returns(place: Town, tab: Tab) -> None:
    """Days later the bank sends it back: the screen says so, and what was sent is in the earnings again."""
    page = tab.page
    paid: list[Stored] = [
        stored for owner in place.stripe.state.accounts for stored in place.stripe.state.store.of(owner, "payout")
    ]
    place.stripe.world.fail_payout(paid[-1].body["id"])
    await place.stripe.deliver_all()
    payout = await one(tab, "payouts")
    await eventually(lambda: returned(tab), "the payout came back")
    net = Decimal(payout["net_micros"]) / UNIT
    assert await balance(tab.person, "earnings") == net
    await page.reload()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("status")).to_contain_text("Your bank sent it back.")
    await expect(dialog.get_by_role("listitem").last).to_contain_text("Came back")
    assert await violations(page) == []
    await dialog.get_by_role("link", name="The payout came back").click()
    lines = page.get_by_role("table", name="What moved").locator("tbody tr")
    await expect(lines.filter(has_text="Your earnings")).to_contain_text(f"+${net}")
    await payouts(place, tab)
    row = page.get_by_role("table", name="Your payouts").locator("tbody tr")
    await expect(row).to_contain_text("Came back")


async def returned(tab: Tab) -> bool | None:
    return True if (await one(tab, "payouts"))["state"] == "returned" else None


async def statements(place: Town, tab: Tab) -> None:
    """The month as two files: both open and close with what the ledger says, and list every movement."""
    page = tab.page
    await page.goto(f"{place.url}/wallet")
    await page.get_by_role("button", name="Statement").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Account")).to_have_value("earnings")
    await expect(dialog.get_by_label("Currency")).to_have_value("usd")
    assert await violations(page) == []
    left = await balance(tab.person, "earnings")
    rows = list(csv.DictReader(StringIO((await saved(page, "Save as CSV", "csv")).read_text(encoding="utf-8"))))
    assert [row["kind"] for row in rows[1:-1]] == ["test", "payout", "payout_returned"]
    assert [Decimal(row["amount"]) for row in rows[1:-1]] == [100, -100, left]
    assert (Decimal(rows[0]["balance"]), Decimal(rows[-1]["balance"])) == (0, left)
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(await saved(page, "Save as PDF", "pdf")).pages)
    assert "stella@example.com" in text
    assert [text.count(f"{figure:.2f}") >= 1 for figure in (100, left)] == [True, True]


async def saved(page: Page, button: str, ending: str) -> Path:
    async with page.expect_download() as download:
        await page.get_by_role("button", name=button).click()
    file = await download.value
    assert file.suggested_filename.endswith(f".{ending}")
    return Path(await file.path())


async def test_who_owes_or_is_held_up_is_told_before_asking(place: Town) -> None:
    tab = await place.tab("della")
    await place.give(tab.person, AccountKind.EARNINGS, "10")
    await place.give(tab.person, AccountKind.DEBT, "-5")
    await ready_at_stripe(place, tab.person)
    page = await payouts(place, tab)
    await expect(page.get_by_role("heading", name="You owe $5.00")).to_be_visible()
    await expect(page.get_by_text("First, pay what you owe.")).to_be_visible()
    await expect(page.get_by_role("button", name="Pay out")).to_be_disabled()
    assert await violations(page) == []
    place.stripe.world.restrict(list(place.stripe.state.accounts)[-1])
    await place.stripe.deliver_all()
    where = card(page, "Where to")
    await expect(where).to_contain_text("Held up", timeout=SOON_MS)
    await expect(where).to_contain_text("What Stripe says: restricted other.")
