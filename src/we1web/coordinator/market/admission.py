"""A node registers: its row, its record, its leases from before. Each with an owner who may have it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator.market.hub import Hub
from we1web.coordinator.market.link import Link
from we1web.coordinator.market.networks import network_of
from we1web.coordinator.market.recovery import evidence_of
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.engine.state import Node, runtime_class
from we1web.protocol.errors import We1webError
from we1web.protocol.messages import Register, Registered
from we1web.protocol.session import CLOSE_REPLACED


class NodeRefused(We1webError):
    """This node may not register."""

    code = "node_unknown"
    hint = "register without a node id to get a new one, or use the token of the node's owner"


FIRST_PARTY = "*"
"""Register.referee of a machine that judges every job: the operator's own."""


async def admit(database: Database, hub: Hub, link: Link, register: Register, now: float) -> Registered:
    """Registers the node in database and engine. Raises NodeRefused or TooManyNodes."""
    assert link.user_id is not None
    network = network_of(link.peer)
    async with database.transaction(SERVICE) as tx:
        await _check_referee(tx, link, register.referee)
        row = await _row(tx, link.user_id, link.user_key, register, network)
        records = await tx.fetch(statement("market/reputations"), [row["key"]])
    node = hub.engine.know(row["key"], row["owner_key"])
    hub.registry.owners[row["owner_key"]] = link.user_id
    node.network = network
    _recall(hub, node, register.runtimes, records)
    old = hub.links.get(node.key)
    if old is not None and old is not link:
        old.close(CLOSE_REPLACED, "the node registered on another connection")
        hub.left(old, now)
    resumed = hub.grants.genuine(node.key, register.resume)
    honoured = hub.engine.join(node, register, row["status"] == "active", resumed, now)
    link.node, link.node_id, link.node_name = node, row["id"], row["name"]
    hub.links[node.key] = link
    link.session.registered()
    expelled = bool(node.standings) and all(standing.expelled for standing in node.standings.values())
    status = "expelled" if expelled else row["status"]
    return Registered(str(row["id"]), row["name"], status, honoured)


async def _check_referee(tx: asyncpg.Connection, link: Link, referee: str) -> None:
    """Who judges is trusted: the operator's machines for every job, a requester's own for that job alone."""
    if not referee:
        return
    if referee == FIRST_PARTY:
        if not link.is_operator:
            hint = "name one of your own jobs to judge, or join as a voter"
            raise NodeRefused("only the operator's nodes judge every job", code="not_operator", hint=hint)
        return
    try:
        job = await tx.fetchval(statement("market/job_of_requester"), UUID(referee), link.user_id)
    except ValueError:
        job = None
    if job is None:
        raise NodeRefused("there is no such job of yours to judge", code="job_unknown", hint="`we1web jobs` lists them")


async def _row(tx: asyncpg.Connection, user_id: UUID, user_key: int, register: Register, network: str) -> Any:
    facts = (
        register.cores,
        max(1, register.memory_bytes),
        register.runtimes,
        register.speed,
        register.platform,
        register.gpu,
        register.country,
        register.floor_micros_per_h,
        network,
        register.referee,
    )
    if not register.node:
        return await tx.fetchrow(statement("market/new_node"), user_id, user_key, register.name or "node", *facts)
    try:
        row = await tx.fetchrow(statement("market/admit_node"), UUID(register.node), user_id, register.name, *facts)
    except ValueError:
        row = None
    if row is None:
        raise NodeRefused("this account has no such node, or it is retired")
    return row


def _recall(hub: Hub, node: Node, runtimes: Sequence[str], records: Sequence[Any]) -> None:
    """What is on record counts for every runtime of its class; the engine keeps what it already knows."""
    known = {row["runtime"]: row for row in records}
    for runtime_id in runtimes:
        row = known.get(runtime_class(runtime_id))
        if row is not None:
            hub.engine.recall(node, runtime_id, evidence_of(row), row["expelled"])
