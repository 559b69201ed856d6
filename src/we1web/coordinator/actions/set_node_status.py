"""Lets an owner pause, resume or retire a node from afar. A retired node stays retired."""

from uuid import UUID

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import nodes
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import Node, NodeStatus
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def set_node_status(services: Services, caller: Identity, node_id: UUID, status: NodeStatus) -> Node:
    """The node with its new status. Raises Refusal when it is somebody else's, or retired."""
    async with services.database.transaction(SERVICE) as tx:
        await tx.execute(statement("nodes/set_status"), node_id, caller.user_id, status)
        row = await nodes.find(tx, node_id, caller.user_id)
    if row["status"] != status:
        raise Refusal("the node is retired", code="node_retired", hint="register a new node")
    services.market.node_status_changed(row["key"], status)
    return nodes.view(row)
