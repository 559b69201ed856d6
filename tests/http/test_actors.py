"""Whoever moves money through the API is named by the ledger, with the reason, for ever."""

from uuid import UUID

from tests.http.conftest import PROGRAM, Newcomer, Site, create

from we1web.coordinator.storage.principal import SERVICE


async def test_every_transaction_made_through_the_api_names_its_caller_and_cause(
    site: Site, newcomer: Newcomer
) -> None:
    person = await newcomer()
    await person.fund(site.operator)
    await person.upload(PROGRAM)
    job = await create(person, 2, complete=True)
    empty = await create(person)
    assert (await person.http.post(f"/api/jobs/{empty['id']}/close")).status_code == 200
    operator = (await site.operator.get("/api/auth/session")).json()["user"]["id"]
    async with site.app.services.database.transaction(SERVICE) as tx:
        rows = await tx.fetch(
            """select distinct t.id, t.key, t.kind, t.actor_kind, t.actor_id, t.cause
                 from ledger.transactions t join ledger.entries e on e.transaction_id = t.id
                 join ledger.accounts a on a.id = e.account_id where a.viewer_id = $1 order by t.id""",
            UUID(person.id),
        )
    assert [(row["kind"], row["actor_kind"], row["actor_id"]) for row in rows] == [
        ("fund", "operator", operator),
        ("hold", "user", person.id),
        ("hold", "user", person.id),
        ("refund", "user", person.id),
    ]
    assert [row["cause"] for row in rows] == [
        "credit",
        "a job was created",
        "a job was created",
        "an empty job was closed",
    ]
    assert job["id"] in rows[1]["key"] and empty["id"] in rows[3]["key"]


async def test_nothing_is_posted_without_an_actor(site: Site, newcomer: Newcomer) -> None:
    await (await newcomer()).fund(site.operator)
    async with site.app.services.database.transaction(SERVICE) as tx:
        anonymous = await tx.fetch(
            "select key from ledger.transactions where actor_kind = 'unknown' or actor_id = '' or cause = ''"
        )
        assert await tx.fetchval("select count(*) from ledger.transactions") > 0
    assert anonymous == []
