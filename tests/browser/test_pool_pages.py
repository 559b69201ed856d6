"""A pool from its founding to its end, pressed by the two who are in it; and from a part of its pot to the votes."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.tabs import Tab
from tests.browser.test_pages import violations
from tests.browser.town import SOON_MS, UNIT, Town, balance, card, town
from tests.fixtures_postgres import Postgres, reachable_folder
from tests.live.harness import Fleet, Person, Requester

from we1web.domain.ledger import AccountKind
from we1web.protocol import values
from we1web.testing.patience import eventually

NAME = "Loom & Sons"
TASKS = 20
PRICE = 1
REWARD = Decimal("0.9")
"""What a right answer earns: the price without the fee of a tenth."""
GROSS = TASKS * REWARD
POOLED = GROSS * Decimal("0.9")
"""After the pool's commission of a tenth."""
TREASURY = 2 * (GROSS - POOLED)
TAKEN = Decimal("1.5")


@dataclass
class Mill:
    """Two who share a pool, each in a browser with a node, and who works beside them alone."""

    town: Town
    olga: Tab
    mila: Tab
    fleet: Fleet
    market: Requester


@pytest_asyncio.fixture(scope="module")
async def mill(browser: Browser, site: None, postgres: Postgres) -> AsyncIterator[Mill]:
    with reachable_folder() as folder:
        async with town(browser, await postgres.create(), folder) as place, Fleet(place.coordinator, folder) as fleet:
            olga, mila = await place.tab("olga"), await place.tab("mila")
            requester = await Person.register(place.url, "rosalind")
            await place.give(requester, AccountKind.WALLET, "100")
            await fleet.add("cleo")
            for tab, name in ((olga, "olga"), (mila, "mila")):
                await fleet.start(name, await tab.person.token("node"))
            yield Mill(place, olga, mila, fleet, Requester(requester, place.coordinator))


async def pools(mill: Mill, tab: Tab) -> Page:
    await tab.page.goto(f"{mill.town.url}/pools")
    await tab.page.locator("main h2").first.wait_for()
    return tab.page


async def mine(tab: Tab) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (await tab.person.call("GET", "/api/pools/mine"))["pool"]
    return found


def member(page: Page, name: str) -> Locator:
    return page.get_by_role("table", name="Members").locator("tbody tr", has_text=name)


async def deed(page: Page, name: str, what: str) -> None:
    """Something that is done about a member, and confirmed."""
    await page.get_by_role("button", name=f"More about {name}").click()
    await page.get_by_role("menuitem", name=what).click()
    assert await violations(page) == []
    await page.get_by_role("dialog").get_by_role("button", name=what).dblclick()
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_pool_from_its_founding_to_its_end(mill: Mill) -> None:
    key = await found_a_pool(mill)
    await join_by_key(mill, key)
    await work_together(mill)
    await take_from_the_treasury(mill)
    await remove_a_member(mill, key)
    await a_part_leads_to_votes(mill)
    await come_back_by_a_new_key(mill)
    await terms_change(mill)
    await hand_over_and_leave(mill)
    await close(mill)


async def found_a_pool(mill: Mill) -> str:
    page = await pools(mill, mill.olga)
    form = card(page, "Found a pool")
    await form.get_by_label("Commission in per cent").fill("60")
    await form.get_by_role("button", name="Found the pool").click()
    await expect(form.get_by_role("alert")).to_have_text(["Give it a name.", re.compile("A number from 0 to 50")])
    assert await violations(page) == []
    await form.get_by_label("Name").fill(NAME)
    await form.get_by_label("Commission in per cent").fill("10")
    await form.get_by_text("Everybody’s in equal parts").click()
    await form.get_by_role("button", name="Found the pool").dblclick()
    dialog = page.get_by_role("dialog")
    key = await dialog.get_by_label("Key").input_value()
    assert key.startswith("we1pool_")
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    pool = await mine(mill.olga)
    assert pool and (pool["my_role"], pool["commission_bps"], pool["split"]) == ("owner", 1000, "equal")
    await expect(page.get_by_text("Nothing was earned yet.")).to_be_visible()
    return key


async def join_by_key(mill: Mill, key: str) -> None:
    page = await pools(mill, mill.mila)
    form = card(page, "Join a pool")
    await form.get_by_role("button", name="Join").click()
    await expect(form.get_by_role("alert")).to_have_text("Enter the key.")
    await form.get_by_label("Key").fill("we1pool_nonsense")
    await form.get_by_role("button", name="Join").click()
    await expect(form.get_by_role("alert")).to_contain_text("ey")
    await form.get_by_label("Key").fill(f" {key} ")
    await form.get_by_role("button", name="Join").dblclick()
    await expect(page.get_by_text(f"You are in {NAME} now.")).to_be_visible()
    await expect(member(page, "mila")).to_contain_text("Member")
    await expect(member(page, "olga")).to_contain_text("Owner")
    for hidden in ("New key", "Change the terms", "Close the pool", "More about olga"):
        await expect(page.get_by_role("button", name=hidden)).to_have_count(0)
    await expect(page.get_by_role("heading", name="Money of the pool")).to_have_count(0)
    assert await violations(page) == []
    pool = await mine(mill.mila)
    assert pool and (pool["my_role"], pool["members"], pool["money"]) == ("member", 2, None)


async def work_together(mill: Mill) -> None:
    """All three answer every task; what the two of the pool earn goes into the treasury and the pot."""
    payloads = [values.dumps([number]) for number in range(TASKS)]
    terms = {"price_micros": PRICE * UNIT, "budget_micros": 4 * TASKS * PRICE * UNIT}
    await mill.market.until_done(await mill.market.submit(payloads, name="squares", **terms))
    await eventually(lambda: all_pooled(mill), "every answer is paid")
    page = await pools(mill, mill.olga)
    money = card(page, "Money of the pool")
    figures = {"Earned": 2 * GROSS, "Commission": TREASURY, "Pooled": 2 * POOLED, "In the treasury": TREASURY}
    for label, amount in figures.items():
        shown = money.locator("dl > div", has=page.get_by_text(label, exact=True)).locator("dd")
        await expect(shown).to_have_text(f"${amount:.2f}")
    assert [await balance(tab.person, "earnings") for tab in (mill.olga, mill.mila)] == [0, 0]


async def all_pooled(mill: Mill) -> bool | None:
    pool = await mine(mill.olga)
    return True if pool and pool["votes"] == 2 * TASKS else None


async def take_from_the_treasury(mill: Mill) -> None:
    page = mill.olga.page
    await page.get_by_role("button", name="Withdraw USD").click()
    dialog = page.get_by_role("dialog")
    amount = dialog.get_by_label("Amount")
    await amount.fill("all")
    await dialog.get_by_role("button", name="Withdraw").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Enter an amount")
    await amount.fill("1000")
    await dialog.get_by_role("button", name="Withdraw").click()
    await expect(dialog.get_by_role("alert")).to_contain_text(f"At most ${TREASURY:.2f}")
    assert await violations(page) == []
    await amount.fill(str(TAKEN))
    await dialog.get_by_role("button", name="Withdraw").dblclick()
    await expect(page.get_by_text("$1.50 went into your earnings.")).to_be_visible()
    assert await balance(mill.olga.person, "earnings") == TAKEN
    treasury = card(page, "Money of the pool").locator("dl > div", has_text="In the treasury")
    await expect(treasury).to_contain_text(f"${TREASURY - TAKEN:.2f}")


async def remove_a_member(mill: Mill, key: str) -> None:
    """Who is removed gets their part of the pot at once, and the key they know opens nothing any more."""
    page = mill.olga.page
    await deed(page, "mila", "Remove")
    await expect(page.get_by_text("mila is no member any more.")).to_be_visible()
    await expect(member(page, "mila")).to_have_count(0)
    assert await balance(mill.mila.person, "earnings") == POOLED
    assert await balance(mill.olga.person, "earnings") == POOLED + TAKEN
    page = await pools(mill, mill.mila)
    form = card(page, "Join a pool")
    await form.get_by_label("Key").fill(key)
    await form.get_by_role("button", name="Join").click()
    await expect(form.get_by_role("alert")).to_be_visible()
    assert await mine(mill.mila) is None


async def a_part_leads_to_votes(mill: Mill) -> None:
    """From the wallet by clicks alone: the part of the pot, the settlements that filled it, their tasks, a vote."""
    page = mill.mila.page
    await page.goto(f"{mill.town.url}/wallet?account=earnings")
    await page.get_by_role("link", name="Your part of a pool's pot").click()
    await expect(page.get_by_role("heading", name="A pool's pot was split")).to_be_visible()
    lines = page.get_by_role("table", name="What moved").locator("tbody tr")
    await expect(lines.filter(has_text="Your earnings")).to_contain_text(f"+${POOLED:.2f}")
    await expect(lines.filter(has_text="Pots of pools")).to_contain_text(f"-${2 * POOLED:.2f}")
    filled = card(page, "Your answers that filled the pot")
    await expect(filled).to_contain_text(f"among 2 members. {2 * TASKS} right answers of all members")
    rows = filled.locator("tbody tr")
    await expect(rows.first).to_contain_text("squares")
    assert await violations(page) == []
    votes, place = 0, page.url
    for number in range(await rows.count()):
        await rows.nth(number).get_by_role("link", name="squares").click()
        votes += await one_settlement(page)
        await page.goto(place)
        await rows.first.wait_for()
    assert votes == TASKS


async def one_settlement(page: Page) -> int:
    """What one's answers earned, where it went, and the vote behind each; how many."""
    said = await page.get_by_text("of your devices ×").inner_text()
    votes, each, total = re.findall(r"[\d.,]+", said)
    assert int(votes) * Decimal(each) == Decimal(total) == int(votes) * REWARD
    commission = Decimal(total) / 10
    shared = (
        f"Of it, ${commission:.2f} went to the treasury of {NAME} (10%), and ${Decimal(total) - commission:.2f} into"
    )
    await expect(page.get_by_text(shared)).to_be_visible()
    entries = page.get_by_role("table", name="What moved")
    await expect(entries.locator("tfoot tr")).to_contain_text("$0.00")
    tasks = page.get_by_role("table", name="The answers behind it").locator("tbody tr")
    await expect(tasks).to_have_count(int(votes))
    await tasks.first.get_by_role("link").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Your votes. 3 votes in all agreed on the result.")
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await expect(dialog.get_by_role("listitem")).to_contain_text("Right")
    assert await violations(page) == []
    return int(votes)


async def come_back_by_a_new_key(mill: Mill) -> None:
    page = await pools(mill, mill.olga)
    await page.get_by_role("button", name="New key").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="New key").click()
    key = await dialog.get_by_label("Key").input_value()
    await dialog.get_by_role("button", name="Done").click()
    form = card(await pools(mill, mill.mila), "Join a pool")
    await form.get_by_label("Key").fill(key)
    await form.get_by_role("button", name="Join").click()
    await expect(member(mill.mila.page, "mila")).to_be_visible()


async def terms_change(mill: Mill) -> None:
    """What helps members holds at once; what costs them is announced to them."""
    page = await pools(mill, mill.olga)
    for commission, told, in_force in (("5", "The new terms are in force.", 500), ("7,5", "announced", 500)):
        await page.get_by_role("button", name="Change the terms").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Commission in per cent").fill(commission)
        await dialog.get_by_role("button", name="Save").click()
        await expect(page.get_by_text(told).first).to_be_visible()
        await expect(dialog).to_be_hidden()
        pool = await mine(mill.olga)
        assert pool and pool["commission_bps"] == in_force
    page = await pools(mill, mill.mila)
    await expect(page.get_by_text("7.5% commission, and the rest is: Everybody’s in equal parts")).to_be_visible()
    assert await violations(page) == []


async def hand_over_and_leave(mill: Mill) -> None:
    page = await pools(mill, mill.olga)
    for what, told, role in (
        ("Make a manager", "mila is a manager now.", "Manager"),
        ("Make a plain member", "mila is a plain member now.", "Member"),
        ("Hand the pool over", "mila owns the pool now.", "Owner"),
    ):
        await deed(page, "mila", what)
        await expect(page.get_by_text(told)).to_be_visible()
        await expect(member(page, "mila")).to_contain_text(role)
    await expect(member(page, "olga")).to_contain_text("Manager")
    await expect(page.get_by_role("button", name="Withdraw USD")).to_have_count(0)
    await page.get_by_role("button", name="Leave").click()
    await page.get_by_role("dialog").get_by_role("button", name="Leave").dblclick()
    await expect(page.get_by_text(f"You have left {NAME}.")).to_be_visible()
    await expect(card(page, "Found a pool")).to_be_visible()
    assert await mine(mill.olga) is None


async def close(mill: Mill) -> None:
    """Whoever owns it at its end has what is in the treasury."""
    page = await pools(mill, mill.mila)
    await expect(member(page, "olga")).to_have_count(0)
    await page.get_by_role("button", name="Close the pool").click()
    await page.get_by_role("dialog").get_by_role("button", name="Close the pool").dblclick()
    await expect(page.get_by_text(f"{NAME} is closed.")).to_be_visible(timeout=SOON_MS)
    await expect(card(page, "Join a pool")).to_be_visible()
    assert await balance(mill.mila.person, "earnings") == POOLED + TREASURY - TAKEN
    left = await mill.town.fetch("select kind, balance from ledger.balances where pool_id is not null and balance <> 0")
    assert left == []
    await page.goto(f"{mill.town.url}/wallet?account=earnings")
    await expect(page.get_by_role("link", name="Taken from your pool's treasury")).to_be_visible()
