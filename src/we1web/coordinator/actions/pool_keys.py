"""Keys to join a pool with: shown once, stored as SHA-256, so that the database can look one up and never tell it."""

import hashlib
from base64 import urlsafe_b64encode

from we1web.coordinator.clock import Entropy

PREFIX = "we1pool_"
_SECRET_BYTES = 18
_LENGTH = len(PREFIX) + _SECRET_BYTES * 4 // 3


def fresh(entropy: Entropy) -> str:
    """A new key: 144 bits that nobody guesses."""
    return PREFIX + urlsafe_b64encode(entropy(_SECRET_BYTES)).decode()


def digest(key: str) -> bytes | None:
    """What is stored of a key; None when it cannot be one."""
    key = key.strip()
    if len(key) != _LENGTH or not key.isascii() or not key.startswith(PREFIX):
        return None
    return hashlib.sha256(key.encode()).digest()
