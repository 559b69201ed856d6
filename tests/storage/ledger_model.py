"""What the ledger promises, as a dictionary: balances, keys that were used, and what must be refused."""

from collections import defaultdict
from collections.abc import Sequence

import asyncpg

from we1web.coordinator.storage.ledger import InsufficientFunds, LedgerKeyReused
from we1web.domain.ledger import AccountKind, AccountRef, Transaction

EITHER_SIGN = {AccountKind.WORLD, AccountKind.CLEARING, AccountKind.COSTS, AccountKind.FX, AccountKind.ROUNDING}


class LedgerModel:
    """The whole ledger, without a database."""

    def __init__(self) -> None:
        self.balances: defaultdict[AccountRef, int] = defaultdict(int)
        self.posted: dict[str, Transaction] = {}

    def refusal(self, transaction: Transaction) -> type[Exception] | None:
        """What posting it must raise; None when it is applied, or was before."""
        before = self.posted.get(transaction.key)
        if before is not None:
            return None if before.fingerprint == transaction.fingerprint else LedgerKeyReused
        after = [(account.kind, self.balances[account] + amount) for account, amount in transaction.postings]
        if any(kind is AccountKind.DEBT and balance > 0 for kind, balance in after):
            return asyncpg.CheckViolationError
        if any(kind not in {*EITHER_SIGN, AccountKind.DEBT} and balance < 0 for kind, balance in after):
            return InsufficientFunds
        return None

    def apply(self, transaction: Transaction) -> bool:
        """True when it was new."""
        if transaction.key in self.posted:
            return False
        self.posted[transaction.key] = transaction
        for account, amount in transaction.postings:
            self.balances[account] += amount
        return True

    def of(self, kind: AccountKind, currency: str, **named: object) -> int:
        return self.balances[AccountRef(kind, currency=currency, **named)]  # type: ignore[arg-type]

    def sums(self) -> dict[str, int]:
        """By currency: all zero."""
        sums: dict[str, int] = {}
        for account, balance in self.balances.items():
            sums[account.currency] = sums.get(account.currency, 0) + balance
        return sums


def names(balances: dict[AccountRef, int]) -> dict[str, int]:
    """Balances by the names that the database gives to accounts."""
    return {
        f"{a.kind}/{a.owner or a.job or a.pool or a.rail or ''}/{a.currency}": balance
        for a, balance in balances.items()
    }


def keys(transactions: Sequence[Transaction]) -> list[str]:
    return [transaction.key for transaction in transactions]
