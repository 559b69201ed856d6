"""Whatever happens, in whatever order: a balance is the sum of its transactions, and no answer is off spec."""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from random import Random
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stripe_simulator.conftest import DAY_S, START, assert_books_agree

from we1web.testing.stripe_simulator.currencies import FIXED_FEE
from we1web.testing.stripe_simulator.refusing import StripeRefusal
from we1web.testing.stripe_simulator.simulator import Request, Simulator
from we1web.testing.stripe_simulator.store import PLATFORM

HEADERS = {"authorization": "Bearer sk_test_1"}
BANKS = ["000123456789", "000111111116"]
WHATS = (
    "fund", "debit", "account", "transfer", "transfer", "reverse", "refund", "fail_refund", "dispute", "end_dispute",
    "payout", "cancel", "fail_payout", "advance", "advance", "fee", "bank", "restrict",
)  # fmt: skip
Step = tuple[str, str, int, int]
"""What, in which currency, how much, and which of those that are there."""
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(WHATS),
        st.sampled_from(sorted(FIXED_FEE)),
        st.integers(1, 3_000).map(lambda n: n * 10),
        st.integers(0, 1_000),
    ),
    min_size=10,
    max_size=40,
)


class Life:
    """Random steps against one simulator; refusals are part of life."""

    def __init__(self) -> None:
        self.simulator = Simulator(now=lambda: START)

    async def post(self, path: str, account: str | None = None, **told: Any) -> dict[str, Any]:
        headers = HEADERS | ({"stripe-account": account} if account else {})
        body = json.dumps(told) if path.startswith("/v2/") else urlencode(told)
        answer = await self.simulator.handle(Request("post", path, "", body.encode(), headers))
        assert answer.status < 500, answer.body
        return answer.body

    def some(self, owner: str, kind: str, which: int) -> str:
        rows = self.simulator.state.store.of(owner, kind)
        return str(rows[which % len(rows)].body["id"]) if rows else "none"

    def account(self, which: int) -> str:
        accounts = list(self.simulator.state.accounts)
        return accounts[which % len(accounts)] if accounts else "acct_none"

    async def step(self, what: str, currency: str, amount: int, which: int) -> None:
        world, account = self.simulator.world, self.account(which)
        match what:
            case "fund" | "debit":
                await self.fund(what, currency, amount, which)
            case "account":
                told = {"identity": {"country": "us"}, "configuration": {"recipient": {}}}
                made = await self.post("/v2/core/accounts", **told)
                world.onboard(made["id"], BANKS[which % 2], bank_fails_late=which % 3 == 0)
            case "transfer":
                await self.post("/v1/transfers", amount=amount, currency=currency, destination=account)
            case "reverse":
                await self.post(f"/v1/transfers/{self.some(PLATFORM, 'transfer', which)}/reversals")
            case "refund":
                world.hold_refunds(which % 2 == 0)
                await self.post("/v1/refunds", charge=self.some(PLATFORM, "charge", which), amount=amount)
            case "fail_refund":
                world.fail_refund(self.some(PLATFORM, "refund", which))
            case "dispute":
                world.dispute(self.some(PLATFORM, "charge", which))
            case "end_dispute":
                world.end_dispute(self.some(PLATFORM, "dispute", which), won=which % 2 == 0)
            case "payout":
                await self.post("/v1/payouts", account if which % 2 else None, amount=amount, currency=currency)
            case "cancel":
                newest = self.some(PLATFORM, "payout", -1)
                await self.post(f"/v1/payouts/{newest}/cancel")
            case "fail_payout":
                world.fail_payout(self.some(account, "payout", which))
            case "advance":
                self.simulator.advance(which * 500)
            case "fee":
                world.charge_monthly_fee(currency, amount)
            case "bank":
                world.change_bank(account, BANKS[which % 2])
            case "restrict":
                (world.restrict if which % 2 else world.unrestrict)(account)

    async def fund(self, what: str, currency: str, amount: int, which: int) -> None:
        price = {"line_items[0][price_data][currency]": currency, "line_items[0][price_data][unit_amount]": amount}
        told = {"line_items[0][price_data][product_data][name]": "x", "line_items[0][quantity]": 1, **price}
        session = await self.post("/v1/checkout/sessions", mode="payment", success_url="https://x.example", **told)
        if "id" not in session:
            return
        if what == "debit":
            self.simulator.world.pay_later(session["id"], DAY_S, fails=which % 2 == 0)
        else:
            self.simulator.world.pay(session["id"], ["4242424242424242", "4000000000000077"][which % 2])

    def assert_payouts_add_up(self) -> None:
        """An automatic payout is exactly the balance transactions it is made of."""
        store = self.simulator.state.store
        for owner in store.owners("payout"):
            for payout in store.of(owner, "payout"):
                rows = [store.get(id_) for id_ in payout.hidden["transactions"]]
                assert sum(row.body["net"] for row in rows if row) == 0


async def furnished() -> Life:
    """A life with money in every currency and recipients, so that steps find something to act on."""
    life = Life()
    for currency in FIXED_FEE:
        await life.step("fund", currency, 30_000, 1)
    for which in range(4):
        await life.step("account", "usd", 10, which)
        await life.step("transfer", "usd", 1_000, which)
    return life


async def live(life: Life, steps: Iterable[Step]) -> None:
    for step in steps:
        with suppress(StripeRefusal):
            await life.step(*step)
        assert_books_agree(life.simulator)
        life.assert_payouts_add_up()
    life.simulator.advance(10 * DAY_S)
    assert_books_agree(life.simulator)
    life.assert_payouts_add_up()
    assert life.simulator.off_spec == []


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_books_agree_after_every_step(steps: list[Step]) -> None:
    async def go() -> None:
        await live(await furnished(), steps)

    asyncio.run(go())


async def test_a_long_life_moves_money_in_every_way() -> None:
    rng, life = Random(5), await furnished()
    currencies = sorted(FIXED_FEE)
    steps = [
        (rng.choice(WHATS), rng.choice(currencies), rng.randint(1, 300) * 10, rng.randint(0, 1_000)) for _ in range(600)
    ]
    await live(life, steps)
    store = life.simulator.state.store
    kinds = {
        row.body["type"]
        for owner in store.owners("balance_transaction")
        for row in store.of(owner, "balance_transaction")
    }
    assert kinds == {
        "adjustment", "charge", "payment", "payment_refund", "payout", "payout_cancel", "payout_failure", "refund",
        "refund_failure", "stripe_fee", "transfer", "transfer_refund",
    }  # fmt: skip
