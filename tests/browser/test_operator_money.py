"""The operator's money page with the rail that needs nobody else: a bank transfer is confirmed, earned and paid out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.tabs import Tab
from tests.browser.test_pages import violations
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess, Person
from tests.storage.rows import BY

from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction
from we1web.testing.patience import eventually

EURO = 10**6
IBAN = "DE89370400440532013000"
BANK = {"WE1WEB_BANK_NAME": "Network e.V.", "WE1WEB_BANK_IBAN": IBAN, "WE1WEB_BANK_BIC": "COBADEFF"}
HOLDERS = ("Ada Lovelace", "Edsger Dijkstra", "Grace Hopper")


class Office:
    """A coordinator with a bank account, one who operates it in a browser, and one who uses it."""

    def __init__(self, url: str, database: Database, operator: Tab, user: Person) -> None:
        self.url = url
        self.database = database
        self.operator = operator
        self.user = user

    async def announce(self, euros: int) -> dict[str, Any]:
        """The user says that a bank transfer is on its way."""
        order = {"rail": "manual", "currency": "eur", "amount_micros": euros * EURO}
        made: dict[str, Any] = await self.user.call("POST", "/api/payments/fundings", json=order)
        return made

    async def earner(self, holder: str, euros: int) -> Person:
        """Somebody new who has earned so much."""
        person = await Person.register(self.url, holder.split(maxsplit=1)[0].lower())
        owner = UUID((await person.call("GET", "/api/auth/session"))["user"]["id"])
        earnings = AccountRef(AccountKind.EARNINGS, owner=owner, currency="eur")
        world = AccountRef(AccountKind.WORLD, currency="eur")
        moved = (Posting(earnings, euros * EURO), Posting(world, -euros * EURO))
        async with self.database.transaction(SERVICE) as tx:
            await ledger.post(tx, Transaction(f"test:{owner}", "test", moved), BY)
        return person

    async def ask(self, person: Person, holder: str) -> dict[str, Any]:
        """Somebody wants all they earned on their bank account; it waits for the operator then."""
        order = {"rail": "manual", "country": "DE", "currency": "eur", "iban": IBAN, "holder": holder}
        account = await person.call("POST", "/api/payments/accounts", json=order)
        order = {"account_id": account["id"], "currency": "eur"}
        asked = await person.call("POST", "/api/payments/payout", json=order)
        return await eventually(lambda: self.payout(person, asked["id"], "reserved"), f"{holder} waits")

    async def payout(self, person: Person, payout: str, state: str) -> dict[str, Any] | None:
        found: dict[str, Any] = await person.call("GET", f"/api/payments/payouts/{payout}")
        return found if found["state"] == state else None


async def balance(person: Person, account: str) -> int:
    """Of a person's wallet or earnings, in euro."""
    balances = (await person.call("GET", "/api/payments/earnings"))["balances"]
    return sum(int(one[f"{account}_micros"]) for one in balances if one["currency"] == "eur")


@pytest_asyncio.fixture
async def office(browser: Browser, site: None, postgres: Postgres, tmp_path: Path) -> AsyncIterator[Office]:
    dsn = await postgres.create()
    coordinator = CoordinatorProcess(tmp_path / "coordinator", DATABASE_URL=dsn, **BANK)
    await coordinator.start()
    operator = await Tab.open(browser, coordinator.url, "olivia")
    database = await Database.open(dsn, user_connections=1, service_connections=1)
    async with database.transaction(SERVICE) as tx:
        await tx.execute("update public.users set is_operator = true where email = 'olivia@example.com'")
    yield Office(coordinator.url, database, operator, await Person.register(coordinator.url, "ursula"))
    await database.close()
    await operator.close()
    await coordinator.stop()


async def opened(office: Office, path: str) -> Page:
    """The operator's page, shown anew."""
    page = office.operator.page
    await page.goto(office.url + path)
    await page.get_by_role("heading", name="Money of the network").wait_for()
    return page


async def figure(page: Page, name: str, amount: str) -> None:
    """A figure of the books reads so."""
    await expect(page.get_by_role("term").filter(has_text=name).locator("xpath=..")).to_contain_text(amount)


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
    assert await balance(office.user, "wallet") == 249_500_000
    await page.get_by_role("tab", name="Books").click()
    await figure(page, "Came in", "€249.50")
    await expect(page.get_by_role("row", name="Outside")).to_contain_text("€249.50")
    await expect(page.get_by_role("row", name="Wallets")).to_contain_text("€249.50")
    assert await violations(page) == []


async def test_payouts_leave_in_a_file_and_the_bank_pays_all_but_one(office: Office) -> None:
    people = [await office.earner(holder, euros) for holder, euros in zip(HOLDERS, (10, 20, 30), strict=True)]
    asked = [await office.ask(person, holder) for person, holder in zip(people, HOLDERS, strict=True)]
    page = await opened(office, "/operator/money?part=out")
    await expect(page.get_by_text("Waits for a file to your bank")).to_have_count(3)
    tree = await made_and_downloaded(page)
    assert sorted(end_to_end(tree)) == sorted(payout["id"].replace("-", "") for payout in asked)
    await settled(page, HOLDERS[2])
    for person, payout, state in zip(people, asked, ("paid", "paid", "failed"), strict=True):
        assert await office.payout(person, payout["id"], state), state
    assert [await balance(person, "earnings") for person in people] == [0, 0, 30 * EURO]
    await expect(page.get_by_text("No payout waits")).to_be_visible()
    await page.get_by_role("tab", name="Books").click()
    await figure(page, "Paid out", "€30.00")
    await expect(page.get_by_role("row", name="Earnings")).to_contain_text("€30.00")
    assert await violations(page) == []


async def made_and_downloaded(page: Page) -> ET.Element:
    """A file of all that waits, as the browser saved it."""
    await page.get_by_role("button", name="Make a file").click()
    await page.get_by_role("dialog").get_by_role("button", name="Make the file").dblclick()
    await expect(page.get_by_role("row", name="3 transfers")).to_have_count(1)
    await page.get_by_role("button", name="What can be done with").click()
    async with page.expect_download() as saved:
        await page.get_by_role("menuitem", name="Download").click()
    return ET.parse(await (await saved.value).path()).getroot()


def end_to_end(tree: ET.Element) -> list[str]:
    """The payouts that a file names, as banks repeat them."""
    return [element.text or "" for element in tree.iter() if element.tag.endswith("}EndToEndId")]


async def settled(page: Page, rejected: str) -> None:
    """The operator says that the bank paid all transfers but one."""
    await page.get_by_role("button", name="What can be done with").click()
    await page.get_by_role("menuitem", name="Say what the bank did").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(f"Rejected: {rejected}").check()
    assert await violations(page) == []
    await dialog.get_by_role("button", name="2 paid, 1 rejected").click()
    await dialog.get_by_label(f"Why the transfer to {rejected} was rejected").fill("account closed")
    await dialog.get_by_role("button", name="2 paid, 1 rejected").click()
    await expect(page.get_by_role("row", name="3 transfers")).to_contain_text("Done")
