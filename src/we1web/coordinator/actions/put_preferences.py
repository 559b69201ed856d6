"""Stores a person's preferences: one document, each version once: two tabs never overwrite each other unseen."""

from typing import Any

import msgspec

from we1web.coordinator.account_schemas import MAX_PREFERENCES_BYTES, Preferences, PreferencesOrder
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def put_preferences(services: Services, caller: Identity, order: PreferencesOrder) -> Preferences:
    """The document under its new version. Raises Refusal when another version is there by now."""
    facts = (caller.user_id, _storable(order.document), order.version, services.clock.now())
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("auth/put_preferences"), *facts)
    if row is None:
        hint = "GET them again, make the change there, and send it with that version"
        raise Refusal("the preferences were changed elsewhere", code="preferences_changed", hint=hint)
    return Preferences(**dict(row))


def _storable(document: dict[str, Any]) -> dict[str, Any]:
    """The document as plain JSON. Raises Refusal for what the database cannot hold."""
    try:
        encoded = msgspec.json.encode(document)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise _unstorable() from None
    if len(encoded) > MAX_PREFERENCES_BYTES:
        hint = f"keep less: at most {MAX_PREFERENCES_BYTES} bytes of JSON"
        raise Refusal(f"the document has {len(encoded)} bytes", code="body_too_large", hint=hint)
    if b"\\u0000" in encoded:
        raise _unstorable()
    return document


def _unstorable() -> Refusal:
    return Refusal("document: this cannot be stored as JSON", code="invalid_request", hint="send plain JSON values")
