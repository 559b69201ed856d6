"""The operator's money page against what really happened: every figure of the books, and what Stripe says otherwise."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.tabs import Tab
from tests.browser.test_pages import violations
from tests.browser.town import (
    SOON_MS,
    UNIT,
    Town,
    balance,
    card,
    card_money,
    ready_at_stripe,
    simulated_stripe,
    town,
)
from tests.fixtures_postgres import Postgres, reachable_folder
from tests.live.harness import Person, Requester

from we1web.domain.ledger import AccountKind
from we1web.protocol import values
from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator import balances
from we1web.testing.stripe_simulator.store import PLATFORM

IBAN = "DE89370400440532013000"
PLANTED_MINOR = 700
"""Euro cents that came to the balance at Stripe, and that nothing in our books explains."""


@pytest_asyncio.fixture(scope="module")
async def place(browser: Browser, site: None, postgres: Postgres) -> AsyncIterator[Town]:
    """At Stripe there is a difference already when the coordinator first looks."""
    stripe = simulated_stripe()
    stripe.world.add_funds("usd", 90_000)
    balances.move(stripe.state, PLATFORM, "eur", PLANTED_MINOR, kind="adjustment", source=None)
    with reachable_folder() as folder:
        async with town(browser, await postgres.create(), folder, stripe=stripe) as opened:
            yield opened


@pytest_asyncio.fixture(scope="module")
async def operator(place: Town) -> Tab:
    return await place.tab("olivia", operator=True)


async def money(place: Town, operator: Tab, part: str) -> Page:
    await operator.page.goto(f"{place.url}/operator/money?part={part}")
    await operator.page.get_by_role("heading", name="Money of the network").wait_for()
    return operator.page


async def report(operator: Tab) -> dict[str, Any]:
    found: dict[str, Any] = await operator.person.call("GET", "/api/operator/money")
    return found


async def test_a_difference_at_stripe_is_shown_with_its_movement(place: Town, operator: Tab) -> None:
    await eventually(lambda: compared(operator), "Stripe and the books were compared")
    page = await money(place, operator, "checks")
    checks = page.get_by_role("table", name="Comparison with payment services").locator("tbody tr")
    await expect(checks.filter(has_text="usd")).to_contain_text("All explained")
    await expect(checks.filter(has_text="usd")).to_contain_text("$0.00")
    await expect(checks.filter(has_text="eur")).to_contain_text("Look into it")
    await expect(checks.filter(has_text="eur")).to_contain_text("The service holds €7.00 more than our books say.")
    movements = page.get_by_role("table", name="Unexplained movements").locator("tbody tr")
    await expect(movements).to_have_count(1)
    await expect(movements).to_contain_text("adjustment")
    await expect(movements).to_contain_text("+€7.00")
    await expect(page.get_by_text("All of them are worked through.")).to_be_visible()
    assert await violations(page) == []
    told = {
        one["currency"]: (one["difference_micros"], one["unexplained"]) for one in (await report(operator))["checks"]
    }
    assert told == {"usd": (0, 0), "eur": (PLANTED_MINOR * 10_000, 1)}


async def compared(operator: Tab) -> bool | None:
    return True if len((await report(operator))["checks"]) == 2 else None


async def test_a_notice_that_could_not_be_worked_through_says_why(place: Town, operator: Tab) -> None:
    payer = await place.tab("pearl")
    place.stripe.faults.add("http_500", "^GET /v1/checkout/sessions/")
    page = payer.page
    await page.goto(f"{place.url}/wallet")
    await page.get_by_role("button", name="Add money").click()
    await page.get_by_role("dialog").get_by_label("By card").check()
    await page.get_by_role("dialog").get_by_label("Amount").fill("5")
    await page.get_by_role("button", name="To Stripe's page").click()
    await page.get_by_role("button", name="Pay", exact=True).click()
    await page.wait_for_url("**/wallet?*funding=*")
    await place.stripe.deliver_all()
    await eventually(lambda: failed(operator), "the notice was tried")
    shown = await money(place, operator, "checks")
    rows = shown.get_by_role("table", name="Notices that wait").locator("tbody tr")
    await expect(rows.first).to_contain_text("checkout.session.completed")
    assert await balance(payer.person, "wallet") == 0
    place.stripe.faults.clear()
    await eventually(lambda: arrived(payer), "what was paid arrives when Stripe answers again")


async def arrived(payer: Tab) -> bool | None:
    return True if await balance(payer.person, "wallet") == 5 else None


async def failed(operator: Tab) -> bool | None:
    return (
        True if any(notice["attempts"] and notice["error"] for notice in (await report(operator))["notices"]) else None
    )


async def test_every_figure_of_the_books_is_what_happened(place: Town, operator: Tab) -> None:
    before = {one["currency"]: one for one in (await report(operator))["currencies"]}["usd"]
    payer = await place.tab("paula")
    funding = await card_money(place, payer.page, "50")
    await payer.person.call("POST", f"/api/payments/fundings/{funding}/refund", json={"amount_micros": 5 * UNIT})
    await Requester(payer.person, place.coordinator).submit([values.dumps([1])], budget_micros=10 * UNIT)
    fee = await paid_out(place, "20")
    page = await money(place, operator, "books")
    books = card(page, "Books in USD")
    after = {one["currency"]: one for one in (await report(operator))["currencies"]}["usd"]
    moved = {name: Decimal(after[f"{name}_micros"] - before[f"{name}_micros"]) / UNIT for name in FIGURES}
    assert moved == {
        "came_in": 50,
        "refunded": 5,
        "paid_out": 20 - fee,
        "wallets": 35,
        "held": 10,
        "fees": fee,
    }
    for name, label in FIGURES.items():
        await expect(figure(page, label)).to_contain_text(f"${Decimal(after[f'{name}_micros']) / UNIT:.2f}")
    sums = [await side.inner_text() for side in await books.locator("tfoot td").all()]
    assert sums[0] == sums[1]
    await expect(books.get_by_text("The two sides differ")).to_have_count(0)
    assert await violations(page) == []


FIGURES = {
    "came_in": "Came in",
    "refunded": "Sent back",
    "paid_out": "Paid out",
    "wallets": "Wallets",
    "held": "Held for jobs",
    "fees": "The network’s own",
}


def figure(page: Page, label: str) -> Locator:
    """A flow, or a line of the balance sheet, in dollars."""
    named, books = page.get_by_text(label, exact=True), card(page, "Books in USD")
    return books.locator("dl > div", has=named).or_(books.locator("tr", has=named))


async def paid_out(place: Town, amount: str) -> Decimal:
    """Somebody's earnings leave by Stripe; the fee for it."""
    earner = await Person.register(place.url, "erin")
    await place.give(earner, AccountKind.EARNINGS, amount)
    order = {"account_id": await ready_at_stripe(place, earner), "currency": "usd"}
    asked = await earner.call("POST", "/api/payments/payout", json=order)
    await eventually(lambda: at(earner, asked["id"], "transferred"), "the payout is sent")
    return Decimal(asked["fee_micros"]) / UNIT


async def at(person: Person, payout: str, state: str) -> dict[str, Any] | None:
    found: dict[str, Any] = await person.call("GET", f"/api/payments/payouts/{payout}")
    return found if found["state"] == state else None


async def test_a_transfer_by_file_is_paid_and_comes_back_days_later(place: Town, operator: Tab) -> None:
    tab = await place.tab("edsger")
    await place.give(tab.person, AccountKind.EARNINGS, "30", "eur")
    order = {"rail": "manual", "country": "DE", "currency": "eur", "iban": IBAN, "holder": "Edsger Dijkstra"}
    account = await tab.person.call("POST", "/api/payments/accounts", json=order)
    order = {"account_id": account["id"], "currency": "eur"}
    asked = await tab.person.call("POST", "/api/payments/payout", json=order)
    await eventually(lambda: at(tab.person, asked["id"], "reserved"), "the payout waits for the operator")
    page = await money(place, operator, "out")
    await page.get_by_role("button", name="Make a file").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Make the file").click()
    await chosen(page, "Say what the bank did")
    await dialog.get_by_role("button", name="All 1 paid").click()
    await expect(page.get_by_role("row", name="1 transfer")).to_contain_text("Done")
    assert await at(tab.person, asked["id"], "paid")
    await chosen(page, "came back")
    await dialog.get_by_role("radio").check()
    await dialog.get_by_label("Why").fill("account closed")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Give it back").dblclick()
    await expect(dialog).to_be_hidden()
    assert await at(tab.person, asked["id"], "returned")
    assert await balance(tab.person, "earnings", "eur") == 30
    await tab.page.goto(f"{place.url}/wallet/payouts?payout={asked['id']}")
    told = tab.page.get_by_role("dialog").get_by_role("status")
    await expect(told).to_contain_text("Came back", timeout=SOON_MS)
    await expect(told).to_contain_text("What the bank said: account closed")


async def chosen(page: Page, what: str) -> None:
    await page.get_by_role("button", name="What can be done with").click()
    await page.get_by_role("menuitem", name=what).click()
