"""The ways money comes in, registered here and nowhere else."""

from we1web.coordinator.funding import FundingRail, no_rail
from we1web.coordinator.funding_schemas import RailName
from we1web.coordinator.fundings.manual import MANUAL, ManualFunding
from we1web.coordinator.fundings.stripe import StripeFunding
from we1web.coordinator.services import Services
from we1web.coordinator.stripe_client import STRIPE
from we1web.domain.funding_terms import TERMS


def rail(services: Services, name: str) -> FundingRail:
    """Raises Refusal for a rail this network does not have."""
    rails = services.rails
    if name == STRIPE and rails.stripe is not None:
        return StripeFunding(rails.stripe, rails.site_url)
    if name == MANUAL and services.config.bank_iban:
        return ManualFunding()
    raise no_rail(name)


def currencies(services: Services) -> dict[RailName, list[str]]:
    """Each rail that there is → the currencies it takes."""
    bank = [code.strip() for code in services.config.bank_currencies.split(",")]
    by_bank: dict[RailName, list[str]] = {MANUAL: bank} if services.config.bank_iban else {}
    return by_bank | ({STRIPE: sorted(TERMS)} if services.rails.stripe is not None else {})
