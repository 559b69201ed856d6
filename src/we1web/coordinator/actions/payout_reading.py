"""Reads what the bank of a payout account did from its rail, and records it. No transaction is open meanwhile."""

from datetime import timedelta

from we1web.coordinator.actions import payout_life
from we1web.coordinator.payout_rail import Back, PayoutRail
from we1web.coordinator.payout_rails.manual import ManualPayouts
from we1web.coordinator.payout_rails.stripe import StripePayouts
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain.ledger import Actor

WATCHED = timedelta(days=14)
SLACK = timedelta(hours=1)
"""Clocks differ: a rail may think that a payout began before our transfer."""


def rails_of(services: Services) -> dict[str, PayoutRail]:
    """Every way to pay people that this coordinator has, by name."""
    found: list[PayoutRail] = [ManualPayouts()]
    if services.rails.stripe is not None:
        found.append(StripePayouts(services.rails.stripe))
    return {rail.name: rail for rail in found}


async def read_bank(services: Services, rail: PayoutRail, destination: str, by: Actor) -> None:
    """What the bank did since our oldest transfer that it may still move. Raises RailUnavailable, RailRefusal."""
    async with services.database.transaction(SERVICE) as tx:
        oldest = services.clock.now() - WATCHED
        since = await tx.fetchval(statement("payouts/read_since"), rail.name, destination, oldest)
    if since is None:
        return
    async for said in rail.banked(destination, since - SLACK):
        async with services.database.transaction(SERVICE) as tx:
            changes = await payout_life.bank(tx, said, services.clock.now(), by)
        for change in changes:
            services.market.tell(*change)
    services.bells.ring("payout_sender")


async def read_transfer(services: Services, transfer_id: str, by: Actor) -> None:
    """A transfer that was taken back at Stripe by somebody: what was sent is in the earnings again, once."""
    async with services.database.transaction(SERVICE) as tx:
        payout_id = await tx.fetchval(statement("payouts/by_transfer"), transfer_id)
    if payout_id is None or services.rails.stripe is None:
        return
    reversal = await StripePayouts(services.rails.stripe).reversed(transfer_id)
    if reversal is None:
        return
    async with services.database.transaction(SERVICE) as tx:
        now = services.clock.now()
        change = await payout_life.record(tx, payout_id, Back(reversal), now, 0, by)
    if change is not None:
        services.market.tell(*change)
