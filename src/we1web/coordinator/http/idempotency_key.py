"""The Idempotency-Key header as a claim: whose it is, for which route and which body. Must never store the body."""

from hashlib import sha256
from typing import Annotated

from fastapi import Header, Request

from we1web.coordinator.actions.idempotency import Claim
from we1web.coordinator.auth.identity import Identity

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key and body give the same answer, once; another body gives 409.",
    ),
]


async def claim_of(request: Request, caller: Identity, key: str | None) -> Claim | None:
    """None when no key was sent. FastAPI has read the body already, so asking for it again is free."""
    if key is None:
        return None
    fingerprint = sha256(await request.body()).digest()
    return Claim(caller.user_id, key, f"{request.method} {request.url.path}", fingerprint)
