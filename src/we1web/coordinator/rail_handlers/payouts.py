"""Notices about money that goes out: transfers that came back, and what banks did with what had arrived."""

from we1web.coordinator.actions import payout_reading
from we1web.coordinator.rail_handler import Handler, Notice
from we1web.coordinator.services import Services


async def of_bank(services: Services, notice: Notice) -> None:
    """A payout of a connected account moved: read what its bank did. Payouts of our own account are no concern."""
    if notice.account:
        rail = payout_reading.rails_of(services)[notice.rail]
        await payout_reading.read_bank(services, rail, notice.account, notice.actor)


async def of_transfer(services: Services, notice: Notice) -> None:
    """A transfer was taken back, by us or in Stripe's dashboard."""
    await payout_reading.read_transfer(services, notice.object_id, notice.actor)


HANDLERS: dict[str, Handler] = {"payout.": of_bank, "transfer.reversed": of_transfer}
