"""Notices about connected accounts: the account is read again at Stripe, and what it says is kept."""

from we1web.coordinator.actions.payout_accounts import refresh
from we1web.coordinator.rail_handler import Handler, Notice
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def account_changed(services: Services, notice: Notice) -> None:
    """One that is not ours is nobody's business here."""
    name = notice.account or notice.object_id
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("payout_accounts/by_destination"), name)
    if row is not None:
        await refresh(services, row, notice.actor)


HANDLERS: dict[str, Handler] = {"account.": account_changed, "v2.core.account": account_changed}
