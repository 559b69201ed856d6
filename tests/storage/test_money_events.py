"""The log of what happened around money: kept with its actor and cause, seen by its user only, never changed."""

import asyncpg
import pytest
from tests.storage.rows import new_person

from we1web.coordinator.storage import money_events
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.domain.ledger import Actor, ActorKind

BY = Actor(ActorKind.OPERATOR, "ada", "a letter of the bank")


async def test_an_event_is_kept_with_its_actor_and_never_changed(database: Database) -> None:
    person, other = await new_person(database), await new_person(database)
    async with database.transaction(SERVICE) as tx:
        await money_events.record(tx, BY, ("funding", person.job_id), "paid", person.id, {"charge": "ch_1"})
    async with database.transaction(user(person.id)) as tx:
        (row,) = await tx.fetch("select * from public.money_events where event = 'paid'")
    assert (row["actor_kind"], row["actor_id"], row["cause"]) == BY
    assert (row["subject_kind"], row["subject_id"]) == ("funding", str(person.job_id))
    assert row["detail"] == {"charge": "ch_1"}
    async with database.transaction(user(other.id)) as tx:
        assert await tx.fetch("select from public.money_events where id = $1", row["id"]) == []
    with pytest.raises(asyncpg.PostgresError, match="immutable"):
        async with database.transaction(SERVICE) as tx:
            await tx.execute("update public.money_events set event = 'failed' where id = $1", row["id"])
