"""Reads of a person's preferences, through row-level security; never a write."""

from uuid import UUID

from we1web.coordinator.account_schemas import Preferences
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement


async def get(services: Services, user_id: UUID) -> Preferences:
    """The document; version 0 and empty before the first one was stored."""
    async with services.database.transaction(user(user_id)) as tx:
        row = await tx.fetchrow(statement("auth/preferences"), user_id)
    return Preferences(version=0, document={}, updated_at=None) if row is None else Preferences(**dict(row))
