"""A network with money for a module of tests: Stripe simulated, a bank account, rates, and a door to the books."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.tabs import Tab
from tests.live.harness import CoordinatorProcess, Person
from tests.simulated_stripe import simulated, tell, with_stripe
from tests.storage.rows import BY

from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction
from we1web.testing.stripe_simulator.simulator import Simulator

UNIT = 10**6
SOON_MS = 60_000
BANK = {
    "WE1WEB_BANK_NAME": "Network e.V.",
    "WE1WEB_BANK_IBAN": "DE89370400440532013000",
    "WE1WEB_BANK_BIC": "COBADEFF",
}


class Town:
    """A coordinator beside a simulated Stripe; whoever is opened here has a browser of their own."""

    def __init__(
        self, coordinator: CoordinatorProcess, stripe: Simulator, database: Database, browser: Browser
    ) -> None:
        self.coordinator = coordinator
        self.url = coordinator.url
        self.stripe = stripe
        self.database = database
        self._browser = browser
        self._open = AsyncExitStack()

    async def tab(self, name: str, *, operator: bool = False) -> Tab:
        """Somebody new, logged in."""
        tab = await Tab.open(self._browser, self.url, name)
        self._open.push_async_callback(tab.close)
        if operator:
            async with self.database.transaction(SERVICE) as tx:
                address = f"{name}@example.com"
                await tx.execute("update public.users set is_operator = true where email = $1", address)
        return tab

    async def give(self, person: Person, kind: AccountKind, amount: str, currency: str = "usd") -> None:
        """Money from outside, in somebody's wallet or earnings."""
        account = AccountRef(kind, owner=await user_id(person), currency=currency)
        micros = int(Decimal(amount) * UNIT)
        moved = (Posting(account, micros), Posting(AccountRef(AccountKind.WORLD, currency=currency), -micros))
        async with self.database.transaction(SERVICE) as tx:
            count = await tx.fetchval("select count(*) from ledger.transactions")
            await ledger.post(tx, Transaction(f"test:{count}", "test", moved), BY)

    async def fetch(self, sql: str, *arguments: Any) -> list[dict[str, Any]]:
        """Rows, as the service sees them."""
        async with self.database.transaction(SERVICE) as tx:
            return [dict(row) for row in await tx.fetch(sql, *arguments)]

    async def close(self) -> None:
        await self._open.aclose()


@asynccontextmanager
async def town(
    browser: Browser, dsn: str, folder: Path, rates: str = "", stripe: Simulator | None = None, **settings: str
) -> AsyncIterator[Town]:
    """`rates`: `base,quote,rate` of today, with blanks between; `stripe`: one in which something happened before;
    `settings`: more of the coordinator's environment."""
    stripe = stripe or simulated_stripe()
    async with simulated(stripe) as address:
        environment = BANK | with_stripe(address) | (_rates(folder, rates) if rates else {}) | settings
        coordinator = CoordinatorProcess(folder / "coordinator", DATABASE_URL=dsn, **environment)
        await coordinator.start()
        tell(stripe, coordinator.url)
        database = await Database.open(dsn, user_connections=1, service_connections=1)
        opened = Town(coordinator, stripe, database, browser)
        try:
            yield opened
        finally:
            await opened.close()
            await database.close()
            await coordinator.stop()


def simulated_stripe() -> Simulator:
    """Whatever its clock says, it signs by ours."""
    return Simulator(signed_at=lambda: datetime.now(UTC).timestamp())


async def ready_at_stripe(town: Town, person: Person) -> str:
    """The id of an account in the United States that may be paid to."""
    order = {"rail": "stripe", "country": "US", "currency": "usd"}
    account = await person.call("POST", "/api/payments/accounts", json=order)
    town.stripe.world.onboard(list(town.stripe.state.accounts)[-1])
    read = await person.call("POST", f"/api/payments/accounts/{account['id']}/link")
    assert read["status"] == "active"
    return str(account["id"])


def _rates(folder: Path, lines: str) -> dict[str, str]:
    today = datetime.now(UTC).date().isoformat()
    file = folder / "rates.csv"
    file.write_text("\n".join(["day,base,quote,rate", *(f"{today},{line}" for line in lines.split())]) + "\n")
    return {"WE1WEB_RATES": str(file)}


async def user_id(person: Person) -> UUID:
    return UUID((await person.call("GET", "/api/auth/session"))["user"]["id"])


async def balance(person: Person, account: str, currency: str = "usd") -> Decimal:
    """Of somebody's wallet, held, earnings or debt, as the coordinator says."""
    balances = (await person.call("GET", "/api/payments/earnings"))["balances"]
    return Decimal(sum(one[f"{account}_micros"] for one in balances if one["currency"] == currency)) / UNIT


async def card_money(town: Town, page: Page, amount: str) -> str:
    """A payment on Stripe's page that arrived; its id."""
    await page.goto(f"{town.url}/wallet")
    await page.get_by_role("button", name="Add money").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("By card").check()
    await dialog.get_by_label("Amount").fill(amount)
    await dialog.get_by_role("button", name="To Stripe's page").click()
    await page.get_by_role("button", name="Pay", exact=True).click()
    await page.wait_for_url("**/wallet?*funding=*")
    await town.stripe.deliver_all()
    await expect(page.get_by_role("heading", name="arrived")).to_be_visible(timeout=SOON_MS)
    return page.url.partition("funding=")[2].partition("&")[0]


def purse(page: Page, account: str) -> Locator:
    """One of the balances on the wallet's page: Wallet, Held for jobs or Earnings."""
    return page.get_by_role("navigation", name="Your balances").get_by_role("link", name=account)


def card(page: Page, title: str) -> Locator:
    """A part of a page by its heading."""
    return page.locator("section").filter(has=page.get_by_role("heading", name=title, exact=True))
