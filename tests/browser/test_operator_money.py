"""The operator's money page with the rail that needs nobody else: what a bank received is confirmed, and is booked."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.tabs import Tab
from tests.browser.test_pages import violations
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess, Person

BANK = {"WE1WEB_BANK_NAME": "Network e.V.", "WE1WEB_BANK_IBAN": "DE89370400440532013000", "WE1WEB_BANK_BIC": "COBADEFF"}


class Office:
    """A coordinator with a bank account, one who operates it in a browser, and one who uses it."""

    def __init__(self, url: str, operator: Tab, user: Person) -> None:
        self.url = url
        self.operator = operator
        self.user = user

    async def announce(self, euros: int) -> dict[str, Any]:
        """The user says that a bank transfer is on its way."""
        order = {"rail": "manual", "currency": "eur", "amount_micros": euros * 10**6}
        made: dict[str, Any] = await self.user.call("POST", "/api/payments/fundings", json=order)
        return made

    async def wallet(self) -> int:
        balances = (await self.user.call("GET", "/api/payments/earnings"))["balances"]
        return sum(int(balance["wallet_micros"]) for balance in balances if balance["currency"] == "eur")


@pytest_asyncio.fixture
async def office(browser: Browser, site: None, postgres: Postgres, tmp_path: Path) -> AsyncIterator[Office]:
    dsn = await postgres.create()
    coordinator = CoordinatorProcess(tmp_path / "coordinator", DATABASE_URL=dsn, **BANK)
    await coordinator.start()
    operator = await Tab.open(browser, coordinator.url, "olivia")
    database = await asyncpg.connect(dsn)
    await database.execute("update public.users set is_operator = true where email = 'olivia@example.com'")
    await database.close()
    yield Office(coordinator.url, operator, await Person.register(coordinator.url, "ursula"))
    await operator.close()
    await coordinator.stop()


async def opened(office: Office, path: str) -> Page:
    """The operator's page, shown anew."""
    page = office.operator.page
    await page.goto(office.url + path)
    await page.get_by_role("heading", name="Money of the network").wait_for()
    return page


async def test_a_bank_transfer_is_confirmed_and_in_the_books(office: Office) -> None:
    funding = await office.announce(250)
    page = await opened(office, "/operator/money")
    await page.get_by_role("link", name="Operator").wait_for()
    await page.get_by_role("tab", name="Coming in").click()
    await page.get_by_label("Reference", exact=True).fill(funding["reference"].lower().replace("-", " "))
    await page.get_by_role("button", name="Find", exact=True).click()
    await page.get_by_role("button", name=f"Confirm {funding['reference']}").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("ursula@example.com")
    assert await violations(page) == []
    await dialog.get_by_label("Amount received").fill("249.5")
    await dialog.get_by_role("button", name="Credit the wallet").dblclick()
    await expect(page.get_by_role("row", name=funding["reference"])).to_contain_text("paid")
    await expect(page.get_by_role("status").get_by_text("credited for")).to_have_count(1)
    assert await office.wallet() == 249_500_000
    await page.get_by_role("tab", name="Books").click()
    await expect(page.get_by_role("term").filter(has_text="Came in").locator("xpath=..")).to_contain_text("€249.50")
    await expect(page.get_by_role("row", name="Outside")).to_contain_text("€249.50")
    await expect(page.get_by_role("row", name="Wallets")).to_contain_text("€249.50")
    assert await violations(page) == []
