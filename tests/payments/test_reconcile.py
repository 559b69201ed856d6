"""What Stripe moved is compared with our books: each movement is explained to the coin, or shown and warned of."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.http.conftest import Newcomer
from tests.payments.conftest import Stage

from we1web.coordinator.loops.ledger_fold import LedgerFold
from we1web.coordinator.loops.rail_reconcile import RailReconcile
from we1web.coordinator.rail_errors import RailUnavailable
from we1web.coordinator.storage import audit


async def checks(stage: Stage, loop: RailReconcile | None = None) -> dict[str, tuple[int, int]]:
    """Per currency after a run: the difference, and how many movements nothing explains."""
    await stage.turn(loop or RailReconcile(stage.services))
    rows = await stage.fetch("select currency, difference_micros, unexplained from public.rail_checks")
    return {row["currency"]: (row["difference_micros"], row["unexplained"]) for row in rows}


async def explanations(stage: Stage) -> dict[str, str | None]:
    rows = await stage.fetch("select type, explained_by from public.rail_movements order by at, id")
    return {row["type"]: row["explained_by"] for row in rows}


async def test_payments_refunds_disputes_and_fees_are_explained(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    refunded, disputed = await stage.paid(person), await stage.paid(person)
    await stage.paid(person, 20_000_000, "eur")
    await person.http.post(f"/api/payments/fundings/{refunded['id']}/refund", json={"amount_micros": 5_000_000})
    await stage.loops()
    (row,) = await stage.fetch("select refund_id from public.funding_refunds")
    stage.stripe.world.fail_refund(row["refund_id"])
    dispute = stage.stripe.world.dispute(disputed["charge"])
    stage.stripe.world.end_dispute(dispute["id"], won=True)
    fee = stage.stripe.world.charge_monthly_fee("usd", 200)
    topup = stage.stripe.world.add_funds("usd", 7_000)
    await stage.notices()
    assert await checks(stage) == {"usd": (0, 0), "eur": (0, 0)}
    assert await checks(stage) == {"usd": (0, 0), "eur": (0, 0)}
    found = await explanations(stage)
    assert set(found) == {"charge", "refund", "refund_failure", "adjustment", "stripe_fee", "topup"}
    assert found["stripe_fee"] == f"rail-cost:stripe:{fee['id']}"
    assert found["topup"] == f"rail-own:stripe:{topup['id']}"
    assert -await stage.clearing() == stage.held() * 10_000


async def test_more_movements_than_a_page_are_all_read(stage: Stage) -> None:
    for _ in range(230):
        stage.stripe.world.add_funds("usd", 100)
    loop = RailReconcile(stage.services)
    assert await checks(stage, loop) == {"usd": (0, 0)}
    assert len(await stage.fetch("select from public.rail_movements")) == 230
    stage.move(hours=3)
    stage.stripe.world.add_funds("usd", 100)
    assert await checks(stage, loop) == {"usd": (0, 0)}
    before = len(stage.stripe.requests)
    assert await checks(stage, loop) == {"usd": (0, 0)}
    assert len(stage.stripe.requests) == before + 1
    assert -await stage.clearing() == stage.held() * 10_000


async def test_what_nobody_booked_is_shown_and_after_a_while_warned_of(
    stage: Stage, newcomer: Newcomer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    person = await newcomer()
    funding = await stage.opened(person)
    stage.stripe.world.pay(await stage.session(funding))
    assert await checks(stage) == {"usd": (9_410_000, 1)}
    stage.move(minutes=2)
    await checks(stage)
    assert "our books differ" not in capsys.readouterr().out + caplog.text
    stage.move(minutes=4)
    await checks(stage)  # by a coordinator that was restarted: since when they differ is not forgotten
    assert "our books differ" in capsys.readouterr().out + caplog.text
    (shown,) = (await stage.site.operator.get("/api/operator/money")).json()["checks"]
    assert (
        timedelta(minutes=6)
        <= datetime.fromisoformat(shown["checked_at"]) - datetime.fromisoformat(shown["differs_since"])
        < timedelta(minutes=7)
    )
    metrics = stage.services.metrics.render().decode()
    assert 'we1web_rail_unexplained{currency="usd",rail="stripe"} 1.0' in metrics
    await stage.loops()
    assert await checks(stage) == {"usd": (0, 0)}
    (shown,) = (await stage.site.operator.get("/api/operator/money")).json()["checks"]
    assert shown["differs_since"] is None


async def test_a_check_goes_on_from_the_last_one(stage: Stage, newcomer: Newcomer) -> None:
    """Movements are added to a running sum and not summed again each minute; the audit compares the two."""
    change = "update public.rail_checks set rail_micros = rail_micros + $1"
    await stage.paid(await newcomer())
    assert await checks(stage) == {"usd": (0, 0)}
    await stage.fetch(change, 10_000)
    await stage.paid(await newcomer())
    assert await checks(stage) == {"usd": (10_000, 0)}
    async with stage.services.database.snapshot() as connection:
        (found,) = [one async for one in audit.differences(connection, ["rails"])]
    assert found.found - found.expected == 10_000
    await stage.fetch(change, -10_000)
    assert await checks(stage) == {"usd": (0, 0)}


async def test_a_movement_that_is_a_cent_off_stays_open(stage: Stage, newcomer: Newcomer) -> None:
    await stage.paid(await newcomer())
    moved = stage.stripe.state.store.of("platform", "balance_transaction")[0].body
    moved.update(fee=moved["fee"] + 1, net=moved["net"] - 1)
    stage.stripe.state.balance("platform", "usd").available -= 1
    assert await checks(stage) == {"usd": (-10_000, 1)}


async def test_stripe_down_is_no_difference(stage: Stage, newcomer: Newcomer) -> None:
    await stage.paid(await newcomer())
    assert await checks(stage) == {"usd": (0, 0)}
    stage.stripe.down(3_600)
    with pytest.raises(RailUnavailable):
        await stage.turn(RailReconcile(stage.services))
    stage.move(hours=2)
    assert await checks(stage) == {"usd": (0, 0)}


async def test_folding_leaves_every_balance_as_it_was(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    await stage.paid(person)
    before = await stage.fetch("select id, balance from ledger.balances order by id")
    assert await stage.turn(LedgerFold()) == 2
    assert await stage.turn(LedgerFold()) == 0
    assert await stage.fetch("select id, balance from ledger.balances order by id") == before
    assert await stage.fetch("select from ledger.unfolded") == []
    (row,) = await stage.fetch(
        "select balance from ledger.accounts where owner_id = $1 and kind = 'wallet'", UUID(person.id)
    )
    assert row["balance"] == 10_000_000
