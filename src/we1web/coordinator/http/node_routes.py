"""Routes of a contributor's nodes: register, list, why one has no work, set the status."""

from uuid import UUID

from fastapi import APIRouter

from we1web.coordinator.actions.register_node import register_node
from we1web.coordinator.actions.rename_node import rename_node
from we1web.coordinator.actions.set_node_status import set_node_status
from we1web.coordinator.http.context import NodeCaller, ServicesDep
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.queries import nodes, why
from we1web.coordinator.schemas import Node, NodeName, NodeOrder, NodePage, NodeStatusOrder, NodeWhy

router = APIRouter(prefix="/api/nodes", tags=["nodes"])


@router.post("/register")
async def register(services: ServicesDep, caller: NodeCaller, order: NodeOrder) -> Node:
    """Registers a node; it works as soon as it connects to /ws under this id."""
    return await register_node(services, caller, order)


@router.get("/my-nodes")
async def my_nodes(services: ServicesDep, caller: NodeCaller, cursor: Cursor = None, limit: Limit = 100) -> NodePage:
    """One's own nodes, oldest first, with the reason why one does not work."""
    return await nodes.page(services, caller.user_id, cursor, limit)


@router.get("/{node_id}/why")
async def why_it_waits(services: ServicesDep, caller: NodeCaller, node_id: UUID) -> NodeWhy:
    """Why one's own node has no work, or no more of it."""
    return await why.node(services, caller.user_id, node_id)


@router.put("/{node_id}/status")
async def set_status(services: ServicesDep, caller: NodeCaller, node_id: UUID, order: NodeStatusOrder) -> Node:
    """Pauses, resumes or retires (for good) a node."""
    return await set_node_status(services, caller, node_id, order.status)


@router.patch("/{node_id}")
async def rename(services: ServicesDep, caller: NodeCaller, node_id: UUID, order: NodeName) -> Node:
    """Gives a node another name; it keeps it whatever the node calls itself."""
    return await rename_node(services, caller, node_id, order.name)
