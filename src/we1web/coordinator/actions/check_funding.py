"""A payer came back from the rail's page: the payment is read from the rail at once, not only when a notice comes.

However often it is asked, the rail is asked once in a few seconds. It must never believe the payer.
"""

from datetime import timedelta
from uuid import UUID

from we1web.coordinator import funding
from we1web.coordinator.actions.record_funding import read_again
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.funding_schemas import FundingDetail
from we1web.coordinator.queries import fundings
from we1web.coordinator.rail_errors import RailRefusal, RailUnavailable
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.domain.ledger import Actor, ActorKind

EVERY = timedelta(seconds=5)


async def check_funding(services: Services, caller: Identity, funding_id: UUID) -> FundingDetail:
    """One of the caller's, as it is now; as far as is known when the rail does not answer. Raises Refusal."""
    now = services.clock.now()
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("fundings/claim_check"), funding_id, caller.user_id, now, now - EVERY)
    if row is not None:
        try:
            await read_again(services, funding.of_row(row), _by(row["rail"]))
        except (RailUnavailable, RailRefusal) as error:
            logger.info("a funding is not known yet", funding=str(funding_id), error=str(error))
    return await fundings.get(services, caller, funding_id)


def _by(rail: str) -> Actor:
    return Actor(ActorKind.RAIL, rail, "read when the payer came back")
