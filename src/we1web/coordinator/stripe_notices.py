"""Reads what arrives at the webhook: who signed it, when, and which object it is about. Nothing else is believed."""

from datetime import datetime
from typing import Any

import msgspec
import stripe

from we1web.coordinator.rail_handler import Notice
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.stripe_client import STRIPE

TOLERANCE_S = 300
MAX_BYTES = 256 << 10
_MAX_CHARS = 255


class _Object(msgspec.Struct):
    id: str = ""


class _Data(msgspec.Struct):
    object: _Object = msgspec.field(default_factory=_Object)


class _Event(msgspec.Struct):
    """A snapshot event (`data.object`) or a thin one (`related_object`)."""

    id: str
    type: str
    account: str | None = None
    context: str | None = None
    data: Any = None
    related_object: _Object | None = None


def read(body: bytes, signature: str, secrets: tuple[str, ...], now: datetime) -> Notice:
    """The notice in a webhook's body. Raises Refusal unless one of the secrets signed it within the tolerance."""
    if not any(_signed(body, signature, secret) for secret in secrets):
        raise _invalid("the signature is missing or does not match")
    age_s = now.timestamp() - _signed_at(signature)
    if abs(age_s) > TOLERANCE_S:
        raise _invalid(f"it was signed {age_s:.0f} s ago, more than {TOLERANCE_S}")
    try:
        event = msgspec.json.decode(body, type=_Event)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _invalid("it is no event") from None
    account = event.account or event.context or ""
    notice = Notice(STRIPE, event.id, event.type, account, _object_id(event))
    if not notice.id or any(len(part) > _MAX_CHARS or "\x00" in part for part in notice):
        raise _invalid("its ids are none of Stripe's")
    return notice


def _object_id(event: _Event) -> str:
    if event.related_object is not None:
        return event.related_object.id
    try:
        return msgspec.convert(event.data, _Data).object.id
    except msgspec.ValidationError:
        return ""


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    return True


def _signed_at(signature: str) -> int:
    """The time in a header that was verified; the SDK would compare it with a clock of its own."""
    return int(next(part[2:] for part in signature.split(",") if part.startswith("t=")))


def _invalid(why: str) -> Refusal:
    hint = "only Stripe may call this; check WE1WEB_STRIPE_WEBHOOK_SECRETS and the clocks"
    return Refusal(f"not accepted: {why}", code="webhook_invalid", hint=hint)
