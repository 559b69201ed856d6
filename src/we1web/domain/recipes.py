"""From business event to postings: the only ways money moves. Each is one balanced transaction with its own key."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction, Unbalanced
from we1web.domain.money import DEFAULT_CURRENCY


class Overdrawn(Unbalanced):
    """More than there is: beyond a job's escrow the market paid for what it never reserved."""


class PoolShare(NamedTuple):
    """What a settlement gives a pool."""

    treasury: int
    pot: int


def fund(key: str, user: UUID, amount: int, currency: str = DEFAULT_CURRENCY, memo: str = "") -> Transaction:
    """Money came in: world → wallet. `key` is the caller's (a payment's id, an operator's idempotency key)."""
    moved = _move(AccountRef(AccountKind.WORLD, currency=currency), _wallet(user, currency), amount)
    return Transaction(f"fund:{key}", "fund", moved, {"memo": memo} if memo else {})


def hold(job: UUID, requester: UUID, amount: int, currency: str = DEFAULT_CURRENCY) -> Transaction:
    """A job was created: its whole budget goes from wallet to escrow, so it can never cost more."""
    moved = _move(_wallet(requester, currency), _escrow(job, currency), amount)
    return Transaction(f"hold:{job}", "hold", moved, {"job": str(job)})


def settle(
    job: UUID,
    batch: int | str,
    payouts: Mapping[UUID, int],
    fee: int,
    *,
    currency: str = DEFAULT_CURRENCY,
    held: int | None = None,
    pools: Mapping[UUID, PoolShare] | None = None,
) -> Transaction:
    """A batch of paid votes: escrow → earnings of their contributors, their pools, and the fee. `batch` is unique in
    the job.

    With `held`, what the escrow holds, a settlement beyond it raises Overdrawn here and not only in the database.
    """
    shared = _shared(pools or {}, currency)
    key, total = f"settle:{job}:{batch}", fee + sum(payouts.values()) + sum(amount for _, amount in shared)
    if fee < 0 or any(amount < 0 for amount in [*payouts.values(), *(amount for _, amount in shared)]):
        raise Unbalanced(f"{key}: a settlement takes nothing back")
    if held is not None and total > held:
        raise Overdrawn(f"{key}: {total} of the {held} that are held")
    paid = [Posting(_earnings(owner, currency), amount) for owner, amount in sorted(payouts.items()) if amount]
    fees = [Posting(AccountRef(AccountKind.FEES, currency=currency), fee)] if fee else []
    postings = (Posting(_escrow(job, currency), -total), *paid, *shared, *fees)
    return Transaction(key, "settle", postings, {"job": str(job)})


def distribute(pool: UUID, round_: int, parts: Mapping[UUID, int], currency: str = DEFAULT_CURRENCY) -> Transaction:
    """A pool's pot → earnings of its members. `round_` is counted by the pool, so that each happens once."""
    key, total = f"distribute:{pool}:{round_}:{currency}", sum(parts.values())
    if any(part <= 0 for part in parts.values()):
        raise Unbalanced(f"{key}: a part of nothing")
    given = [Posting(_earnings(member, currency), part) for member, part in sorted(parts.items())]
    postings = (Posting(AccountRef(AccountKind.POT, pool=pool, currency=currency), -total), *given)
    return Transaction(key, "distribute", postings, {"pool": str(pool)})


def withdraw(key: str, pool: UUID, owner: UUID, amount: int, currency: str = DEFAULT_CURRENCY) -> Transaction:
    """A pool's treasury → its owner's earnings. `key` is unique to the withdrawal."""
    treasury = AccountRef(AccountKind.POOL, pool=pool, currency=currency)
    moved = _move(treasury, _earnings(owner, currency), amount)
    return Transaction(f"withdraw:{key}:{currency}", "withdraw", moved, {"pool": str(pool)})


def compensate(
    job: UUID, dispute: int, owner: UUID, amount: int, *, currency: str = DEFAULT_CURRENCY, held: int | None = None
) -> Transaction:
    """A dispute was decided wrongly: the platform's fees → earnings of an owner whose vote was right. Once for both.

    The requester's escrow may be closed by then, and the mistake was the platform's. With `held`, what the fees hold,
    more than that raises Overdrawn here and not only in the database.
    """
    key = f"compensate:{job}:{dispute}:{owner}"
    if held is not None and amount > held:
        raise Overdrawn(f"{key}: {amount} of the {held} that are held")
    moved = _move(AccountRef(AccountKind.FEES, currency=currency), _earnings(owner, currency), amount)
    return Transaction(key, "compensate", moved, {"job": str(job), "dispute": dispute})


def refund(job: UUID, requester: UUID, amount: int, currency: str = DEFAULT_CURRENCY) -> Transaction:
    """A job ended: what its escrow still holds goes back to the wallet."""
    moved = _move(_escrow(job, currency), _wallet(requester, currency), amount)
    return Transaction(f"refund:{job}", "refund", moved, {"job": str(job)})


def _shared(pools: Mapping[UUID, PoolShare], currency: str) -> list[Posting]:
    kinds = (AccountKind.POOL, AccountKind.POT)
    return [
        Posting(AccountRef(kind, pool=pool, currency=currency), amount)
        for pool, given in sorted(pools.items())
        for kind, amount in zip(kinds, given, strict=True)
        if amount
    ]


def _wallet(user: UUID, currency: str) -> AccountRef:
    return AccountRef(AccountKind.WALLET, owner=user, currency=currency)


def _earnings(user: UUID, currency: str) -> AccountRef:
    return AccountRef(AccountKind.EARNINGS, owner=user, currency=currency)


def _escrow(job: UUID, currency: str) -> AccountRef:
    return AccountRef(AccountKind.ESCROW, job=job, currency=currency)


def _move(source: AccountRef, target: AccountRef, amount: int) -> tuple[Posting, Posting]:
    if amount <= 0:
        raise Unbalanced(f"{amount} from {source.kind} to {target.kind} is no move")
    return Posting(source, -amount), Posting(target, amount)
