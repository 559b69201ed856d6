"""Where a user is paid to, as its owner sees it: numbers of bank accounts are shown by their ends only."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from we1web.coordinator.payout_account_schemas import PayoutAccount, PayoutAccounts, PayoutRails
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement
from we1web.domain.iban import mask_iban


async def accounts(services: Services, user_id: UUID) -> PayoutAccounts:
    """All of them that are not closed, and what the network can pay through."""
    async with services.database.transaction(user(user_id)) as tx:
        rows = await tx.fetch(statement("payout_accounts/list"), user_id)
    rails = PayoutRails(stripe=services.rails.stripe is not None, manual=bool(services.config.bank_iban))
    return PayoutAccounts(rails=rails, items=[view(row) for row in rows])


def view(row: Mapping[str, Any]) -> PayoutAccount:
    fields = {name: row[name] for name in PayoutAccount.model_fields if name not in ("destination", "url")}
    shown = mask_iban(row["destination"]) if row["rail"] == "manual" else f"…{row['destination'][-4:]}"
    return PayoutAccount(destination=shown, **fields)
