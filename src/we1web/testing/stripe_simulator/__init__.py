"""A stateful stand-in for Stripe, for tests and development. It is no Stripe: docs/stripe-simulator.md."""
