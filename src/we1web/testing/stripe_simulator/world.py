"""What people and banks do in the simulated world: none of it is an operation of Stripe's interface."""

from typing import Any

from we1web.testing.stripe_simulator import balances, events
from we1web.testing.stripe_simulator.account import GOOD_BANK
from we1web.testing.stripe_simulator.clock import DAY_S
from we1web.testing.stripe_simulator.operations import checkout, disputes, payouts, refunds
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import State
from we1web.testing.stripe_simulator.store import PLATFORM, Body

VERBS = (
    "pay", "pay_later", "onboard", "change_bank", "restrict", "unrestrict", "close", "dispute", "end_dispute",
    "hold_refunds", "settle_refund", "fail_refund", "fail_payout", "charge_monthly_fee", "add_funds",
)  # fmt: skip
"""What the control plane may call."""


class World:
    """Verbs; each takes ids and raises StripeRefusal when the world does not allow it."""

    def __init__(self, state: State) -> None:
        self._state = state
        payouts.schedule(state)

    def pay(self, session: str, card: str = checkout.AT_ONCE) -> Body:
        """Somebody pays a checkout session; with this card the money is available at once. Returns the charge."""
        return checkout.pay(self._state, self._find(session, "checkout.session"), card)

    def pay_later(self, session: str, after_s: int = 5 * DAY_S, fails: bool = False) -> None:
        """Somebody pays by a debit that takes days, and may fail."""
        checkout.pay_later(self._state, self._find(session, "checkout.session"), after_s=after_s, fails=fails)

    def onboard(self, account: str, bank: str = GOOD_BANK, bank_fails_late: bool = False) -> None:
        """The owner of an account tells Stripe all it asks for."""
        found = self._state.account(account)
        if found.closed:
            raise invalid("This account is closed.", "account_closed")
        found.onboarded, found.bank, found.bank_fails_late = True, bank, bank_fails_late
        events.tell_of_account(self._state, found)

    def change_bank(self, account: str, bank: str = GOOD_BANK) -> None:
        """The owner of an account names another bank account; payouts go on."""
        found = self._state.account(account)
        found.bank, found.bank_errored = bank, False
        events.tell_of_account(self._state, found)

    def restrict(self, account: str, reason: str = "rejected.fraud") -> None:
        """Stripe stops transfers to an account and payouts from it."""
        found = self._state.account(account)
        found.restricted = reason
        events.tell_of_account(self._state, found)

    def unrestrict(self, account: str) -> None:
        found = self._state.account(account)
        found.restricted = None
        events.tell_of_account(self._state, found)

    def close(self, account: str) -> None:
        """The account is closed from outside, whatever it holds."""
        found = self._state.account(account)
        found.closed = True
        events.tell_thin(self._state, "v2.core.account.closed", found)

    def dispute(self, charge: str, reason: str = "fraudulent") -> Body:
        """The payer's bank takes the money of a charge back. Returns the dispute."""
        return disputes.open_(self._state, self._find(charge, "charge"), reason)

    def end_dispute(self, dispute: str, won: bool) -> None:
        disputes.end(self._state, self._find(dispute, "dispute"), won=won)

    def hold_refunds(self, held: bool = True) -> None:
        """New refunds stay pending until they are settled or fail."""
        self._state.refunds_wait = held

    def settle_refund(self, refund: str) -> None:
        refunds.succeed(self._state, self._find(refund, "refund"))

    def fail_refund(self, refund: str, reason: str = "expired_or_canceled_card") -> None:
        """The payer's bank sends a refund back, be it pending or long done."""
        refunds.fail(self._state, self._find(refund, "refund"), reason)

    def fail_payout(self, payout: str, reason: str = "account_closed") -> None:
        """The bank sends a payout back, be it on its way or long paid."""
        stored = self._state.store.get(payout)
        if stored is None or stored.body["object"] != "payout":
            raise invalid(f"No such payout: '{payout[:100]}'", "resource_missing", "payout", 404)
        if stored.body["status"] in ("failed", "canceled"):
            raise invalid(f"Payout {payout} is {stored.body['status']} already.")
        payouts.fail(self._state, stored.owner, stored.body, reason)

    def charge_monthly_fee(self, currency: str = "usd", amount: int = 200, description: str = "Connect fees") -> Body:
        """Stripe takes its fees for connected accounts. Returns the balance transaction."""
        return balances.monthly_fee(self._state, currency, amount, description)

    def add_funds(self, currency: str, amount: int) -> Body:
        """The platform sends money from its own bank into its balance. Returns the balance transaction."""
        return balances.move(self._state, PLATFORM, currency, amount, kind="topup", source=None)

    def balance(self, account: str = PLATFORM) -> dict[str, dict[str, int]]:
        """What an account holds: currency → available and pending."""
        held = self._state.balances.items()
        return {
            currency: {"available": balance.available, "pending": balance.pending}
            for (owner, currency), balance in held
            if owner == account
        }

    def _find(self, id_: Any, kind: str) -> Body:
        return self._state.store.find(str(id_), PLATFORM, kind).body
