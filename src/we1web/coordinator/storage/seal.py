"""Claims that raw SQL cannot forge: the coordinator proves each set of claims to the database with an HMAC.

The key lives in the secrets table (service only) and, split into its two pads, where only the sealing functions can
read it. It must never be logged or leave the coordinator.
"""

import hashlib
import hmac
import json
from uuid import UUID

import asyncpg

from we1web.coordinator.storage.statements import statement

SECRET_NAME = "claims_seal"
_BLOCK_BYTES = 64


class Seal:
    """Proves claims to the database."""

    def __init__(self, key: bytes):
        self._key = key

    def __repr__(self) -> str:
        return "Seal()"

    def proof(self, claims: str) -> str:
        """What we1_private.enter() wants to see beside the claims."""
        return hmac.new(self._key, b"proof|" + claims.encode(), hashlib.sha256).hexdigest()


def claims_of(user_id: UUID) -> str:
    """The claims under which a user's transaction runs: what auth.uid() and auth.role() answer from."""
    return json.dumps({"role": "authenticated", "sub": str(user_id)})


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer pad of HMAC-SHA-256 for a key of at most one block."""
    block = key.ljust(_BLOCK_BYTES, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


async def install(connection: asyncpg.Connection, key: bytes) -> None:
    """Writes the pads where the sealing functions read them; needs the owner of the schema."""
    await connection.execute(statement("door/install_seal"), *pads(key))
