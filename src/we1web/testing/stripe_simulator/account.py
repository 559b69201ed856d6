"""A connected account: what is known of it, and how both versions of the interface show it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from we1web.testing.stripe_simulator.clock import iso

COUNTRY_CURRENCY = {"us": "usd", "gb": "gbp", "jp": "jpy", "kw": "kwd"}
BAD_BANKS = {
    "000111111116": "no_account",
    "000111111113": "account_closed",
    "000222222227": "insufficient_funds",
    "000333333335": "debit_not_authorized",
    "000444444440": "invalid_currency",
}
"""Stripe's test numbers of bank accounts that refuse a payout → why."""
STRIPE_COLLECTS = {"requirements_collector": "stripe"}
GOOD_BANK = "000123456789"
FULL_INCLUDE = ("configuration.recipient", "defaults", "identity", "requirements")
Status = Literal["active", "pending", "restricted", "unsupported"]


@dataclass
class Account:
    """One recipient."""

    id: str
    created: int
    country: str
    """Lower case, two letters."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """What the platform said of it, merged over all requests."""
    recipient: bool = True
    onboarded: bool = False
    restricted: str | None = None
    """Why Stripe restricts it."""
    closed: bool = False
    bank: str = GOOD_BANK
    bank_fails_late: bool = False
    """The bank takes the money and sends it back days later."""
    bank_errored: bool = False
    """A payout failed: Stripe pays nothing more to that bank until another one is named."""

    @property
    def currency(self) -> str:
        return COUNTRY_CURRENCY.get(self.country, "eur")

    @property
    def can_receive(self) -> bool:
        return self.recipient and self.onboarded and not self.restricted and not self.closed

    @property
    def can_pay_out(self) -> bool:
        return self.can_receive and not self.bank_errored

    @property
    def refusal_of_bank(self) -> str | None:
        return BAD_BANKS.get(self.bank)

    def missing(self) -> list[str]:
        """What its owner has to do."""
        if not self.onboarded:
            return ["external_account", "individual.first_name", "tos_acceptance.date"]
        return ["external_account"] if self.bank_errored else []

    def transfers(self) -> Status:
        return "active" if self.can_receive else "restricted"

    def payouts(self) -> Status:
        return "active" if self.can_pay_out else "restricted"


def first_version(account: Account, blank: dict[str, Any]) -> dict[str, Any]:
    """As `/v1/accounts/{id}` shows it."""
    missing = account.missing()
    reason = account.restricted or ("requirements.past_due" if missing else None)
    requirements = {
        "alternatives": [], "currently_due": missing, "disabled_reason": reason, "errors": [], "past_due": missing,
        "eventually_due": missing, "pending_verification": [], "current_deadline": None,
    }  # fmt: skip
    return blank | {
        "id": account.id,
        "type": "express",
        "country": account.country.upper(),
        "created": account.created,
        "default_currency": account.currency,
        "email": account.parameters.get("contact_email"),
        "metadata": dict(account.parameters.get("metadata", {})),
        "charges_enabled": False,
        "details_submitted": account.onboarded,
        "payouts_enabled": account.can_pay_out,
        "capabilities": {"transfers": "active" if account.can_receive else "inactive"} if account.recipient else {},
        "requirements": requirements,
    }


def second_version(account: Account, include: list[str], blank: dict[str, Any]) -> dict[str, Any]:
    """As `/v2/core/accounts/{id}` shows it: what is not asked for by `include` is null."""
    told = account.parameters
    shown = blank | {
        "id": account.id,
        "applied_configurations": ["recipient"] if account.recipient else [],
        "closed": account.closed,
        "contact_email": told.get("contact_email"),
        "created": iso(account.created),
        "dashboard": told.get("dashboard"),
        "display_name": told.get("display_name"),
        "metadata": dict(told.get("metadata", {})),
    }
    if "configuration.recipient" in include and account.recipient:
        shown["configuration"] = {"recipient": {"applied": not account.closed, "capabilities": _capabilities(account)}}
    if "identity" in include:
        shown["identity"] = {"country": account.country, "entity_type": told.get("identity", {}).get("entity_type")}
    if "defaults" in include:
        asked = told.get("defaults", {})
        responsibilities = dict.fromkeys(("fees_collector", "losses_collector"), "application")
        shown["defaults"] = {
            "currency": asked.get("currency", account.currency),
            "responsibilities": {**responsibilities, **asked.get("responsibilities", {}), **STRIPE_COLLECTS},
        }
    if "requirements" in include:
        shown["requirements"] = {
            "entries": [_entry(account, what) for what in account.missing()],
        }
    return shown


def _capabilities(account: Account) -> dict[str, Any]:
    def capability(status: Status) -> dict[str, Any]:
        details = [{"code": _why(account), "resolution": _resolution(account)}] if status != "active" else []
        return {"status": status, "status_details": details}

    both = {"payouts": capability(account.payouts()), "stripe_transfers": capability(account.transfers())}
    return {"stripe_balance": both}


def _why(account: Account) -> str:
    return "restricted_other" if account.restricted or account.closed else "requirements_past_due"


def _resolution(account: Account) -> str:
    return "contact_stripe" if account.restricted or account.closed else "provide_info"


def _entry(account: Account, what: str) -> dict[str, Any]:
    return {
        "awaiting_action_from": "user",
        "description": what,
        "errors": [],
        "impact": {},
        "minimum_deadline": {"status": "past_due" if account.onboarded else "currently_due"},
        "requested_reasons": [{"code": "routine_onboarding"}],
    }
