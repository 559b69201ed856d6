"""The wallet's controls, pressed: a transfer with its reference, an exchange, a refund to a card, a chargeback."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.test_pages import violations
from tests.browser.town import BANK, SOON_MS, Town, balance, card, card_money, purse, town
from tests.fixtures_postgres import Postgres, reachable_folder

from we1web.domain.ledger import AccountKind
from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator.store import PLATFORM

RATES = "eur,usd,1.25 eur,jpy,160"


@pytest_asyncio.fixture(scope="module")
async def place(browser: Browser, site: None, postgres: Postgres) -> AsyncIterator[Town]:
    with reachable_folder() as folder:
        async with town(browser, await postgres.create(), folder, RATES, WE1WEB_EXCHANGE_MARGIN_BPS="50") as opened:
            yield opened


async def wallet(place: Town, page: Page, query: str = "") -> None:
    await page.goto(f"{place.url}/wallet{query}")
    await purse(page, "Wallet").wait_for()


async def test_a_bank_transfer_is_told_with_its_reference(place: Town) -> None:
    tab = await place.tab("tess")
    page = tab.page
    await wallet(place, page)
    await page.get_by_role("button", name="Add money").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("By bank transfer").check()
    await dialog.get_by_label("Currency").select_option("eur")
    await dialog.get_by_label("Amount").fill("120,50")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Show where to send it").dblclick()
    await page.get_by_role("heading", name="Send this transfer").wait_for()
    (funding,) = (await tab.person.call("GET", "/api/payments/fundings"))["items"]
    assert (funding["state"], funding["amount_micros"]) == ("open", 120_500_000)
    told = {label: await page.get_by_label(label, exact=True).input_value() for label in ("IBAN", "BIC", "Reference")}
    assert (told["IBAN"], told["BIC"]) == (BANK["WE1WEB_BANK_IBAN"], BANK["WE1WEB_BANK_BIC"])
    assert told["Reference"] == funding["reference"]
    assert await violations(page) == []
    operator = (await place.tab("oscar", operator=True)).person
    arrival = {"currency": "eur", "amount_micros": 120_000_000, "memo": "as the statement says"}
    await operator.call("POST", f"/api/operator/fundings/{funding['id']}/confirm", json=arrival)
    await page.get_by_role("heading", name="€120.00 arrived").wait_for()
    await expect(purse(page, "Wallet")).to_contain_text("€120.00")
    assert await balance(tab.person, "wallet", "eur") == 120


async def test_an_exchange_shows_what_comes_out_and_then_does_just_that(place: Town) -> None:
    tab = await place.tab("edith")
    page = tab.page
    await place.give(tab.person, AccountKind.WALLET, "20")
    await place.give(tab.person, AccountKind.EARNINGS, "3", "eur")
    await wallet(place, page)
    await page.get_by_role("button", name="Exchange").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("From").select_option(label="Wallet: $20.00")
    await expect(dialog.get_by_label("To").get_by_role("option")).to_have_text(["EUR", "JPY"])
    await dialog.get_by_label("Amount").fill("21")
    await expect(dialog.get_by_role("alert")).to_contain_text("At most $20.00")
    await expect(dialog.get_by_role("button", name="Exchange")).to_be_disabled()
    await dialog.get_by_label("Amount").fill("10")
    await expect(dialog).to_contain_text("€7.96")
    await expect(dialog).to_contain_text("1 USD = 0.8 EUR")
    await expect(dialog).to_contain_text(re.compile(r"The network keeps \(0.5%\)\s*€0.04"))
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Exchange").dblclick()
    await expect(page.get_by_text("Exchanged: €7.96 came in.")).to_be_visible()
    await expect(purse(page, "Wallet")).to_contain_text("$10.00")
    assert [await balance(tab.person, "wallet", code) for code in ("usd", "eur")] == [10, Decimal("7.96")]
    await page.get_by_role("table", name="Behind your wallet").get_by_role("link", name="Exchanged").click()
    rows = page.get_by_role("table", name="What moved").locator("tbody tr")
    lines = ["Your wallet.*10", "Your wallet.*7.96", "network's fee.*0.04", "Exchange.*", "Exchange.*"]
    await expect(rows).to_have_text([re.compile(line) for line in lines])
    await wallet(place, page)
    await page.get_by_role("radiogroup", name="Currency").get_by_text("EUR").click()
    await expect(purse(page, "Wallet")).to_contain_text("€7.96")


async def test_without_a_rate_nothing_offers_to_exchange(place: Town) -> None:
    tab = await place.tab("norah")
    page = tab.page
    await place.give(tab.person, AccountKind.WALLET, "5", "gbp")
    async with page.expect_response("**/api/payments/exchange/pairs"):
        await wallet(place, page, "?currency=gbp")
    await expect(purse(page, "Wallet")).to_contain_text("£5.00")
    await expect(page.get_by_role("button", name="Exchange")).to_have_count(0)
    await place.give(tab.person, AccountKind.WALLET, "5")
    await page.reload()
    await page.get_by_role("button", name="Exchange").click()
    sources = page.get_by_role("dialog").get_by_label("From").get_by_role("option")
    await expect(sources).to_have_text(["Wallet: $5.00"])


async def test_unspent_money_goes_back_to_the_card(place: Town) -> None:
    tab = await place.tab("rita")
    page = tab.page
    funding = await card_money(place, page, "20")
    await page.get_by_role("button", name="Pay back").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Amount")).to_have_value("20.00")
    await dialog.get_by_label("Amount").fill("20.01")
    await dialog.get_by_role("button", name="Pay back").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("At most $20.00")
    await dialog.get_by_label("Amount").fill("7.5")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Pay back").dblclick()
    await expect(page.get_by_text("$7.50 is on its way back.")).to_be_visible()
    await expect(purse(page, "Wallet")).to_contain_text("$12.50")
    done = await eventually(lambda: refunded(tab.person, funding), "the refund is done")
    assert [(one["amount_micros"], one["state"]) for one in done["refunds"]] == [(7_500_000, "done")]
    assert await balance(tab.person, "wallet") == Decimal("12.5")
    (refund,) = [one for one in place.stripe.requests if one.path == "/v1/refunds"]
    assert refund.parameters["amount"] == 750
    await expect(page.get_by_text("With your bank")).to_be_visible(timeout=SOON_MS)
    await expect(card(page, "Money you added")).to_contain_text("$7.50 paid back")
    await page.get_by_role("button", name="Pay back").click()
    await expect(dialog.get_by_label("Amount")).to_have_value("12.50")
    await dialog.get_by_role("button", name="Cancel").click()


async def refunded(person: Any, funding: str) -> dict[str, Any] | None:
    found: dict[str, Any] = await person.call("GET", f"/api/payments/fundings/{funding}")
    return found if [one["state"] for one in found["refunds"]] == ["done"] else None


async def test_what_a_bank_takes_back_is_owed_and_said(place: Town) -> None:
    tab = await place.tab("dora")
    page = tab.page
    await card_money(place, page, "30")
    await place.give(tab.person, AccountKind.WALLET, "-25")
    place.stripe.world.dispute(place.stripe.state.store.of(PLATFORM, "charge")[-1].body["id"])
    await place.stripe.deliver_all()
    await eventually(lambda: owes(tab.person), "the chargeback is booked")
    assert [await balance(tab.person, kind) for kind in ("wallet", "debt")] == [0, 25]
    await wallet(place, page)
    await expect(page.get_by_role("heading", name="You owe $25.00")).to_be_visible()
    await expect(card(page, "Money you added")).to_contain_text("Taken back by the bank")
    await card(page, "Money you added").get_by_role("link").click()
    await expect(page.get_by_role("heading", name="Your bank took $30.00 back")).to_be_visible()
    assert await violations(page) == []


async def owes(person: Any) -> bool | None:
    return True if await balance(person, "debt") else None
