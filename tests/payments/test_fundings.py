"""Money in against a simulated Stripe: paid once whatever is lost, doubled or late; bad orders cost nothing."""

from uuid import UUID

import pytest
from tests.http.conftest import Newcomer, order
from tests.payments.conftest import IBAN, Stage, ask

from we1web.coordinator.loops.funding_reads import FundingReads
from we1web.testing.stripe_simulator.webhooks import Trouble


async def test_a_card_payment_is_in_the_wallet_and_its_fee_is_the_platforms(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.opened(person)
    assert funding["state"] == "open" and funding["url"].startswith("http")
    stage.stripe.world.pay(await stage.session(funding))
    await stage.notices()
    assert await stage.balance(person) == 10_000_000
    assert await stage.state(funding) == "paid"
    shown = (await person.http.get(f"/api/payments/fundings/{funding['id']}")).json()
    assert (shown["state"], shown["url"], shown["refunds"]) == ("paid", None, [])
    assert -await stage.clearing() == stage.held() * 10_000 == 10_000_000 - 590_000
    events = await stage.fetch("select event, actor_kind from public.money_events where subject_id = $1", funding["id"])
    assert [(e["event"], e["actor_kind"]) for e in events] == [("open", "user"), ("paid", "rail")]


async def test_a_payer_who_comes_back_sees_it_without_a_notice(stage: Stage, newcomer: Newcomer) -> None:
    """And however often the page asks, Stripe is asked once in five seconds, and never for what is known."""
    person, other = await newcomer(), await newcomer()
    funding = await stage.opened(person)
    path = f"/api/payments/fundings/{funding['id']}/check"
    assert (await other.http.post(path)).status_code == 404
    assert (await person.http.post(path)).json()["state"] == "open"
    stage.stripe.world.pay(await stage.session(funding))
    asked = len(stage.stripe.requests)
    assert (await person.http.post(path)).json()["state"] == "open"
    assert len(stage.stripe.requests) == asked
    stage.move(seconds=6)
    assert (await person.http.post(path)).json()["state"] == "paid"
    assert await stage.balance(person) == 10_000_000
    asked = len(stage.stripe.requests)
    stage.move(seconds=6)
    assert (await person.http.post(path)).json()["state"] == "paid"
    assert len(stage.stripe.requests) == asked
    (event,) = await stage.fetch("select actor_kind, cause from public.money_events where event = 'paid'")
    assert tuple(event.values()) == ("rail", "read when the payer came back")


async def test_a_payer_who_comes_back_while_stripe_is_down_sees_what_is_known(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.opened(person)
    stage.stripe.down(3_600)
    answer = await person.http.post(f"/api/payments/fundings/{funding['id']}/check")
    assert (answer.status_code, answer.json()["state"]) == (200, "open")


@pytest.mark.parametrize(
    ("currency", "micros"), [("eur", 12_340_000), ("gbp", 5_000_000), ("jpy", 1_000_000_000), ("kwd", 2_010_000)]
)
async def test_each_currency_has_its_own_coins(stage: Stage, newcomer: Newcomer, currency: str, micros: int) -> None:
    person = await newcomer()
    await stage.paid(person, micros, currency)
    assert await stage.balance(person, currency=currency) == micros
    minor = {"jpy": 1_000_000, "kwd": 1_000}.get(currency, 10_000)
    assert -await stage.clearing(currency) == stage.held(currency) * minor


@pytest.mark.parametrize(
    ("micros", "currency", "rail", "code"),
    [
        (0, "usd", "stripe", "invalid_request"),
        (-1, "usd", "stripe", "invalid_request"),
        (4_990_000, "usd", "stripe", "bad_amount"),
        (5_000_001, "usd", "stripe", "bad_amount"),
        (10_000_010_000, "usd", "stripe", "bad_amount"),
        (1_000_500_000, "jpy", "stripe", "bad_amount"),
        (2_001_000, "kwd", "stripe", "bad_amount"),
        (5_000_000, "xxx", "stripe", "rail_missing"),
        (5_000_000, "usd", "manual", "rail_missing"),
        (5_000_000, "usd", "paypal", "invalid_request"),
    ],
)
async def test_bad_orders_leave_nothing(
    stage: Stage, newcomer: Newcomer, micros: int, currency: str, rail: str, code: str
) -> None:
    person = await newcomer()
    refused = await ask(person, micros, currency, rail)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert await stage.fetch("select from public.fundings") == []
    assert stage.stripe.requests == []


async def test_the_same_key_is_the_same_funding_and_another_body_is_refused(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    first, again = (await ask(person, key="k1")).json(), (await ask(person, key="k1")).json()
    assert first == again
    other = await ask(person, 20_000_000, key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert len(await stage.fetch("select from public.fundings")) == 1


async def test_a_user_opens_only_so_many(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    for _ in range(5):
        await stage.opened(person)
    refused = await ask(person)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_fundings")
    await stage.opened(await newcomer())


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "http_500_after", "rate_limit"])
async def test_a_silent_rail_leaves_one_session_however_often_it_is_asked(
    stage: Stage, newcomer: Newcomer, fault: str
) -> None:
    person = await newcomer()
    stage.stripe.faults.add(fault, "sessions")  # type: ignore[arg-type]
    refused = await ask(person, key="again")
    assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (503, "rail_unavailable", True)
    stage.stripe.faults.clear()
    if fault == "http_500_after":
        stage.move(hours=25)  # Stripe repeats a 500 for as long as it remembers the key
        await stage.turn(FundingReads(stage.services))
    else:
        opened = await ask(person, key="again")
        assert opened.json()["url"]
        assert len(stage.stripe.state.store.of("platform", "checkout.session")) == 1
    (row,) = await stage.fetch("select session_id from public.fundings")
    assert row["session_id"]


async def test_lost_notices_cost_time_only(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    stage.stripe.mail.trouble = Trouble(lost=1.0)
    funding = await stage.paid(person)
    assert await stage.balance(person) == 0
    stage.move(minutes=3)
    await stage.loops()
    assert await stage.balance(person) == 10_000_000
    assert await stage.state(funding) == "paid"


async def test_doubled_and_shuffled_notices_pay_once(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    stage.stripe.mail.trouble = Trouble(duplicated=1.0, delayed=0.5, shuffled=True)
    for _ in range(3):
        await stage.paid(person)
    stage.move(minutes=3)
    await stage.loops()
    assert await stage.balance(person) == 30_000_000
    assert -await stage.clearing() == stage.held() * 10_000


async def test_a_debit_is_processing_for_days_and_may_fail(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    good, bad = await stage.opened(person), await stage.opened(person)
    stage.stripe.world.pay_later(await stage.session(good))
    stage.stripe.world.pay_later(await stage.session(bad), fails=True)
    await stage.notices()
    assert (await stage.state(good), await stage.state(bad)) == ("processing", "processing")
    assert await stage.balance(person) == 0
    stage.move(days=6)
    await stage.notices()
    assert (await stage.state(good), await stage.state(bad)) == ("paid", "failed")
    assert await stage.balance(person) == 10_000_000


async def test_what_nobody_pays_expires(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.opened(person)
    stage.move(days=1, minutes=5)
    await stage.loops()
    assert await stage.state(funding) == "expired"


async def test_stripe_down_for_an_hour_is_waited_out(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.opened(person)
    stage.stripe.world.pay(await stage.session(funding))
    stage.stripe.down(3_600)
    await stage.notices()
    stage.move(minutes=30)
    await stage.loops()
    assert await stage.balance(person) == 0
    stage.move(hours=2)
    await stage.notices()
    assert await stage.balance(person) == 10_000_000


async def test_a_payment_whose_session_was_never_written_down_is_found_by_its_notice(
    stage: Stage, newcomer: Newcomer
) -> None:
    person = await newcomer()
    funding = await stage.opened(person)
    stage.stripe.world.pay(await stage.session(funding))
    await stage.fetch("update public.fundings set session_id = null, url = null, state = 'expired' returning id")
    await stage.notices()
    assert await stage.balance(person) == 10_000_000
    assert await stage.state(funding) == "paid"


async def test_fundings_of_others_look_like_none(stage: Stage, newcomer: Newcomer) -> None:
    owner, other = await newcomer(), await newcomer()
    funding = await stage.paid(owner)
    seen = await other.http.get(f"/api/payments/fundings/{funding['id']}")
    refund = await other.http.post(f"/api/payments/fundings/{funding['id']}/refund", json={})
    assert (seen.status_code, refund.status_code) == (404, 404)
    assert (await other.http.get("/api/payments/fundings")).json()["items"] == []
    assert [f["id"] for f in (await owner.http.get("/api/payments/fundings")).json()["items"]] == [funding["id"]]


async def test_a_bank_transfer_is_confirmed_once_with_what_arrived(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = (await ask(person, 50_000_000, "eur", "manual")).json()
    assert (funding["bank"]["iban"], funding["url"]) == (IBAN, None)
    written = funding["reference"].lower().replace("-", " ")
    found = (await stage.site.operator.get("/api/operator/fundings", params={"reference": written})).json()["items"]
    assert [(f["id"], f["email"]) for f in found] == [(funding["id"], person.email)]
    path = f"/api/operator/fundings/{funding['id']}/confirm"
    said = {"currency": "eur", "amount_micros": 49_000_000, "memo": "statement 7"}
    assert (await person.http.post(path, json=said)).status_code == 403
    wrong = await stage.site.operator.post(path, json=said | {"currency": "usd"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "currency_mismatch")
    fine = await stage.site.operator.post(path, json=said | {"amount_micros": 49_000_001})
    assert (fine.status_code, fine.json()["code"]) == (422, "bad_amount")
    assert (await stage.site.operator.post(path, json=said)).json()["state"] == "paid"
    again = await stage.site.operator.post(path, json=said)
    assert (again.status_code, again.json()["code"]) == (409, "already_paid")
    assert await stage.balance(person, currency="eur") == 49_000_000
    refused = await person.http.post(f"/api/payments/fundings/{funding['id']}/refund", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_refundable")


async def test_a_mistyped_reference_is_noticed(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    reference = (await ask(person, 50_000_000, "eur", "manual")).json()["reference"]
    swapped = reference[:-1] + ("2" if reference[-1] != "2" else "3")
    refused = await stage.site.operator.get("/api/operator/fundings", params={"reference": swapped})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_reference")


async def test_the_transfer_that_comes_after_its_time_is_still_money(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = (await ask(person, 50_000_000, "eur", "manual")).json()
    stage.move(days=31)
    await stage.loops()
    assert await stage.state(funding) == "expired"
    path, said = f"/api/operator/fundings/{funding['id']}/confirm", {"currency": "eur", "amount_micros": 50_000_000}
    assert (await stage.site.operator.post(path, json=said)).status_code == 200
    assert await stage.balance(person, currency="eur") == 50_000_000


async def test_a_disputed_payment_that_was_spent_is_a_debt_and_the_next_payment_pays_it(
    stage: Stage, newcomer: Newcomer
) -> None:
    person = await newcomer()
    funding = await stage.paid(person)
    digest = await person.upload(b"def double(x):\n    return 2 * x\n")
    job = await person.http.post("/api/jobs", json=order(1, program=digest, budget_micros=4_000_000))
    assert job.status_code == 200, job.text
    dispute = stage.stripe.world.dispute(funding["charge"])
    stage.stripe.mail.trouble = Trouble(duplicated=1.0, shuffled=True)
    await stage.notices()
    assert (await stage.balance(person), await stage.balance(person, "debt")) == (0, -4_000_000)
    refused = await person.http.post("/api/jobs", json=order(1, program=digest))
    assert (refused.status_code, refused.json()["code"]) == (402, "debt_outstanding")
    assert "4.00 USD" in refused.json()["hint"]
    await stage.paid(person, 6_000_000)
    assert (await stage.balance(person), await stage.balance(person, "debt")) == (2_000_000, 0)
    stage.stripe.world.end_dispute(dispute["id"], won=True)
    await stage.notices()
    assert await stage.balance(person) == 12_000_000
    assert -await stage.clearing() == stage.held() * 10_000
    (row,) = await stage.fetch("select disputed_micros from public.fundings where id = $1", UUID(funding["id"]))
    assert row["disputed_micros"] == 0


async def test_a_dispute_told_before_its_payment_is_booked_waits_for_nothing(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.opened(person)
    charge = stage.stripe.world.pay(await stage.session(funding))
    stage.stripe.state.unsent.clear()
    stage.stripe.world.dispute(charge["id"])
    await stage.notices()
    assert await stage.state(funding) == "paid"
    assert (await stage.balance(person), await stage.balance(person, "debt")) == (0, 0)
    assert -await stage.clearing() == stage.held() * 10_000
