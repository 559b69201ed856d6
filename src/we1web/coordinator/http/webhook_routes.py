"""Where payment rails tell us things. No account is needed: the signature over the raw body says who it is."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from we1web.coordinator.actions.store_notice import store_notice
from we1web.coordinator.http.context import ServicesDep
from we1web.coordinator.money_schemas import Stored
from we1web.coordinator.stripe_notices import MAX_BYTES

router = APIRouter(prefix="/api", tags=["payments"])


@router.post("/payments/webhook")
async def webhook(request: Request, services: ServicesDep) -> Stored:
    """Stripe's notices: checked, stored once, acknowledged; they are worked through afterwards."""
    body = await _body(request)
    fresh = await store_notice(services, body, request.headers.get("stripe-signature", ""))
    return Stored(fresh=fresh)


async def _body(request: Request) -> bytes:
    """The raw bytes: what was signed. Stops reading where Stripe would not have sent more."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BYTES:
            raise HTTPException(413, f"the body is above {MAX_BYTES} bytes")
        pieces.append(piece)
    return b"".join(pieces)
