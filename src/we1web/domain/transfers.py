"""Recipes for money that comes in, goes out or changes its currency; those of the market itself are in recipes.py."""

from typing import NamedTuple
from uuid import UUID

from we1web.domain.fx import Conversion
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction, Unbalanced


class Payin(NamedTuple):
    """A payment that arrived at a rail."""

    id: UUID
    user: UUID
    rail: str
    currency: str
    amount_micros: int
    """What the payer paid: all of it becomes theirs to spend."""
    cost_micros: int = 0
    """What the rail kept: the platform's cost."""


class Payout(NamedTuple):
    """Earnings on their way out."""

    id: UUID
    user: UUID
    rail: str
    currency: str
    gross_micros: int
    fee_micros: int
    """The platform's charge for paying out, taken when it is transferred."""

    @property
    def net_micros(self) -> int:
        """What the rail is asked to pay."""
        return self.gross_micros - self.fee_micros


def receive(payin: Payin, debt_micros: int = 0) -> Transaction:
    """A payment arrived: outside (and costs) → the payer's wallet, after what they owe (`debt_micros`, positive)."""
    repaid = min(debt_micros, payin.amount_micros)
    return _transaction(
        f"fund:{payin.rail}:{payin.id}",
        "fund",
        (outside(payin.rail, payin.currency), payin.cost_micros - payin.amount_micros),
        (_costs(payin.rail, payin.currency), -payin.cost_micros),
        (_owned(AccountKind.DEBT, payin.user, payin.currency), repaid),
        (_owned(AccountKind.WALLET, payin.user, payin.currency), payin.amount_micros - repaid),
    )


def ask_refund(refund: UUID, payin: Payin, amount: int) -> Transaction:
    """A payer wants unspent money back: wallet → in flight."""
    return _transaction(
        f"funding-refund:{refund}",
        "funding_refund",
        (_owned(AccountKind.WALLET, payin.user, payin.currency), -amount),
        (_in_flight(payin.rail, payin.currency), amount),
    )


def send_refund(refund: UUID, payin: Payin, amount: int) -> Transaction:
    """The rail paid it back: in flight → clearing."""
    return _transaction(
        f"funding-refund-sent:{refund}",
        "funding_refund_sent",
        (_in_flight(payin.rail, payin.currency), -amount),
        (_clearing(payin.rail, payin.currency), amount),
    )


def undo_refund(refund: UUID, payin: Payin, amount: int, *, sent: bool) -> Transaction:
    """It could not be paid back: into the wallet again, from where it is."""
    place = _clearing if sent else _in_flight
    return _transaction(
        f"funding-refund-failed:{refund}",
        "funding_refund_failed",
        (place(payin.rail, payin.currency), -amount),
        (_owned(AccountKind.WALLET, payin.user, payin.currency), amount),
    )


def charge_back(dispute: str, payin: Payin, amount: int, cost: int, wallet_micros: int) -> Transaction:
    """The payer's bank took the money back: from their wallet as far as it holds (`wallet_micros`), else as debt."""
    taken = min(amount, max(0, wallet_micros))
    return _transaction(
        f"chargeback:{payin.rail}:{dispute}",
        "chargeback",
        (_clearing(payin.rail, payin.currency), amount + cost),
        (_costs(payin.rail, payin.currency), -cost),
        (_owned(AccountKind.WALLET, payin.user, payin.currency), -taken),
        (_owned(AccountKind.DEBT, payin.user, payin.currency), taken - amount),
    )


def reinstate(dispute: str, payin: Payin, amount: int, debt_micros: int) -> Transaction:
    """The dispute was won: the money is there again, first for what is owed (`debt_micros`, positive)."""
    repaid = min(debt_micros, amount)
    return _transaction(
        f"chargeback-won:{payin.rail}:{dispute}",
        "chargeback_won",
        (_clearing(payin.rail, payin.currency), -amount),
        (_owned(AccountKind.DEBT, payin.user, payin.currency), repaid),
        (_owned(AccountKind.WALLET, payin.user, payin.currency), amount - repaid),
    )


def request_payout(payout: Payout) -> Transaction:
    """Earnings → in flight. In the transaction that writes the payout's row."""
    return _transaction(
        f"payout:{payout.id}",
        "payout",
        (_owned(AccountKind.EARNINGS, payout.user, payout.currency), -payout.gross_micros),
        (_in_flight(payout.rail, payout.currency), payout.gross_micros),
    )


def send_payout(payout: Payout, outside: AccountRef) -> Transaction:
    """The rail moved it: in flight → `outside` (its clearing account, or the world), and the charge for it."""
    return _transaction(
        f"payout-sent:{payout.id}",
        "payout_sent",
        (_in_flight(payout.rail, payout.currency), -payout.gross_micros),
        (outside, payout.net_micros),
        (AccountRef(AccountKind.FEES, currency=payout.currency), payout.fee_micros),
    )


def refuse_payout(payout: Payout) -> Transaction:
    """The rail will not do it: all of it is back in the earnings."""
    return _transaction(
        f"payout-failed:{payout.id}",
        "payout_failed",
        (_in_flight(payout.rail, payout.currency), -payout.gross_micros),
        (_owned(AccountKind.EARNINGS, payout.user, payout.currency), payout.gross_micros),
    )


def return_payout(payout: Payout, outside: AccountRef) -> Transaction:
    """The bank sent it back after the transfer: what was sent is back in the earnings; the charge was spent."""
    return _transaction(
        f"payout-returned:{payout.id}",
        "payout_returned",
        (outside, -payout.net_micros),
        (_owned(AccountKind.EARNINGS, payout.user, payout.currency), payout.net_micros),
    )


def exchange(key: str, user: UUID, kind: AccountKind, conversion: Conversion) -> Transaction:
    """A user's money changes its currency: both legs, each against the platform's position in that currency.

    The operator's margin goes to the fees, in the currency that was asked for.
    """
    base, quote = conversion.rate.base, conversion.rate.quote
    return _transaction(
        f"exchange:{key}",
        "exchange",
        (_owned(kind, user, base), -conversion.source_micros),
        (AccountRef(AccountKind.FX, currency=base), conversion.source_micros),
        (AccountRef(AccountKind.FX, currency=quote), -conversion.given_micros),
        (_owned(kind, user, quote), conversion.received_micros),
        (AccountRef(AccountKind.FEES, currency=quote), conversion.margin_micros),
        (AccountRef(AccountKind.ROUNDING, currency=quote), conversion.rounding_micros),
        meta=_rate(conversion),
    )


def exchange_back(key: str, user: UUID, kind: AccountKind, conversion: Conversion, micros: int) -> Transaction:
    """An exchange (`key`) was for something that did not happen: `micros` of what it gave go back by its own rate.

    Rounded down to a micro-unit of the source. A margin goes back, too: it stays where it was booked, and the position
    bears it, for the fees may have been spent and must not be overdrawn.
    """
    base, quote = conversion.rate.base, conversion.rate.quote
    back = conversion.source_micros * micros // conversion.received_micros
    return _transaction(
        f"undo-exchange:{key}",
        "exchange",
        (_owned(kind, user, quote), -micros),
        (AccountRef(AccountKind.FX, currency=quote), micros),
        (AccountRef(AccountKind.FX, currency=base), -back),
        (_owned(kind, user, base), back),
        meta={**_rate(conversion), "undoes": f"exchange:{key}"},
    )


def rail_cost(rail: str, movement: str, amount: int, currency: str) -> Transaction:
    """The rail charged us beside any payment: costs → clearing. `movement` is the rail's own id of it."""
    return _transaction(
        f"rail-cost:{rail}:{movement}",
        "rail_cost",
        (_clearing(rail, currency), amount),
        (_costs(rail, currency), -amount),
    )


def move_own(rail: str, movement: str, amount: int, currency: str) -> Transaction:
    """The operator moved the platform's own money between its bank and a rail: into the rail (positive) or out."""
    return _transaction(
        f"rail-own:{rail}:{movement}",
        "rail_own",
        (_clearing(rail, currency), -amount),
        (AccountRef(AccountKind.WORLD, currency=currency), amount),
    )


def outside(rail: str, currency: str) -> AccountRef:
    """Where a rail's money is: in its clearing account, or in the world when a bank has it and reports nothing."""
    return AccountRef(AccountKind.WORLD, currency=currency) if rail == "manual" else _clearing(rail, currency)


def clearing(rail: str, currency: str) -> AccountRef:
    """The account that says what a rail holds for us."""
    return _clearing(rail, currency)


def _transaction(
    key: str, kind: str, *postings: tuple[AccountRef, int], meta: dict[str, str | int] | None = None
) -> Transaction:
    """What moves nothing is left out."""
    moved = tuple(Posting(account, amount) for account, amount in postings if amount)
    if not moved:
        raise Unbalanced(f"{key}: nothing moves")
    return Transaction(key, kind, moved, meta or {})


def _rate(conversion: Conversion) -> dict[str, str | int]:
    rate: dict[str, str | int] = {"rate_nanos": conversion.rate.nanos, "rate_day": conversion.rate.day.isoformat()}
    return rate | ({"margin_bps": conversion.margin_bps} if conversion.margin_bps else {})


def _owned(kind: AccountKind, user: UUID, currency: str) -> AccountRef:
    return AccountRef(kind, owner=user, currency=currency)


def _clearing(rail: str, currency: str) -> AccountRef:
    return AccountRef(AccountKind.CLEARING, currency=currency, rail=rail)


def _costs(rail: str, currency: str) -> AccountRef:
    return AccountRef(AccountKind.COSTS, currency=currency, rail=rail)


def _in_flight(rail: str, currency: str) -> AccountRef:
    return AccountRef(AccountKind.IN_FLIGHT, currency=currency, rail=rail)
