"""Routes of a person's own account: public name, preferences, sessions. The password: PUT /auth/v1/user."""

from uuid import UUID

from fastapi import APIRouter, Response

from we1web.coordinator.account_schemas import (
    AccountChange,
    AccountView,
    LoginSessions,
    Preferences,
    PreferencesOrder,
)
from we1web.coordinator.actions import account_sessions
from we1web.coordinator.actions.change_account import change_account
from we1web.coordinator.actions.put_preferences import put_preferences
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.queries import preferences

router = APIRouter(prefix="/api/account", tags=["account"])


@router.patch("")
async def change(services: ServicesDep, caller: AnyCaller, order: AccountChange) -> AccountView:
    """Sets the public name: nodes are told it with one's jobs."""
    return await change_account(services.auth, caller, order)


@router.get("/preferences")
async def get_preferences(services: ServicesDep, caller: AnyCaller) -> Preferences:
    """One's own document, with its version."""
    return await preferences.get(services, caller.user_id)


@router.put("/preferences")
async def store_preferences(services: ServicesDep, caller: AnyCaller, order: PreferencesOrder) -> Preferences:
    """Replaces the document, if it is still the version that was read; else `preferences_changed`."""
    return await put_preferences(services, caller, order)


@router.get("/sessions")
async def list_sessions(services: ServicesDep, caller: AnyCaller) -> LoginSessions:
    """Where one is logged in, the session used last first."""
    return LoginSessions(items=await account_sessions.list_sessions(services.auth, caller))


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(services: ServicesDep, caller: AnyCaller, session_id: UUID) -> Response:
    """Logs out there, at once; also here."""
    await account_sessions.end_session(services.auth, caller, session_id)
    return Response(status_code=204)
