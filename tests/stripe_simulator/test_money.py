"""Money through the simulator, asked for with the real stripe package."""

import pytest
import stripe
from tests.stripe_simulator.conftest import DAY_S, START, Stage, refused


async def test_somebody_pays_and_a_recipient_is_paid(stage: Stage) -> None:
    account = await stage.recipient()
    session = await stage.fund()
    assert (session.status, session.payment_status, session.amount_total) == ("complete", "paid", 10_000)
    expanded = await stage.client.v1.checkout.sessions.retrieve_async(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    booked = expanded.payment_intent.latest_charge.balance_transaction
    assert (booked.amount, booked.fee, booked.net) == (10_000, 320, 9_680)

    transfer = await stage.transfer(account, 2_500, key="payout:1")
    held = await stage.client.v1.balance.retrieve_async(options={"stripe_account": account})
    assert [(b.amount, b.currency) for b in held.available] == [(2_500, "usd")]

    stage.simulator.advance(4 * DAY_S)
    payouts = await stage.client.v1.payouts.list_async(options={"stripe_account": account})
    assert [(p.amount, p.status, p.automatic) for p in payouts.data] == [(2_500, "paid", True)]
    rows = await stage.client.v1.balance_transactions.list_async(
        {"payout": payouts.data[0].id, "expand": ["data.source"]}, {"stripe_account": account}
    )
    assert {row.type for row in rows.data} == {"payment", "payout"}
    sources = [row.source for row in rows.data if row.type == "payment"]
    assert [(s.id, s.source_transfer) for s in sources] == [(transfer.destination_payment, transfer.id)]


async def test_card_money_is_pending_for_two_days(stage: Stage) -> None:
    await stage.fund(card="4242424242424242")
    account = await stage.recipient()
    assert await refused(stage.transfer(account)) == (400, "balance_insufficient")
    stage.simulator.advance(2 * DAY_S)
    assert (await stage.transfer(account)).amount == 1_000


@pytest.mark.parametrize(
    ("currency", "amount", "fee"), [("usd", 5_000, 175), ("eur", 5_000, 170), ("jpy", 5_000, 175), ("kwd", 5_000, 250)]
)
async def test_currencies_have_their_own_balances(stage: Stage, currency: str, amount: int, fee: int) -> None:
    await stage.fund(amount, currency)
    assert stage.simulator.world.balance() == {currency: {"available": amount - fee, "pending": 0}}
    account = await stage.recipient()
    await stage.transfer(account, 1_000, currency)
    assert stage.simulator.world.balance(account)[currency]["available"] == 1_000


async def test_three_decimals_end_in_zero(stage: Stage) -> None:
    assert await refused(stage.session(5_001, "kwd")) == (400, None)
    await stage.fund(5_000, "kwd")
    account = await stage.recipient("kw")
    assert await refused(stage.transfer(account, 101, "kwd")) == (400, None)


async def test_declined_card_leaves_the_session_open(stage: Stage) -> None:
    session = await stage.fund(card="4000000000000002")
    assert (session.status, session.payment_status) == ("open", "unpaid")
    intent = await stage.client.v1.payment_intents.retrieve_async(session.payment_intent, {"expand": ["latest_charge"]})
    assert (intent.status, intent.latest_charge.failure_code) == ("requires_payment_method", "card_declined")
    stage.simulator.world.pay(session.id)
    assert (await stage.client.v1.checkout.sessions.retrieve_async(session.id)).payment_status == "paid"


@pytest.mark.parametrize(("fails", "status"), [(False, "paid"), (True, "unpaid")])
async def test_debit_takes_days(stage: Stage, fails: bool, status: str) -> None:
    session = await stage.session()
    stage.simulator.world.pay_later(session.id, after_s=3 * DAY_S, fails=fails)
    shown = await stage.client.v1.checkout.sessions.retrieve_async(session.id)
    assert (shown.status, shown.payment_status) == ("complete", "unpaid")
    stage.simulator.advance(3 * DAY_S)
    assert (await stage.client.v1.checkout.sessions.retrieve_async(session.id)).payment_status == status
    told = {e.type async for e in (await stage.client.v1.events.list_async()).auto_paging_iter()}
    assert f"checkout.session.async_payment_{'failed' if fails else 'succeeded'}" in told


async def test_sessions_expire(stage: Stage) -> None:
    first, second = await stage.session(), await stage.session()
    await stage.client.v1.checkout.sessions.expire_async(first.id)
    stage.simulator.advance(DAY_S)
    found = await stage.client.v1.checkout.sessions.list_async({"status": "expired"})
    assert {row.id for row in found.data} == {first.id, second.id}
    assert await refused(stage.client.v1.checkout.sessions.expire_async(first.id)) == (400, None)


async def test_accounts_that_cannot_receive(stage: Stage) -> None:
    await stage.fund()
    account = await stage.recipient(onboarded=False)
    assert await refused(stage.transfer(account)) == (400, "insufficient_capabilities_for_transfer")
    stage.simulator.world.onboard(account)
    await stage.transfer(account)
    stage.simulator.world.restrict(account)
    assert await refused(stage.transfer(account)) == (400, "insufficient_capabilities_for_transfer")
    shown = await stage.client.v2.core.accounts.retrieve_async(account, {"include": ["configuration.recipient"]})
    assert shown.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status == "restricted"
    assert not (await stage.client.v1.accounts.retrieve_async(account)).payouts_enabled
    assert await refused(stage.client.v2.core.accounts.close_async(account)) == (400, "account_balance_non_zero")
    stage.simulator.world.unrestrict(account)
    stage.simulator.advance(2 * DAY_S)
    assert (await stage.client.v2.core.accounts.close_async(account)).closed
    assert await refused(stage.transfer(account)) == (400, "resource_missing")


async def test_bank_refuses_and_the_money_goes_out_again(stage: Stage) -> None:
    await stage.fund()
    account = await stage.recipient(bank="000111111116")
    await stage.transfer(account)
    stage.simulator.advance(4 * DAY_S)
    options: stripe.RequestOptions = {"stripe_account": account}
    failed = (await stage.client.v1.payouts.list_async(options=options)).data
    assert [(p.status, p.failure_code) for p in failed] == [("failed", "no_account")]
    assert stage.simulator.world.balance(account)["usd"]["available"] == 1_000

    stage.simulator.world.change_bank(account)
    stage.simulator.advance(4 * DAY_S)
    again = (await stage.client.v1.payouts.list_async({"status": "paid"}, options)).data
    rows = await stage.client.v1.balance_transactions.list_async({"payout": again[0].id}, options)
    assert sorted((row.type, row.net) for row in rows.data) == [("payout", -1_000), ("payout_failure", 1_000)]


async def test_bank_sends_it_back_after_it_was_paid(stage: Stage) -> None:
    await stage.fund()
    account = await stage.recipient(bank="000111111113", bank_fails_late=True)
    transfer = await stage.transfer(account)
    stage.simulator.advance(6 * DAY_S)
    told = [e.type for e in (await stage.client.v1.events.list_async(options={"stripe_account": account})).data]
    assert told.index("payout.failed") < told.index("payout.paid")
    reversal = await stage.client.v1.transfers.reversals.create_async(transfer.id)
    assert reversal.amount == 1_000
    assert (await stage.client.v1.transfers.retrieve_async(transfer.id)).reversed


async def test_reversal_needs_the_money(stage: Stage) -> None:
    await stage.fund()
    account = await stage.recipient()
    transfer = await stage.transfer(account)
    partial = await stage.client.v1.transfers.reversals.create_async(transfer.id, {"amount": 400})
    booked = await stage.client.v1.balance_transactions.retrieve_async(partial.balance_transaction)
    assert (booked.type, booked.net) == ("transfer_refund", 400)
    stage.simulator.advance(DAY_S)
    reverse = stage.client.v1.transfers.reversals.create_async
    assert await refused(reverse(transfer.id)) == (400, "balance_insufficient")
    assert await refused(reverse(transfer.id, {"amount": 601})) == (400, None)


async def test_payout_by_hand_and_manual_schedule(stage: Stage) -> None:
    await stage.fund()
    account = await stage.recipient()
    options: stripe.RequestOptions = {"stripe_account": account}
    changed = await stage.client.v1.balance_settings.update_async(
        {"payments": {"payouts": {"schedule": {"interval": "manual"}}}}, options
    )
    assert changed.payments.payouts.schedule.interval == "manual"
    await stage.transfer(account)
    stage.simulator.advance(30 * DAY_S)
    assert (await stage.client.v1.payouts.list_async(options=options)).data == []
    payout = await stage.client.v1.payouts.create_async({"amount": 600, "currency": "usd"}, options)
    assert (await stage.client.v1.payouts.cancel_async(payout.id, options=options)).status == "canceled"
    kept = await stage.client.v1.payouts.create_async({"amount": 600, "currency": "usd"}, options)
    stage.simulator.advance(3 * DAY_S)
    assert (await stage.client.v1.payouts.retrieve_async(kept.id, options=options)).status == "paid"
    listing = stage.client.v1.balance_transactions.list_async({"payout": kept.id}, options)
    assert await refused(listing) == (400, None)


async def test_refunds_wait_and_fail(stage: Stage) -> None:
    session = await stage.fund()
    told = {"payment_intent": session.payment_intent, "amount": 4_000}
    refund = await stage.client.v1.refunds.create_async(told)
    assert refund.status == "succeeded"
    stage.simulator.world.hold_refunds()
    waiting = await stage.client.v1.refunds.create_async(told)
    assert waiting.status == "pending"
    assert await refused(stage.client.v1.refunds.create_async(told)) == (400, None)
    stage.simulator.world.settle_refund(waiting.id)
    stage.simulator.world.fail_refund(refund.id)
    shown = await stage.client.v1.refunds.retrieve_async(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (shown.status, shown.failure_balance_transaction.type) == ("failed", "refund_failure")
    assert stage.simulator.world.balance()["usd"]["available"] == 9_680 - 4_000


async def test_refund_without_money_waits_for_it(stage: Stage) -> None:
    session = await stage.fund()
    await stage.transfer(await stage.recipient(), 9_000)
    refund = await stage.client.v1.refunds.create_async({"payment_intent": session.payment_intent})
    assert (refund.status, refund.balance_transaction) == ("pending", None)
    stage.simulator.world.add_funds("usd", 10_000)
    stage.simulator.advance(DAY_S)
    assert (await stage.client.v1.refunds.retrieve_async(refund.id)).status == "succeeded"


@pytest.mark.parametrize(("won", "left"), [(True, 9_680 - 1_500), (False, 9_680 - 1_500 - 10_000)])
async def test_disputes_take_the_money_and_a_fee(stage: Stage, won: bool, left: int) -> None:
    session = await stage.fund()
    intent = await stage.client.v1.payment_intents.retrieve_async(session.payment_intent)
    dispute = stage.simulator.world.dispute(intent.latest_charge)
    assert stage.simulator.world.balance()["usd"]["available"] == 9_680 - 10_000 - 1_500
    stage.simulator.world.end_dispute(dispute["id"], won=won)
    shown = await stage.client.v1.disputes.retrieve_async(dispute["id"])
    assert shown.status == ("won" if won else "lost")
    assert sum(row.net for row in shown.balance_transactions) == left - 9_680
    assert stage.simulator.world.balance()["usd"]["available"] == left


async def test_monthly_fee_is_a_movement_without_a_source(stage: Stage) -> None:
    await stage.fund()
    stage.simulator.world.charge_monthly_fee("usd", 200)
    rows = (await stage.client.v1.balance_transactions.list_async({"type": "stripe_fee"})).data
    assert [(row.net, row.source) for row in rows] == [(-200, None)]


async def test_lists_have_pages_and_filters(stage: Stage) -> None:
    await stage.fund(50_000)
    first, second = await stage.recipient(), await stage.recipient()
    for n in range(7):
        await stage.transfer(first if n % 2 else second, 100 + n)
        stage.simulator.advance(10)
    pages = await stage.client.v1.transfers.list_async({"limit": 2})
    assert [t.amount async for t in pages.auto_paging_iter()] == [106, 105, 104, 103, 102, 101, 100]
    to_first = await stage.client.v1.transfers.list_async({"destination": first})
    assert [t.amount for t in to_first.data] == [105, 103, 101]
    assert len((await stage.client.v1.transfers.list_async({"transfer_group": "payout:1"})).data) == 7
    assert (await stage.client.v1.transfers.list_async({"transfer_group": "payout:2"})).data == []
    since = await stage.client.v1.transfers.list_async({"created": {"gte": START + 50}})
    assert [t.amount for t in since.data] == [106, 105]
    before = await stage.client.v1.transfers.list_async({"limit": 2, "ending_before": to_first.data[1].id})
    assert [t.amount for t in before.data] == [105, 104]
