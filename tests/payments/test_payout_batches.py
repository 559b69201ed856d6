"""The rail without a third party: an operator exports a SEPA file and confirms it; people are paid once."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Person
from tests.payments.conftest import assert_audited
from tests.payments.paying import IBAN, Desk, desk

TEN = 10_000_000
BANK = {"bank_name": "WE1WEB Network", "bank_iban": "NL91ABNA0417164300", "bank_bic": "ABNANL2A"}


@pytest_asyncio.fixture(loop_scope="session")
async def paying(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(postgres, tmp_path_factory.mktemp("manual"), **BANK) as made:
        yield made
        sums = await made.fetch("select currency, sum(balance)::bigint n from ledger.balances group by currency")
        assert [row["n"] for row in sums if row["n"]] == []


async def asked(at: Desk, n: int) -> list[tuple[Person, dict[str, Any]]]:
    """People whose payouts wait for the operator."""
    waiting = []
    for _ in range(n):
        person = await at.person()
        account = await at.account(person, "eur", "manual")
        await at.earn(person, TEN + 1_234, "eur")
        waiting.append((person, await at.ask(person, account, "eur")))
    assert await at.send() == n
    return waiting


async def export(at: Desk, key: str | None = None) -> dict[str, Any]:
    headers = {"Idempotency-Key": key or str(uuid4())}
    answer = await at.site.operator.post("/api/operator/payout-batches", json={}, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_exported_once_confirmed_once_and_each_is_paid_or_has_it_back(paying: Desk) -> None:
    people = await asked(paying, 3)
    assert await paying.send() == 0  # an operator's turn: no rail is asked again
    made = await export(paying, "first")
    assert await export(paying, "first") == made
    batch = made["batch"]
    assert (batch["payouts"], batch["total_micros"]) == (3, 3 * TEN)
    refused = await paying.site.operator.post("/api/operator/payout-batches", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_export")
    assert await paying.balance("in_flight", "eur") == 3 * TEN
    (ada, kept), (bob, _), (cy, lost) = people
    rejected = [{"payout_id": lost["id"], "reason": "account closed"}]
    url = f"/api/operator/payout-batches/{batch['id']}/confirm"
    foreign = await paying.site.operator.post(url, json={"rejected": [{"payout_id": str(uuid4()), "reason": "?"}]})
    assert (foreign.status_code, foreign.json()["code"]) == (422, "invalid_request")
    assert (await paying.site.operator.post(url, json={"rejected": rejected})).json()["state"] == "closed"
    again = await paying.site.operator.post(url, json={"rejected": rejected})
    assert (again.status_code, again.json()["code"]) == (409, "batch_closed")
    assert (await paying.story(ada, kept))["state"] == "paid"
    failed = await paying.story(cy, lost)
    assert (failed["state"], failed["reason"], failed["detail"]) == ("failed", "bank_rejected", "account closed")
    assert await paying.balance("earnings", "eur", cy.id) == TEN + 1_234
    assert await paying.balance("earnings", "eur", bob.id) == 1_234
    assert await paying.balance("in_flight", "eur") == 0
    assert await paying.send() == 0


async def test_the_file_is_the_same_whenever_it_is_asked_for_and_pays_whom_it_should(paying: Desk) -> None:
    people = await asked(paying, 2)
    batch = (await export(paying))["batch"]
    url = f"/api/operator/payout-batches/{batch['id']}/file"
    first, second = [await paying.site.operator.get(url) for _ in range(2)]
    assert first.status_code == 200 and first.content == second.content
    tree = ET.fromstring(first.content)
    ids = [e.text for e in tree.iter() if e.tag.endswith("}EndToEndId")]
    assert ids == [payout["id"].replace("-", "") for _, payout in people]
    assert [e.text for e in tree.iter() if e.tag.endswith("}InstdAmt")] == ["10.00", "10.00"]
    ibans = [e.text for e in tree.iter() if e.tag.endswith("}IBAN")]
    assert ibans == [BANK["bank_iban"], IBAN, IBAN]
    assert (await people[0][0].http.get(url)).json()["code"] == "operator_only"
    assert (await paying.site.operator.get(url.replace(batch["id"], str(uuid4())))).status_code == 404


async def test_what_no_bank_takes_goes_back_and_holds_nobody_up(paying: Desk) -> None:
    (ada, bad), (_, good) = await asked(paying, 2)
    await paying.fetch("update payout_accounts set holder = '***' where user_id::text = $1", ada.id)
    made = await export(paying)
    assert (made["refused"], made["batch"]["payouts"]) == (1, 1)
    assert (await paying.story(ada, bad))["reason"] == "bad_bank_account"
    assert await paying.balance("earnings", "eur", ada.id) == TEN + 1_234
    assert good["state"] == "requested"


async def test_a_rejected_payment_is_exchanged_back_too(paying: Desk) -> None:
    person = await paying.person()
    account = await paying.account(person, "eur", "manual")
    await paying.earn(person, TEN)
    insert = "insert into fx_rates values ($1, 'usd', 'eur', 900000000, 'test', now())"
    await paying.fetch(insert, paying.clock.now().date())
    payout = await paying.ask(person, account)
    await paying.send()
    batch = (await export(paying))["batch"]
    rejected = {"rejected": [{"payout_id": payout["id"], "reason": "account closed"}]}
    confirmed = await paying.site.operator.post(f"/api/operator/payout-batches/{batch['id']}/confirm", json=rejected)
    assert confirmed.status_code == 200, confirmed.text
    assert await paying.balance("earnings", "usd", person.id) == TEN
    assert await paying.balance("earnings", "eur", person.id) == 0
    await assert_audited(paying.services)


async def test_a_transfer_that_comes_back_later_is_in_the_earnings_again(paying: Desk) -> None:
    ((ada, payout),) = await asked(paying, 1)
    url = f"/api/operator/payouts/{payout['id']}/return"
    early = await paying.site.operator.post(url, json={"reason": "?"})
    assert (early.status_code, early.json()["code"]) == (409, "not_returnable")
    batch = (await export(paying))["batch"]
    await paying.site.operator.post(f"/api/operator/payout-batches/{batch['id']}/confirm", json={})
    assert (await ada.http.post(url, json={"reason": "mine"})).json()["code"] == "operator_only"
    back = await paying.site.operator.post(url, json={"reason": "AC04"})
    assert (back.status_code, back.json()["state"], back.json()["detail"]) == (200, "returned", "AC04")
    assert (await paying.site.operator.post(url, json={"reason": "AC04"})).status_code == 409
    assert await paying.balance("earnings", "eur", ada.id) == TEN + 1_234


async def test_other_currencies_are_refused(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada, "usd", "manual")
    await paying.earn(ada, TEN)
    refused = await ada.http.post("/api/payments/payout", json={"account_id": account, "currency": "usd"})
    assert (refused.status_code, refused.json()["code"]) == (422, "rail_currency_unsupported")
