"""The operations of the simulated Stripe, a module for each kind of object. Importing it registers them all."""

from we1web.testing.stripe_simulator.operations import (
    accounts,
    balance,
    checkout,
    disputes,
    endpoints,
    payouts,
    refunds,
    told,
    transfers,
)

__all__ = ["accounts", "balance", "checkout", "disputes", "endpoints", "payouts", "refunds", "told", "transfers"]
