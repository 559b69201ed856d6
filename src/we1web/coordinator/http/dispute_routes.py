"""Routes of disputes: list, read with all evidence, contest. Each calls one action or one query."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from we1web.coordinator.actions.contest_dispute import contest_dispute
from we1web.coordinator.http.context import AnyCaller, NodeCaller, ServicesDep
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.queries import disputes
from we1web.coordinator.queries.disputes import ROLES
from we1web.coordinator.schemas import MAX_INT, Dispute, DisputePage

router = APIRouter(prefix="/api/disputes", tags=["disputes"])

DisputeId = Annotated[int, Path(ge=0, le=MAX_INT)]
Role = Annotated[
    Literal["requester", "contributor"] | None,
    Query(description="`requester`: of one's jobs; `contributor`: one's nodes voted. Without it, both."),
]


@router.get("")
async def list_disputes(
    services: ServicesDep, caller: AnyCaller, role: Role = None, cursor: Cursor = None, limit: Limit = 50
) -> DisputePage:
    """Disputes that ended, newest first, as far as the token's scopes go."""
    return await disputes.page(services, caller, ROLES if role is None else {role}, cursor, limit)


@router.get("/{dispute_id}")
async def get(services: ServicesDep, caller: AnyCaller, dispute_id: DisputeId) -> Dispute:
    """One dispute: who voted for what and how heavily, what a referee found, who was paid and who was not."""
    return disputes.view(services, await disputes.find(services, caller, dispute_id))


@router.post("/{dispute_id}/contest")
async def contest(services: ServicesDep, caller: NodeCaller, dispute_id: DisputeId) -> Dispute:
    """Says that an unpaid vote was right: the operator's referee will run the task once more. Once a dispute."""
    return await contest_dispute(services, caller, dispute_id)
