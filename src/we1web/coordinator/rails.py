"""The payment rails of one coordinator: which there are, nothing about what they do."""

from dataclasses import dataclass

from we1web.coordinator.stripe_client import StripeRail


@dataclass(frozen=True)
class Rails:
    """Without Stripe, people fund and are paid by bank transfers that an operator makes and confirms."""

    site_url: str
    """Where people come back to from a rail's pages."""
    stripe: StripeRail | None = None
