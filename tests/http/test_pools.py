"""Pools over HTTP: founding, joining, governing, leaving; and that nobody does what their role does not allow."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Newcomer, Person, Site, run
from tests.storage.rows import BY

from we1web.coordinator.actions import pool_keys
from we1web.coordinator.loops.pool_pots import PoolPots, few
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction

_numbers = itertools.count(1)


async def found(person: Person, **changes: Any) -> tuple[str, str]:
    """(path of a new pool, key to join it)"""
    order = {"name": f"Pool {next(_numbers)}", "commission_bps": 500, "split": "equal"} | changes
    answer = await person.http.post("/api/pools", json=order)
    assert answer.status_code == 201, answer.text
    return f"/api/pools/{answer.json()['pool']['id']}", answer.json()["key"]


async def join(person: Person, key: str) -> httpx2.Response:
    return await person.http.post("/api/pools/join", json={"key": key})


async def put_in(site: Site, pool: str, kind: AccountKind, amount: int, currency: str = "usd") -> None:
    """Money for a pool, from nowhere."""
    account = AccountRef(kind, pool=UUID(pool[-36:]), currency=currency)
    world = AccountRef(AccountKind.WORLD, currency=currency)
    gift = Transaction(f"gift:{next(_numbers)}", "fund", (Posting(world, -amount), Posting(account, amount)))
    async with site.app.services.database.transaction(SERVICE) as tx:
        assert await ledger.post(tx, gift, BY)


async def earned(person: Person, currency: str = "usd") -> int:
    balances = (await person.http.get("/api/payments/earnings")).json()["balances"]
    return sum(balance["earnings_micros"] for balance in balances if balance["currency"] == currency)


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_founder_owns_a_pool_and_others_join_with_its_key(site: Site, newcomer: Newcomer) -> None:
    ada, ben, eve = await newcomer(), await newcomer(), await newcomer()
    await ben.http.patch("/api/account", json={"display_name": "Ben"})
    pool, key = await found(ada)
    assert (await ben.http.get(pool)).status_code == 404
    seen = (await join(ben, f" {key}\n")).json()
    assert (seen["my_role"], seen["members"], seen["money"], seen["announced"]) == ("member", 2, None, None)
    assert (await ada.http.get("/api/pools/mine")).json()["pool"]["my_role"] == "owner"
    first = (await ben.http.get(f"{pool}/members", params={"limit": 1})).json()
    rest = (await ben.http.get(f"{pool}/members", params={"cursor": first["next_cursor"]})).json()
    assert [(m["user_id"], m["role"]) for m in first["items"]] == [(ada.id, "owner")]
    assert [(m["name"], m["role"]) for m in rest["items"]] == [("Ben", "member")]
    assert rest["next_cursor"] is None and rest["items"][0].keys() == {"user_id", "name", "role", "joined_at"}
    for path in (pool, f"{pool}/members"):
        assert refusal(await eve.http.get(path)) == (404, "not_found")
    assert (await eve.http.get("/api/pools/mine")).json() == {"pool": None}


async def test_one_pool_at_a_time_and_one_of_each_name(site: Site, newcomer: Newcomer) -> None:
    ada, ben = await newcomer(), await newcomer()
    _, key = await found(ada, name="Alps")
    order = {"name": "aLPS", "commission_bps": 0, "split": "equal"}
    assert refusal(await ben.http.post("/api/pools", json=order)) == (409, "pool_name_taken")
    _, other = await found(ben)
    for answer in (await join(ada, key), await join(ada, other), await join(ben, key)):
        assert refusal(answer) == (409, "already_in_pool")
    assert refusal(await ada.http.post("/api/pools", json=order | {"name": "New"})) == (409, "already_in_pool")
    _, again = await found(await newcomer(), name="New")
    assert again


@pytest.mark.parametrize("name", ["", " Alps", "Alps ", "Al\u200bps", "Al\nps", "A" * 65, "\u202eAlps"])
async def test_a_name_hides_nothing(site: Site, newcomer: Newcomer, name: str) -> None:
    order = {"name": name, "commission_bps": 0, "split": "equal"}
    assert (await (await newcomer()).http.post("/api/pools", json=order)).status_code == 422


@pytest.mark.parametrize("terms", [{"commission_bps": 5_001}, {"commission_bps": -1}, {"split": "mine"}])
async def test_terms_have_bounds(site: Site, newcomer: Newcomer, terms: dict[str, Any]) -> None:
    ada = await newcomer()
    pool, _ = await found(ada)
    order = {"commission_bps": 0, "split": "equal"} | terms
    assert (await ada.http.put(f"{pool}/terms", json=order)).status_code == 422


async def test_keys_are_random_stored_as_digests_and_void_when_renewed_or_somebody_is_removed(
    site: Site, newcomer: Newcomer
) -> None:
    ada, ben, eve = await newcomer(), await newcomer(), await newcomer()
    pool, key = await found(ada)
    async with site.app.services.database.transaction(SERVICE) as tx:
        stored = await tx.fetchval("select key_digest from pools where id = $1", UUID(pool[-36:]))
    assert stored == pool_keys.digest(key) and key.encode() not in stored
    for wrong in ("", key[:-1], key + "A", key.lower(), "we1pool_" + "é" * 24):
        assert (await join(ben, wrong)).status_code in (404, 422)
    newer = (await ada.http.post(f"{pool}/key")).json()["key"]
    assert newer != key and refusal(await join(ben, key)) == (404, "pool_key_invalid")
    assert (await join(ben, newer)).status_code == 200
    assert (await ada.http.delete(f"{pool}/members/{ben.id}")).status_code == 204
    assert refusal(await join(ben, newer)) == (404, "pool_key_invalid")
    assert (await ada.http.get(pool)).json()["open"] is False
    assert (await join(eve, (await ada.http.post(f"{pool}/key")).json()["key"])).status_code == 200


async def test_a_role_allows_what_its_row_of_the_table_says(site: Site, newcomer: Newcomer) -> None:
    ada, mia, ben, eve = [await newcomer() for _ in range(4)]
    pool, key = await found(ada)
    for person in (mia, ben):
        await join(person, key)
    made = await ada.http.put(f"{pool}/members/{mia.id}/role", json={"role": "manager"})
    assert made.json()["my_role"] == "owner"
    terms = {"commission_bps": 0, "split": "equal"}
    for person, expected in (
        (mia, (403, "pool_right_missing")),
        (ben, (403, "pool_right_missing")),
        (eve, (404, "not_found")),
    ):
        for answer in (
            await person.http.put(f"{pool}/terms", json=terms),
            await person.http.post(f"{pool}/withdraw", json={}),
            await person.http.post(f"{pool}/close"),
            await person.http.put(f"{pool}/members/{ben.id}/role", json={"role": "manager"}),
            await person.http.delete(f"{pool}/members/{ada.id}"),
        ):
            assert refusal(answer) == expected
    for answer in (
        await ben.http.post(f"{pool}/key"),
        await ben.http.delete(f"{pool}/members/{mia.id}"),
        await ada.http.post(f"{pool}/leave"),
        await ada.http.put(f"{pool}/members/{ada.id}/role", json={"role": "member"}),
        await ada.http.delete(f"{pool}/members/{ada.id}"),
        await mia.http.delete(f"{pool}/members/{mia.id}"),
    ):
        assert refusal(answer) == (403, "pool_right_missing")
    assert refusal(await ada.http.delete(f"{pool}/members/{eve.id}")) == (404, "not_found")
    assert (await mia.http.get(pool)).json()["money"] == []
    assert (await mia.http.delete(f"{pool}/members/{ben.id}")).status_code == 204
    assert (await mia.http.post(f"{pool}/key")).status_code == 200


async def test_handing_over_makes_a_manager_of_the_owner_who_may_leave_then(site: Site, newcomer: Newcomer) -> None:
    ada, ben = await newcomer(), await newcomer()
    pool, key = await found(ada)
    await join(ben, key)
    handed = (await ada.http.put(f"{pool}/members/{ben.id}/role", json={"role": "owner"})).json()
    assert handed["my_role"] == "manager"
    assert (await ben.http.get(pool)).json()["my_role"] == "owner"
    assert (await ada.http.post(f"{pool}/leave")).status_code == 204
    assert (await ben.http.get(pool)).json()["members"] == 1


async def test_a_pot_is_split_before_anybody_comes_or_goes(site: Site, newcomer: Newcomer) -> None:
    ada, ben, eve = await newcomer(), await newcomer(), await newcomer()
    pool, key = await found(ada)
    await put_in(site, pool, AccountKind.POT, 10)
    await join(ben, key)
    assert (await earned(ada), await earned(ben)) == (10, 0)
    await put_in(site, pool, AccountKind.POT, 11)
    await put_in(site, pool, AccountKind.POT, 3, "eur")
    await join(eve, key)
    assert (await earned(ada), await earned(ben), await earned(eve)) == (15, 6, 0)
    assert (await earned(ada, "eur"), await earned(ben, "eur")) == (2, 1)
    await put_in(site, pool, AccountKind.POT, 3)
    await ben.http.post(f"{pool}/leave")
    await put_in(site, pool, AccountKind.POT, 4)
    await ada.http.delete(f"{pool}/members/{eve.id}")
    assert (await earned(ada), await earned(ben), await earned(eve)) == (18, 7, 3)
    await put_in(site, pool, AccountKind.POT, 7)
    await ada.http.put(f"{pool}/terms", json={"commission_bps": 0, "split": "equal"})
    assert await earned(ada) == 25


async def test_a_commission_falls_at_once_and_what_may_cost_something_waits_a_day(
    site: Site, newcomer: Newcomer
) -> None:
    ada, ben = await newcomer(), await newcomer()
    pool, key = await found(ada, split="contribution")
    await join(ben, key)

    async def wish(bps: int, split: str) -> dict[str, Any]:
        await ada.http.put(f"{pool}/terms", json={"commission_bps": bps, "split": split})
        seen: dict[str, Any] = (await ben.http.get(pool)).json()
        return seen

    seen = await wish(400, "contribution")
    assert (seen["commission_bps"], seen["announced"]) == (400, None)
    seen = await wish(300, "equal")
    announced = seen["announced"]
    assert (seen["commission_bps"], seen["split"]) == (300, "contribution")
    assert (announced["commission_bps"], announced["split"]) == (300, "equal")
    left = datetime.fromisoformat(announced["at"]) - datetime.now(UTC)
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    assert (await wish(300, "equal"))["announced"] == announced, "saying it again postpones nothing"
    assert (await wish(900, "equal"))["announced"]["at"] > announced["at"]
    later = datetime.now(UTC) + timedelta(hours=25)
    async with site.app.services.database.transaction(SERVICE) as tx:
        await PoolPots().run_once(tx, later)
    seen = (await ben.http.get(pool)).json()
    assert (seen["commission_bps"], seen["split"], seen["announced"]) == (900, "equal", None)


async def test_only_the_owner_takes_from_the_treasury_once_for_each_key(site: Site, newcomer: Newcomer) -> None:
    ada = await newcomer()
    pool, _ = await found(ada)
    empty = await ada.http.post(f"{pool}/withdraw", json={})
    assert refusal(empty) == (402, "insufficient_funds")
    await put_in(site, pool, AccountKind.POOL, 100)
    for _ in range(2):
        answer = await ada.http.post(
            f"{pool}/withdraw", json={"amount_micros": 30}, headers={"Idempotency-Key": f"{pool}-1"}
        )
        assert answer.json() == {"currency": "usd", "amount_micros": 30}
    assert await earned(ada) == 30
    assert refusal(await ada.http.post(f"{pool}/withdraw", json={"amount_micros": 71})) == (402, "insufficient_funds")
    for bad in ({"amount_micros": 0}, {"amount_micros": -1}, {"amount_micros": 1.5}, {"currency": "US"}):
        assert (await ada.http.post(f"{pool}/withdraw", json=bad)).status_code == 422
    answers = await asyncio.gather(*(ada.http.post(f"{pool}/withdraw", json={"amount_micros": 50}) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 402, 402, 402, 402]
    assert await earned(ada) == 80


async def test_closing_pays_everybody_out_and_frees_them(site: Site, newcomer: Newcomer) -> None:
    ada, ben = await newcomer(), await newcomer()
    pool, key = await found(ada)
    await join(ben, key)
    await put_in(site, pool, AccountKind.POT, 20)
    for currency in ("usd", "eur"):
        await put_in(site, pool, AccountKind.POOL, 7, currency)
    assert (await ada.http.post(f"{pool}/close")).status_code == 204
    assert (await earned(ada), await earned(ada, "eur"), await earned(ben)) == (17, 7, 10)
    assert refusal(await ada.http.post(f"{pool}/close")) == (404, "not_found")
    assert refusal(await join(ben, key)) == (404, "pool_key_invalid")
    for person in (ada, ben):
        assert (await person.http.get("/api/pools/mine")).json() == {"pool": None}
        await found(person)


async def test_every_change_is_in_the_log_of_money_with_its_actor(site: Site, newcomer: Newcomer) -> None:
    ada, ben = await newcomer(), await newcomer()
    pool, key = await found(ada)
    await join(ben, key)
    await ada.http.delete(f"{pool}/members/{ben.id}")
    await ada.http.post(f"{pool}/close")
    async with site.app.services.database.transaction(SERVICE) as tx:
        rows = await tx.fetch(
            "select event, user_id, actor_id from money_events where subject_kind = 'pool' and subject_id = $1"
            " order by id",
            pool[-36:],
        )
    assert [(row["event"], str(row["user_id"]), row["actor_id"]) for row in rows] == [
        ("created", ada.id, ada.id),
        ("joined", ben.id, ben.id),
        ("removed", ben.id, ada.id),
        ("closed", ada.id, ada.id),
    ]


async def test_a_token_of_a_device_moves_nobody_into_a_pool(site: Site, newcomer: Newcomer) -> None:
    ada, ben = await newcomer(), await newcomer()
    pool, key = await found(ada)
    token = (await ben.http.post("/api/auth/tokens", json={"name": "device", "scopes": ["node", "jobs"]})).json()
    async with site.client(token["token"]) as device:
        order = {"name": "Stolen", "commission_bps": 0, "split": "equal"}
        assert refusal(await device.post("/api/pools/join", json={"key": key})) == (403, "scope_missing")
        assert refusal(await device.post("/api/pools", json=order)) == (403, "scope_missing")
        assert refusal(await device.post(f"{pool}/leave")) == (403, "scope_missing")
        assert (await device.get("/api/pools/mine")).json() == {"pool": None}


async def test_of_many_who_join_at_once_each_is_in_once(site: Site, newcomer: Newcomer) -> None:
    ada, ben = await newcomer(), await newcomer()
    pool, key = await found(ada)
    _, other = await found(await newcomer())
    answers = await asyncio.gather(*(join(ben, each) for each in [key, other] * 4))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert pool


async def test_keys_are_guessed_no_faster_than_passwords(postgres: Postgres, tmp_path: Path) -> None:
    limits = {"rate_login_burst": 3, "rate_login_per_s": 0.001}
    async for site in run(await postgres.create(), tmp_path, **limits):
        answers = [await site.operator.post("/api/pools/join", json={"key": "we1pool_guess"}) for _ in range(4)]
        assert [answer.status_code for answer in answers][-1] == 429
        assert (await site.operator.get("/api/pools/mine")).status_code == 200


def test_a_run_of_the_loop_takes_few_members() -> None:
    due = [{"id": number, "members": members} for number, members in enumerate((9_000, 900, 200, 50))]
    assert few(due) == [0, 1]
    assert few([{"id": 0, "members": 10_000}, {"id": 1, "members": 1}]) == [0]
    assert few([]) == []
