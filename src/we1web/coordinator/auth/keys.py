"""The ES256 keys that sign access tokens: made once, kept in the secrets table, shared by every coordinator.

The first key signs; older ones still verify. Private parts must never leave this module.
"""

import json
from typing import Any, cast

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from we1web.coordinator.storage import secret_store
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE

ALGORITHM = "ES256"
SECRET_NAME = "jwt_signing_keys"


class SigningKeys:
    """Signs claims, and shows the public halves."""

    def __init__(self, keys: KeySet):
        self.keys = keys
        self._signing = cast(ECKey, keys.keys[0])

    @classmethod
    async def load(cls, database: Database) -> "SigningKeys":
        """The keys of this network; the very first coordinator makes them."""
        async with database.transaction(SERVICE) as connection:
            stored = await secret_store.get_or_create(connection, SECRET_NAME, fresh)
        return cls(KeySet.import_key_set(json.loads(stored)))

    def sign(self, claims: dict[str, Any]) -> str:
        """A compact JWT."""
        header = {"alg": ALGORITHM, "typ": "JWT", "kid": self._signing.kid}
        return jwt.encode(header, claims, self._signing, algorithms=[ALGORITHM])

    def public(self) -> dict[str, Any]:
        """The JWKS document: public halves only."""
        extra = {"alg": ALGORITHM, "use": "sig", "key_ops": ["verify"]}
        return {"keys": [key.as_dict(private=False) | extra for key in self.keys]}

    def __repr__(self) -> str:
        return "SigningKeys()"


def fresh() -> bytes:
    """A new key set with one key, as it is stored."""
    key = ECKey.generate_key("P-256", {"alg": ALGORITHM, "use": "sig"}, auto_kid=True)
    return json.dumps(KeySet([key]).as_dict(private=True)).encode()
