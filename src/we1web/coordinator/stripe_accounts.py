"""Connected accounts at Stripe, through which contributors are paid: recipients, who keep their bank's details there.

Must never touch the database, nor ask Stripe for anything that somebody could be paid twice by.
"""

from typing import Any, NamedTuple
from uuid import UUID

from we1web.coordinator.stripe_client import StripeRail, asking

_INCLUDE: list[Any] = ["configuration.recipient"]
_STATUS = {
    "active": "active",
    "pending": "pending",
    "restricted": "restricted",
    "rejected": "restricted",
    "unsupported": "restricted",
}
_OWNERS_TURN = "provide_info"
"""Stripe calls an account restricted from its first moment; all that is missing then is what its owner has to tell."""


class Standing(NamedTuple):
    """What Stripe says of an account."""

    status: str
    """pending: not finished; active: money may go there; restricted: Stripe wants something first; closed."""
    wants: tuple[str, ...]
    """Why not active, in Stripe's codes."""


async def create(rail: StripeRail, account: UUID, email: str, country: str) -> str:
    """Stripe's id of the connected account; the same one, however often it is asked for the same row."""
    transfers = {"stripe_balance": {"stripe_transfers": {"requested": True}}}
    order: Any = {
        "contact_email": email,
        "dashboard": "express",
        "identity": {"country": country.lower()},
        "configuration": {"recipient": {"capabilities": transfers}},
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
        "include": _INCLUDE,
        "metadata": {"payout_account": str(account)},
    }
    with asking():
        made = await rail.client.v2.core.accounts.create_async(order, {"idempotency_key": f"payout-account:{account}"})
    return made.id


async def onboarding_url(rail: StripeRail, account: str, back_url: str) -> str:
    """Where its owner tells Stripe who they are and where their bank is. Good for a few minutes, once."""
    steps = {"refresh_url": f"{back_url}&link=again", "return_url": back_url}
    use_case: Any = {"type": "account_onboarding", "account_onboarding": steps}
    with asking():
        link = await rail.client.v2.core.account_links.create_async({"account": account, "use_case": use_case})
    return link.url


async def read(rail: StripeRail, account: str) -> Standing:
    """How the account stands now."""
    with asking():
        found = await rail.client.v2.core.accounts.retrieve_async(account, {"include": _INCLUDE})
    if _at(found, "closed"):
        return Standing("closed", ())
    transfers = _at(found, "configuration", "recipient", "capabilities", "stripe_balance", "stripe_transfers")
    details = _at(transfers, "status_details") or ()
    wants = tuple(f"{_at(detail, 'code')}:{_at(detail, 'resolution')}"[:100] for detail in details)
    status = _STATUS.get(_at(transfers, "status"), "pending")
    unfinished = status == "restricted" and {_at(detail, "resolution") for detail in details} == {_OWNERS_TURN}
    return Standing("pending" if unfinished else status, wants)


def _at(found: Any, *path: str) -> Any:
    """What stands there; None where Stripe leaves anything on the way out."""
    for name in path:
        found = getattr(found, name, None)
    return found


async def pay_out_daily(rail: StripeRail, account: str) -> None:
    """Whatever arrives goes on to the bank by itself every day: a schedule by hand would strand it at Stripe."""
    schedule: Any = {"payments": {"payouts": {"schedule": {"interval": "daily"}}}}
    with asking():
        await rail.client.v1.balance_settings.update_async(schedule, {"stripe_account": account})
