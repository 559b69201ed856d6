"""Gives one's own node another name, from afar: it keeps it when it comes back."""

from uuid import UUID

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import nodes
from we1web.coordinator.schemas import Node
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def rename_node(services: Services, caller: Identity, node_id: UUID, name: str) -> Node:
    """The node under its new name. Raises Refusal when it is somebody else's."""
    async with services.database.transaction(SERVICE) as tx:
        await tx.execute(statement("nodes/rename"), node_id, caller.user_id, name)
        return nodes.view(await nodes.find(tx, node_id, caller.user_id))
