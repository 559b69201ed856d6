"""Notices about money that comes in: sessions, refunds, disputes. Each is read again from Stripe first."""

from typing import Any
from uuid import UUID

from we1web.coordinator import funding
from we1web.coordinator.actions import refund_funding
from we1web.coordinator.actions.record_funding import read_again
from we1web.coordinator.actions.settle_dispute import settle_dispute
from we1web.coordinator.funding import Funding, Refund
from we1web.coordinator.rail_errors import RailUnavailable
from we1web.coordinator.rail_handler import Handler, Notice
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.stripe_client import asking, client_of, noted
from we1web.coordinator.telemetry import logger
from we1web.domain.funding import State
from we1web.domain.ledger import Actor


async def session_changed(services: Services, notice: Notice) -> None:
    """A Checkout Session was completed, paid, or expired. One that is not ours is nobody's business here."""
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("fundings/by_session"), notice.object_id)
    if row is None:
        with asking():
            session = await client_of(services.rails.stripe).v1.checkout.sessions.retrieve_async(notice.object_id)
        found = await _named(services, session.client_reference_id)
        if found is None:
            return
        async with services.database.transaction(SERVICE) as tx:
            row = await tx.fetchrow(statement("fundings/opened"), found.id, session.id, session.url, None, None)
    await read_again(services, funding.of_row(row), notice.actor)


async def refund_changed(services: Services, notice: Notice) -> None:
    """A refund was sent, arrived, or came back."""
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("refunds/by_refund"), notice.object_id)
        if row is None:
            return  # not ours, or not written down yet: then our own reading finds it
        found = funding.of_row(await tx.fetchrow(statement("fundings/get"), row["funding_id"]))
    refund = Refund(row["id"], row["amount_micros"], row["first_attempt_at"], row["refund_id"])
    await refund_funding.read(services, refund, found, notice.actor)


async def dispute_changed(services: Services, notice: Notice) -> None:
    """A payer's bank took a payment back, or gave it back."""
    with asking():
        dispute = await client_of(services.rails.stripe).v1.disputes.retrieve_async(notice.object_id)
    found = await _disputed(services, dispute, notice.actor)
    if found is None:
        logger.warning("a dispute is about no funding of ours", dispute=dispute.id)
        return
    async with services.database.transaction(SERVICE) as tx:
        await settle_dispute(tx, found, dispute, notice.actor)


async def _disputed(services: Services, dispute: Any, by: Actor) -> Funding | None:
    """The funding that a dispute is about; it is read first when its payment is not in the wallet yet."""
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("fundings/by_charge"), dispute.charge)
    if row is not None:
        return funding.of_row(row)
    with asking():
        charge = await client_of(services.rails.stripe).v1.charges.retrieve_async(dispute.charge)
    found = await _named(services, noted(charge.metadata, "funding"))
    if found is None:
        return None
    await read_again(services, found, by)
    found = await _named(services, str(found.id))
    if found is None or found.state is not State.PAID:
        raise RailUnavailable(f"{dispute.id} is about a payment that is not booked yet")
    return found


async def _named(services: Services, name: str | None) -> Funding | None:
    """The funding of an id that Stripe keeps for us."""
    try:
        funding_id = UUID(name or "")
    except ValueError:
        return None
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("fundings/get"), funding_id)
    return None if row is None else funding.of_row(row)


HANDLERS: dict[str, Handler] = {
    "checkout.session.": session_changed,
    "refund.": refund_changed,
    "charge.refund.updated": refund_changed,
    "charge.dispute.": dispute_changed,
}
