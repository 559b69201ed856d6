"""Changes what an account shows in public. The e-mail address and the id stay what they are."""

from we1web.coordinator.account_schemas import AccountChange, AccountView
from we1web.coordinator.actions import accounts
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def change_account(auth: Auth, who: Identity, change: AccountChange) -> AccountView:
    """The account as it is now. Raises AuthError for a caller with an API token."""
    accounts.require_login(who)
    name = change.display_name or None
    if auth.verifier.local:  # the profile of its tokens says the same, and a trigger tells public.users
        await accounts.change(auth, who, {"display_name": name}, None)
    else:
        async with auth.database.transaction(SERVICE) as connection:
            await connection.execute(statement("auth/name_user"), who.user_id, name)
    return AccountView(id=who.user_id, email=who.email, display_name=name)
