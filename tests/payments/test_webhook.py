"""The webhook: forged, stale and garbled notices leave nothing; true ones are stored once, and worked through later."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import stripe
from pydantic import SecretStr
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Site, no_loops, run

from we1web.coordinator.loops.loop import run_once
from we1web.coordinator.loops.old_notices import OldNotices
from we1web.coordinator.loops.rail_notices import RailNotices
from we1web.coordinator.rail_errors import RailUnavailable
from we1web.coordinator.rail_handler import Notice, handler_of
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE

SECRET, OTHER = "whsec_one", "whsec_two"
Row = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A coordinator that knows a Stripe nobody answers for."""
    settings = {
        "stripe_secret_key": SecretStr("sk_test_x"),
        "stripe_webhook_secrets": SecretStr(f"{SECRET}, {OTHER}"),
        "stripe_api_url": "http://127.0.0.1:9",
    }
    async for running in run(await postgres.create(), tmp_path_factory.mktemp("site"), make_loops=no_loops, **settings):
        yield running


def snapshot(id_: str, type_: str = "nobody.waits", **changes: object) -> str:
    event = {"id": id_, "object": "event", "type": type_, "data": {"object": {"id": "obj_1", "amount": 9}}}
    return json.dumps(event | changes)


async def send(site: Site, body: str, *, secret: str = SECRET, age_s: float = 0) -> httpx2.Response:
    signed = int((datetime.now(UTC) - timedelta(seconds=age_s)).timestamp())
    header = stripe.WebhookSignature.generate_signature_header(body, secret, signed)
    async with site.client() as stripe_itself:
        return await stripe_itself.post("/api/payments/webhook", content=body, headers={"Stripe-Signature": header})


async def stored(site: Site, id_: str) -> list[Row]:
    async with site.app.services.database.transaction(SERVICE) as tx:
        return [dict(row) for row in await tx.fetch("select * from public.rail_notices where id = $1", id_)]


async def test_a_notice_is_stored_once_and_acknowledged_each_time(site: Site) -> None:
    first = await send(site, snapshot("evt_once", account="acct_1"))
    again = await send(site, snapshot("evt_once", account="acct_1"), secret=OTHER, age_s=250)
    assert (first.status_code, first.json()) == (200, {"fresh": True})
    assert (again.status_code, again.json()) == (200, {"fresh": False})
    (row,) = await stored(site, "evt_once")
    assert (row["rail"], row["account"], row["object_id"]) == ("stripe", "acct_1", "obj_1")


async def test_a_thin_event_names_its_object_and_its_account(site: Site) -> None:
    thin = {
        "id": "evt_thin",
        "object": "v2.core.event",
        "type": "v2.core.account.closed",
        "context": "acct_2",
        "related_object": {"id": "acct_2", "type": "v2.core.account", "url": "/v2/core/accounts/acct_2"},
    }
    assert (await send(site, json.dumps(thin))).status_code == 200
    (row,) = await stored(site, "evt_thin")
    assert (row["type"], row["account"], row["object_id"]) == ("v2.core.account.closed", "acct_2", "acct_2")


@pytest.mark.parametrize(("secret", "age_s"), [("whsec_forged", 0), (SECRET, 301), (SECRET, -301), (SECRET, 1e9)])
async def test_forged_and_stale_ones_leave_nothing(site: Site, secret: str, age_s: float) -> None:
    refused = await send(site, snapshot("evt_forged"), secret=secret, age_s=age_s)
    assert (refused.status_code, refused.json()["code"]) == (400, "webhook_invalid")
    assert await stored(site, "evt_forged") == []


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=abc", "t=x,v1=y", "t=1,v1=", "t=99999999999999999999,v1=a", "é", "t=1," * 500]
)
async def test_headers_that_are_none_are_refused(site: Site, header: str) -> None:
    async with site.client() as stranger:
        headers = {"Stripe-Signature": header.encode()}
        refused = await stranger.post("/api/payments/webhook", content=snapshot("evt_x"), headers=headers)  # type: ignore[arg-type]
    assert (refused.status_code, refused.json()["code"]) == (400, "webhook_invalid")


async def test_a_body_that_was_changed_on_the_way_is_refused(site: Site) -> None:
    body = snapshot("evt_changed")
    header = stripe.WebhookSignature.generate_signature_header(body, SECRET)
    async with site.client() as thief:
        headers = {"Stripe-Signature": header}
        changed = body.replace("obj_1", "obj_2")
        refused = await thief.post("/api/payments/webhook", content=changed, headers=headers)
    assert refused.status_code == 400
    assert await stored(site, "evt_changed") == []


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"id": 1, "type": "x"}', snapshot(""), snapshot("e" * 256), "\x00"])
async def test_a_signed_body_that_is_no_event_is_refused(site: Site, body: str) -> None:
    assert (await send(site, body)).status_code == 400


async def test_an_event_without_an_object_is_still_a_notice(site: Site) -> None:
    assert (await send(site, snapshot("evt_bare", data={"object": [1]}))).status_code == 200
    assert (await stored(site, "evt_bare"))[0]["object_id"] == ""


async def test_more_than_stripe_sends_is_not_read(site: Site) -> None:
    refused = await send(site, snapshot("evt_large", padding="x" * (256 << 10)))
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")


async def test_without_stripe_there_is_no_webhook(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> None:
    async for bare in run(await postgres.create(), tmp_path_factory.mktemp("bare")):
        assert (await send(bare, snapshot("evt_bare"))).status_code == 404


async def test_notices_wait_for_their_handler_and_types_of_nobody_end_at_once(site: Site) -> None:
    seen: list[Notice] = []

    async def third_time(_services: Services, notice: Notice) -> None:
        seen.append(notice)
        if len(seen) < 3:
            raise RailUnavailable("down")

    loop = RailNotices(site.app.services, {"charge.": third_time, "charge.dispute.": nothing})
    assert await run_once(site.app.services, RailNotices(site.app.services, {})) > 0
    await send(site, snapshot("evt_retry", "charge.refunded"))
    await send(site, snapshot("evt_other", "charge.dispute.created"))
    for minutes in (0, 1, 10):
        async with site.app.services.database.transaction(SERVICE) as tx:
            await loop.run_once(tx, datetime.now(UTC) + timedelta(minutes=minutes))
        await loop.committed()
        (row,) = await stored(site, "evt_retry")
        assert (row["done_at"] is None) == (len(seen) < 3)
    assert [notice.id for notice in seen] == ["evt_retry"] * 3
    assert (row["attempts"], row["error"]) == (3, "")
    assert (await stored(site, "evt_other"))[0]["done_at"] is not None


async def nothing(_services: Services, _notice: Notice) -> None:
    return None


async def test_what_failed_says_why_and_keeps_nobody_waiting(site: Site) -> None:
    async def broken(_services: Services, _notice: Notice) -> None:
        raise KeyError("a mistake of ours")

    await send(site, snapshot("evt_broken", "charge.updated"))
    await send(site, snapshot("evt_fine"))
    loop = RailNotices(site.app.services, {"charge.": broken})
    async with site.app.services.database.transaction(SERVICE) as tx:
        await loop.run_once(tx, datetime.now(UTC))
    await loop.committed()
    assert "a mistake of ours" in (await stored(site, "evt_broken"))[0]["error"]
    assert (await stored(site, "evt_fine"))[0]["done_at"] is not None


async def test_old_notices_are_forgotten_when_they_are_done(site: Site) -> None:
    await send(site, snapshot("evt_old"))
    await send(site, snapshot("evt_undone"))
    async with site.app.services.database.transaction(SERVICE) as tx:
        await tx.execute("update public.rail_notices set done_at = now() where id = 'evt_old'")
        assert await OldNotices().run_once(tx, datetime.now(UTC) + timedelta(days=29)) == 0
        assert await OldNotices().run_once(tx, datetime.now(UTC) + timedelta(days=31)) >= 1
    assert await stored(site, "evt_old") == []
    assert len(await stored(site, "evt_undone")) == 1


def test_the_longest_prefix_handles() -> None:
    table = {"charge.": nothing, "charge.dispute.": broken_handler}
    assert handler_of("charge.dispute.closed", table) is broken_handler
    assert handler_of("charge.refunded", table) is nothing
    assert handler_of("payout.paid", table) is None


async def broken_handler(_services: Services, _notice: Notice) -> None:
    raise AssertionError("not called")
