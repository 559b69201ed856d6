"""Money out over a simulated Stripe: each contributor is paid exactly once, whatever breaks on the way."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Person
from tests.payments.conftest import assert_audited
from tests.payments.paying import BY, Desk, desk

from we1web.coordinator.http.problems import STATUS
from we1web.coordinator.loops.loop import run_once
from we1web.coordinator.loops.rail_notices import RailNotices
from we1web.coordinator.rail_handler import Notice
from we1web.coordinator.rail_handlers.payouts import HANDLERS
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction
from we1web.protocol.messages import PaymentProcessed

TEN = 10_000_000


@pytest_asyncio.fixture(loop_scope="session")
async def paying(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(postgres, tmp_path_factory.mktemp("paying")) as made:
        yield made
        await assert_sound(made)


async def assert_sound(at: Desk) -> None:
    """What Stripe holds for us is what the ledger says, and no payout was transferred twice."""
    await assert_audited(at.services)
    for currency, held in at.stripe.world.balance().items():
        micros = (held["available"] + held["pending"]) * {"jpy": 1_000_000, "kwd": 1_000}.get(currency, 10_000)
        assert -await at.balance("clearing", currency) == micros, currency
    groups = [transfer["transfer_group"] for transfer in at.transfers()]
    assert len(groups) == len(set(groups))
    assert (
        sum(
            [row["n"] for row in await at.fetch("select sum(balance)::bigint n from ledger.balances group by currency")]
        )
        == 0
    )


def told(at: Desk) -> list[str]:
    return [message.state for _, message in at.site.market.told if isinstance(message, PaymentProcessed)]


async def test_a_payout_goes_all_the_way_and_tells_it(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN + 4_321)
    payout = await paying.ask(ada, account)
    assert (payout["state"], payout["gross_micros"], payout["fee_micros"]) == ("requested", TEN, 280_000)
    assert await paying.balance("earnings", owner=ada.id) == 4_321
    await paying.send_all()
    paying.advance(days=5)
    await paying.read()
    story = await paying.story(ada, payout)
    assert story["state"] == "paid" and story["reason"] == ""
    assert [event["event"] for event in story["events"]] == ["request", "reserve", "transfer", "pay"]
    assert [event["by"] for event in story["events"]] == ["user", "loop", "loop", "loop"]
    assert [transaction["kind"] for transaction in story["transactions"]] == ["payout", "payout_sent"]
    assert all(sum(e["amount_micros"] for e in t["entries"]) == 0 for t in story["transactions"])
    assert told(paying) == ["transferred", "paid"]
    assert (await ada.http.get("/api/payments/payouts")).json()["items"][0]["id"] == payout["id"]


@pytest.mark.parametrize(
    "fault", ["rate_limit", "lock_timeout", "http_500", "http_500_kept", "http_500_after", "drop_before", "drop_after"]
)
async def test_whatever_becomes_of_the_request_it_is_paid_once(paying: Desk, fault: str) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    payout = await paying.ask(ada, account)
    paying.stripe.faults.add(fault, "POST /v1/transfers", count=4)  # type: ignore[arg-type]
    await paying.send_all()
    assert (await paying.story(ada, payout))["state"] == "transferred"
    assert len(paying.transfers()) == 1
    assert paying.stripe.faults.happened[fault] >= 1


async def test_too_little_at_the_rail_waits_and_is_seen(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    taken = paying.stripe.world.balance()["usd"]["available"]
    paying.stripe.world.charge_monthly_fee("usd", taken)
    payout = await paying.ask(ada, account)
    await paying.send()
    waiting = (await paying.site.operator.get("/api/operator/payouts")).json()["items"]
    assert [(item["id"], item["state"], item["reason"]) for item in waiting] == [
        (payout["id"], "requested", "rail_short")
    ]
    assert (await ada.http.get("/api/operator/payouts")).json()["code"] == "operator_only"
    paying.stripe.world.add_funds("usd", taken)
    paying.advance(hours=2)
    await paying.send_all()
    assert (await paying.story(ada, payout))["state"] == "transferred"


@pytest.mark.parametrize("end", ["restrict", "close"])
async def test_an_account_that_takes_no_money_gives_it_back(paying: Desk, end: str) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    payout = await paying.ask(ada, account)
    (row,) = await paying.fetch("select destination from payout_accounts")
    getattr(paying.stripe.world, end)(row["destination"])
    await paying.send()
    story = await paying.story(ada, payout)
    assert (story["state"], story["reason"]) == (
        "failed",
        {"restrict": "account_restricted", "close": "account_closed"}[end],
    )
    assert await paying.balance("earnings", owner=ada.id) == TEN
    (row,) = await paying.fetch("select status from payout_accounts")
    assert row["status"] == {"restrict": "restricted", "close": "closed"}[end]
    refused = await ada.http.post("/api/payments/payout", json={"account_id": account, "currency": "usd"})
    assert (refused.status_code, refused.json()["code"]) == (409, "account_not_ready")
    assert told(paying) == ["failed"]


@pytest.mark.parametrize("late", [False, True])
async def test_a_bank_that_sends_it_back_puts_it_into_the_earnings(paying: Desk, late: bool) -> None:
    ada = await paying.person()
    account = await paying.account(ada, bank="000111111116", bank_fails_late=late)
    await paying.earn(ada, TEN)
    payout = await paying.ask(ada, account)
    await paying.send_all()
    for _ in range(8):
        paying.advance(days=1)
        await paying.read()
        await paying.send_all()
    story = await paying.story(ada, payout)
    assert (story["state"], story["reason"]) == ("returned", "bank_failed")
    assert "no_account" in story["detail"]
    assert await paying.balance("earnings", owner=ada.id) == payout["net_micros"]
    assert told(paying) == ["transferred", *(["paid"] if late else []), "returned"]


async def test_stripe_down_for_an_hour_loses_nothing(paying: Desk) -> None:
    people = [await paying.person() for _ in range(5)]
    for person in people:
        account = await paying.account(person)
        await paying.earn(person, TEN)
        await paying.ask(person, account)
    paying.stripe.down(3_600)
    for _ in range(10):
        await paying.send()
        paying.advance(minutes=5)
    assert paying.transfers() == []
    paying.advance(minutes=20)
    await paying.send_all()
    assert {row["state"] for row in await paying.fetch("select state from payouts")} == {"transferred"}
    assert len(paying.transfers()) == 5


async def test_a_double_click_pays_once_and_two_wishes_are_decided_by_the_ledger(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    order = {"account_id": account, "currency": "usd", "amount_micros": 6_000_000}

    async def click(key: str) -> tuple[int, str]:
        answer = await ada.http.post("/api/payments/payout", json=order, headers={"Idempotency-Key": key})
        return answer.status_code, answer.json().get("id") or answer.json()["code"]

    same = await asyncio.gather(*(click("one") for _ in range(5)))
    assert len(set(same)) == 1 and same[0][0] == 200
    others = await asyncio.gather(*(click(str(uuid4())) for _ in range(5)))
    assert set(others) == {(402, "insufficient_funds")}
    changed = await ada.http.post(
        "/api/payments/payout", json=order | {"amount_micros": 1}, headers={"Idempotency-Key": "one"}
    )
    assert changed.json()["code"] == "idempotency_conflict"
    await paying.send_all()
    assert len(paying.transfers()) == 1


async def test_what_cannot_be_paid_says_why(paying: Desk) -> None:
    ada, eve = await paying.person(), await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)

    async def refused(person: Person, **order: object) -> tuple[int, str]:
        body = {"account_id": account, "currency": "usd"} | order
        answer = await person.http.post("/api/payments/payout", json=body)
        return answer.status_code, answer.json()["code"]

    assert await refused(ada, amount_micros=999_999) == (422, "payout_below_minimum")
    assert await refused(ada, amount_micros=TEN + 1) == (402, "insufficient_funds")
    for bad in (0, -1, 0.5, 1 << 60, "1"):
        assert (await refused(ada, amount_micros=bad))[0] == 422
    assert await refused(ada, currency="eur") == (422, "payout_below_minimum")
    await paying.earn(ada, TEN, "eur")
    assert (await refused(ada, currency="eur"))[1] == "rate_missing"
    assert await refused(eve) == (404, "not_found")
    assert await refused(ada, account_id=str(uuid4())) == (404, "not_found")
    payout = await paying.ask(ada, account)
    assert (await eve.http.get(f"/api/payments/payouts/{payout['id']}")).status_code == 404
    assert (await eve.http.get("/api/payments/payouts")).json()["items"] == []


async def test_who_owes_a_payment_that_was_taken_back_is_not_paid_out(paying: Desk) -> None:
    """Else one could pay by card, earn it with machines of one's own, cash out, and have the card's bank undo it."""
    person = await paying.person()
    account = await paying.account(person)
    await paying.earn(person, 10_000_000)
    owed = AccountRef(AccountKind.DEBT, owner=UUID(person.id)), AccountRef(AccountKind.WORLD)
    moved = tuple(Posting(account, amount) for account, amount in zip(owed, (-5_000_000, 5_000_000), strict=True))
    async with paying.services.database.transaction(SERVICE) as tx:
        await ledger.post(tx, Transaction("test:debt", "test", moved), BY)
    order = {"account_id": account, "currency": "usd"}
    refused = await person.http.post("/api/payments/payout", json=order)
    assert (refused.status_code, refused.json()["code"]) == (STATUS["debt_outstanding"], "debt_outstanding")
    assert await paying.balance("earnings", owner=person.id) == 10_000_000
    async with paying.services.database.transaction(SERVICE) as tx:
        back = tuple(Posting(account, -amount) for account, amount in moved)
        await ledger.post(tx, Transaction("test:paid", "test", back), BY)
    assert (await person.http.post("/api/payments/payout", json=order)).status_code == 200


async def test_only_so_many_wait(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, 10 * TEN)
    for _ in range(20):
        await paying.ask(ada, account, amount_micros=2_000_000)
    refused = await ada.http.post("/api/payments/payout", json={"account_id": account, "currency": "usd"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_payouts")


@pytest.mark.parametrize(
    ("currency", "micros"), [("jpy", 5_000_999_999), ("kwd", 7_129_999), ("gbp", TEN), ("eur", TEN)]
)
async def test_minor_units_of_every_kind(paying: Desk, currency: str, micros: int) -> None:
    ada = await paying.person()
    account = await paying.account(ada, currency)
    await paying.earn(ada, micros, currency)
    payout = await paying.ask(ada, account, currency)
    await paying.send_all()
    paying.advance(days=6)
    await paying.read()
    assert (await paying.story(ada, payout))["state"] == "paid"
    assert await paying.balance("earnings", currency, ada.id) == micros - payout["gross_micros"]


async def test_a_preview_says_what_will_happen(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    query = {"account_id": account, "currency": "usd"}
    shown = (await ada.http.get("/api/payments/payout/preview", params=query)).json()
    payout = await paying.ask(ada, account)
    assert [shown[f"{name}_micros"] for name in ("gross", "fee", "net")] == [
        payout[f"{name}_micros"] for name in ("gross", "fee", "net")
    ]
    assert (shown["refusal"], shown["fee_share_bps"], shown["suggested_threshold_micros"]) == ("", 280, 14_500_000)
    empty = (await ada.http.get("/api/payments/payout/preview", params=query)).json()
    assert (empty["gross_micros"], empty["refusal"]) == (0, "payout_below_minimum")


async def test_a_plan_pays_on_its_day_and_says_why_it_does_not(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    assert (await ada.http.get("/api/payments/payout-plan")).json()["every"] == "never"
    order = {"every": "daily", "currency": "usd", "account_id": account}
    plan = (await ada.http.put("/api/payments/payout-plan", json=order)).json()
    assert (plan["threshold_micros"], plan["threshold_fee_micros"]) == (14_500_000, 290_000)
    await paying.earn(ada, TEN)
    await run_once(paying.services, paying.plans)
    assert await paying.fetch("select from payouts") == []
    paying.advance(days=1)
    await run_once(paying.services, paying.plans)
    (event,) = await paying.fetch(
        "select detail from money_events where subject_kind = 'payout_plan' and event = 'waits'"
    )
    assert event["detail"] == {"reason": "below_threshold"}
    await paying.earn(ada, TEN)
    paying.advance(days=1)
    await run_once(paying.services, paying.plans)
    await run_once(paying.services, paying.plans)
    (row,) = await paying.fetch("select automatic, gross_micros from payouts")
    assert (row["automatic"], row["gross_micros"]) == (True, 2 * TEN)
    await paying.send_all()
    off = (await ada.http.put("/api/payments/payout-plan", json={"every": "never", "currency": "usd"})).json()
    assert (off["next_on"], off["account_id"]) == (None, None)


async def test_notices_in_any_order_twice_or_never_end_the_same(paying: Desk) -> None:
    """Webhooks are duplicated, delayed, shuffled and lost; what they say is read again, and the loop finds the rest."""
    stripe = paying.stripe
    for connect, thin in ((False, False), (True, False), (False, True)):
        stripe.endpoint(f"{paying.site.url}/api/payments/webhook", "whsec_one", connect=connect, thin=thin)
    trouble = stripe.mail.trouble
    trouble.duplicated, trouble.delayed, trouble.lost, trouble.shuffled = 0.5, 0.3, 0.3, True
    notices = RailNotices(paying.services)
    payouts = []
    for bank in ("000123456789", "000111111116") * 4:
        person = await paying.person()
        account = await paying.account(person, bank=bank)
        await paying.earn(person, TEN)
        payouts.append((person, bank, await paying.ask(person, account)))
    await paying.send_all()
    for _ in range(7):
        paying.advance(days=1)
        await stripe.deliver_all()
        await run_once(paying.services, notices)
        await paying.send_all()
    by_notices = {(await paying.story(person, payout))["state"] for person, _, payout in payouts}
    assert by_notices & {"paid", "returned"}
    await paying.read()
    await paying.send_all()
    for person, bank, payout in payouts:
        wanted = "paid" if bank == "000123456789" else "returned"
        assert (await paying.story(person, payout))["state"] == wanted
    assert sorted(told(paying)) == sorted(["transferred"] * 8 + ["paid"] * 4 + ["returned"] * 4)


async def test_a_transfer_that_somebody_reverses_in_the_dashboard_is_noticed(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    payout = await paying.ask(ada, account)
    await paying.send_all()
    (transfer,) = paying.transfers()
    assert paying.services.rails.stripe is not None
    await paying.services.rails.stripe.client.v1.transfers.reversals.create_async(transfer["id"], {})
    notice = Notice("stripe", "evt_1", "transfer.reversed", "", transfer["id"])
    for _ in range(2):
        await HANDLERS["transfer.reversed"](paying.services, notice)
    assert (await paying.story(ada, payout))["state"] == "returned"
    assert await paying.balance("earnings", owner=ada.id) == payout["net_micros"]
