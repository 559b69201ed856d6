"""A person's own sessions: seen, and ended from anywhere. Only a login may do either, no API token."""

from uuid import UUID

from we1web.coordinator.account_schemas import LoginSession
from we1web.coordinator.actions.accounts import of_session
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.refusals import not_found
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def list_sessions(auth: Auth, who: Identity) -> list[LoginSession]:
    """The one used last comes first."""
    current = of_session(auth, who)
    async with auth.database.transaction(SERVICE) as connection:
        rows = await connection.fetch(statement("auth/sessions"), who.user_id)
    return [LoginSession(**dict(row), current=row["id"] == current) for row in rows]


async def end_session(auth: Auth, who: Identity, session_id: UUID) -> None:
    """Ends one of them at once. Raises Refusal (not_found)."""
    of_session(auth, who)
    async with auth.database.transaction(SERVICE) as connection:
        ended = await connection.fetchval(statement("auth/end_own_session"), session_id, who.user_id)
    if ended is None:
        raise not_found("session")
