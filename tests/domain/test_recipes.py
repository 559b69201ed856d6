"""Business events: each recipe sums to zero, has its own key, and a job's life leaves nothing behind."""

from collections import defaultdict
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.ledger import AccountKind, AccountRef, Transaction, Unbalanced
from we1web.domain.recipes import Overdrawn, compensate, fund, hold, refund, settle

ANN, JOB = UUID(int=1), UUID(int=9)
amounts = st.integers(1, 10**15)
payouts = st.dictionaries(st.integers(10, 20).map(lambda key: UUID(int=key)), st.integers(0, 10**9), max_size=8)


def totals(*transactions: Transaction) -> dict[AccountKind, int]:
    """Balances by kind of account after the transactions."""
    sums: defaultdict[AccountKind, int] = defaultdict(int)
    for transaction in transactions:
        for account, amount in transaction.postings:
            sums[account.kind] += amount
    return sums


@given(amounts)
def test_money_comes_in_and_waits_in_escrow(amount: int) -> None:
    assert totals(fund("x", ANN, amount)) == {AccountKind.WORLD: -amount, AccountKind.WALLET: amount}
    assert totals(hold(JOB, ANN, amount)) == {AccountKind.WALLET: -amount, AccountKind.ESCROW: amount}
    assert totals(refund(JOB, ANN, amount)) == {AccountKind.WALLET: amount, AccountKind.ESCROW: -amount}


@given(payouts, st.integers(0, 10**9))
def test_a_settlement_pays_out_exactly_what_leaves_escrow(owed: dict[UUID, int], fee: int) -> None:
    total = sum(owed.values()) + fee
    if not total:
        with pytest.raises(Unbalanced):
            settle(JOB, 1, owed, fee)
        return
    transaction = settle(JOB, 1, owed, fee, held=total)
    sums = totals(transaction)
    assert sum(sums.values()) == 0
    assert sums[AccountKind.ESCROW] == -total
    assert sums[AccountKind.FEES] == fee
    paid = {account.owner: amount for account, amount in transaction.postings if account.kind == AccountKind.EARNINGS}
    assert paid == {owner: amount for owner, amount in owed.items() if amount}


@given(payouts, st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_settlement_never_exceeds_what_is_held(owed: dict[UUID, int], fee: int, short: int) -> None:
    with pytest.raises(Overdrawn):
        settle(JOB, 1, owed, fee, held=sum(owed.values()) + fee - short)


@given(st.lists(payouts, max_size=5), st.integers(1, 10**9))
def test_a_jobs_life_leaves_nothing_in_escrow(batches: list[dict[UUID, int]], spare: int) -> None:
    budget = sum(sum(owed.values()) + 1 for owed in batches) + spare
    settled = [settle(JOB, number, owed, 1) for number, owed in enumerate(batches)]
    life = [fund("x", ANN, budget), hold(JOB, ANN, budget), *settled, refund(JOB, ANN, spare)]
    sums = totals(*life)
    assert sums[AccountKind.ESCROW] == 0
    assert sum(sums.values()) == 0
    assert len({transaction.key for transaction in life}) == len(life)


@given(amounts, st.integers(0, 10**15))
def test_a_compensation_is_paid_from_the_fees_and_never_beyond_them(amount: int, held: int) -> None:
    if amount > held:
        with pytest.raises(Overdrawn):
            compensate(JOB, 3, ANN, amount, held=held)
        return
    moved = totals(compensate(JOB, 3, ANN, amount, held=held))
    assert moved == {AccountKind.FEES: -amount, AccountKind.EARNINGS: amount}


def test_keys_are_the_events_own() -> None:
    assert fund("pay-7", ANN, 1).key == "fund:pay-7"
    assert hold(JOB, ANN, 1).key == f"hold:{JOB}"
    assert settle(JOB, 4, {ANN: 1}, 0).key == f"settle:{JOB}:4"
    assert refund(JOB, ANN, 1).key == f"refund:{JOB}"
    assert compensate(JOB, 3, ANN, 1).key == f"compensate:{JOB}:3:{ANN}"


def test_a_replayed_settlement_has_the_same_fingerprint() -> None:
    bob = UUID(int=2)
    assert settle(JOB, 4, {ANN: 1, bob: 2}, 3).fingerprint == settle(JOB, 4, {bob: 2, ANN: 1}, 3).fingerprint


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_moves_backwards(amount: int) -> None:
    for recipe in (hold, refund):
        with pytest.raises(Unbalanced):
            recipe(JOB, ANN, amount)
    with pytest.raises(Unbalanced):
        fund("x", ANN, amount)
    with pytest.raises(Unbalanced):
        compensate(JOB, 3, ANN, amount)
    with pytest.raises(Unbalanced):
        settle(JOB, 1, {ANN: 10}, -1)
    with pytest.raises(Unbalanced):
        settle(JOB, 1, {ANN: -1}, 10)


def test_currencies_do_not_mix() -> None:
    accounts = [posting.account for posting in settle(JOB, 1, {ANN: 5}, 1, currency="eur").postings]
    assert {account.currency for account in accounts} == {"eur"}
    assert AccountRef(AccountKind.FEES, currency="eur") in accounts
