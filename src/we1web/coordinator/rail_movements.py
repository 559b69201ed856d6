"""What Stripe moved on the money it holds for us: read from Stripe, one value for each movement. Never a decision."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import stripe

from we1web.coordinator.stripe_client import asking
from we1web.domain.currency import CURRENCIES, from_minor

OVERLAP = timedelta(hours=1)
"""Read again each time: what was booked late carries an earlier time."""
PAGE = 100


class Movement(NamedTuple):
    """A balance transaction of Stripe's."""

    id: str
    currency: str
    amount_micros: int
    fee_micros: int
    net_micros: int
    type: str
    source: str
    """What it is about: a charge, a refund, a dispute, a transfer (of a reversal, the transfer that came back)."""
    at: datetime


async def since(client: stripe.StripeClient, last: datetime | None) -> Sequence[Movement]:
    """All since the last one that was seen, with some overlap. All or nothing: half of them would hide the rest."""
    asked: Any = {"limit": PAGE, "expand": ["data.source"]}
    if last is not None:
        asked["created"] = {"gte": int((last - OVERLAP).timestamp())}
    with asking():
        page = await client.v1.balance_transactions.list_async(asked)
        return [_movement(found) async for found in page.auto_paging_iter() if found.currency in CURRENCIES]


def _movement(found: Any) -> Movement:
    code = found.currency
    amounts = [from_minor(minor, code) for minor in (found.amount, found.fee, found.net)]
    at = datetime.fromtimestamp(found.created, UTC)
    return Movement(found.id, code, amounts[0], amounts[1], amounts[2], found.type, _about(found.source), at)


def _about(source: Any) -> str:
    if source is None or isinstance(source, str):
        return source or ""
    about = source.transfer if source.object == "transfer_reversal" else source.id
    return str(about if isinstance(about, str) else about.id)
