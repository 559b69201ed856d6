"""Stores what a rail told us, once, and nothing more: it is worked through later, by loops/rail_notices.py."""

from we1web.coordinator import stripe_notices
from we1web.coordinator.refusals import not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.protocol.errors import We1webError


async def store_notice(services: Services, body: bytes, signature: str) -> bool:
    """False when it was stored before. Raises Refusal for what Stripe did not sign, or not now."""
    if services.rails.stripe is None:
        raise not_found("webhook")
    now = services.clock.now()
    try:
        notice = stripe_notices.read(body, signature, services.rails.stripe.webhook_secrets, now)
    except We1webError as error:
        services.metrics.notices.labels("refused").inc()
        logger.warning("a notice was refused", error=str(error))
        raise
    async with services.database.transaction(SERVICE) as tx:
        fresh = await tx.fetchval(statement("notices/add"), *notice, now) is not None
    services.metrics.notices.labels("stored" if fresh else "known").inc()
    return fresh
