"""What a class of outcomes is called: the digest of the outcome that stands for it. Total: nothing is too malformed."""

from hashlib import sha256

from we1web.protocol import outcome


def name_of(encoded: bytes) -> bytes:
    """The outcome's digest; the hash of the bytes themselves when they are no outcome."""
    return outcome.digest(encoded) if outcome.well_formed(encoded) else sha256(encoded).digest()
