"""Registers a node of a user. The database counts them: an account has a bounded number that are not retired."""

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import nodes
from we1web.coordinator.schemas import Node, NodeOrder
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def register_node(services: Services, caller: Identity, order: NodeOrder) -> Node:
    """The new node. Raises TooManyNodes."""
    async with services.database.transaction(SERVICE) as tx:
        node_id = await tx.fetchval(
            statement("nodes/register"),
            caller.user_id,
            caller.user_key,
            order.name,
            order.cores,
            order.memory_bytes,
            order.runtimes,
            order.platform,
            services.clock.now(),
        )
        row = await nodes.find(tx, node_id, caller.user_id)
    return nodes.view(row)
