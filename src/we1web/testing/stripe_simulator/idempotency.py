"""Idempotency keys as Stripe keeps them: same key and request: the same answer; same key, other request: an error."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from we1web.testing.stripe_simulator.clock import DAY_S
from we1web.testing.stripe_simulator.refusing import StripeRefusal

MAX_KEY_CHARS = 255
LIFE_S = {"v1": DAY_S, "v2": 30 * DAY_S}
IN_USE = "There is currently another in-progress request using this Idempotent Key."
OTHER = (
    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key "
    "other than '{}' if you meant to execute a different request."
)
Scope = tuple[str, str, str]
"""Version of the interface, account, key."""


@dataclass(frozen=True)
class Kept:
    """An answer under a key."""

    at: int
    fingerprint: str
    status: int
    body: dict[str, Any]
    request_id: str


class Keys:
    """The answers under their keys, and the keys in use."""

    def __init__(self) -> None:
        self._kept: dict[Scope, Kept] = {}
        self._running: set[Scope] = set()

    def begin(self, scope: Scope, fingerprint: str, now: int) -> Kept | None:
        """The answer to replay, or None: the request may run, and must `end`. Raises StripeRefusal."""
        version, _, key = scope
        if len(key) > MAX_KEY_CHARS:
            raise _refused(400, f"Idempotency keys have at most {MAX_KEY_CHARS} characters.")
        if scope in self._running:
            raise _refused(409, IN_USE, "idempotency_key_in_use")
        kept = self._kept.get(scope)
        if kept is not None and now - kept.at < LIFE_S[version]:
            if kept.fingerprint != fingerprint:
                raise _refused(400, OTHER.format(key))
            return kept
        self._running.add(scope)
        return None

    def keep(self, scope: Scope, kept: Kept) -> None:
        self._kept[scope] = kept

    def end(self, scope: Scope) -> None:
        self._running.discard(scope)


def fingerprint(method: str, path: str, parameters: Any) -> str:
    return sha256(json.dumps([method, path, parameters], sort_keys=True).encode()).hexdigest()


def _refused(status: int, message: str, reason: str | None = None) -> StripeRefusal:
    return StripeRefusal(status, "idempotency_error", message, reason, kept=False)
