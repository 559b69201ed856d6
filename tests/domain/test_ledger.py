"""Transactions that cannot be unbalanced, on accounts that cannot be misnamed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction, Unbalanced

ANN, BOB, JOB = UUID(int=1), UUID(int=2), UUID(int=3)
WORLD = AccountRef(AccountKind.WORLD)
FEES = AccountRef(AccountKind.FEES)


def wallet(owner: UUID, currency: str = "usd") -> AccountRef:
    return AccountRef(AccountKind.WALLET, owner=owner, currency=currency)


def post(*postings: tuple[AccountRef, int], key: str = "k", kind: str = "test") -> Transaction:
    return Transaction(key, kind, tuple(Posting(*posting) for posting in postings))


@given(st.lists(st.integers(-(10**15), 10**15), max_size=6))
def test_a_transaction_exists_only_when_it_sums_to_zero(amounts: list[int]) -> None:
    postings = [(wallet(UUID(int=owner)), amount) for owner, amount in enumerate(amounts)]
    if amounts and sum(amounts) == 0 and all(amounts):
        assert sum(posting.amount for posting in post(*postings).postings) == 0
    else:
        with pytest.raises(Unbalanced):
            post(*postings)


def test_every_currency_balances_by_itself() -> None:
    with pytest.raises(Unbalanced):
        post((WORLD, -5), (wallet(ANN, "eur"), 5))


def test_no_account_is_posted_to_twice() -> None:
    with pytest.raises(Unbalanced, match="twice"):
        post((WORLD, -5), (wallet(ANN), 2), (wallet(ANN), 3))


@pytest.mark.parametrize("amount", [0, 1.0, True])
def test_amounts_are_whole_and_not_zero(amount: int) -> None:
    with pytest.raises(Unbalanced):
        post((WORLD, -amount), (wallet(ANN), amount))


def test_a_key_is_needed() -> None:
    with pytest.raises(Unbalanced):
        post((WORLD, -5), (wallet(ANN), 5), key="")


@pytest.mark.parametrize(
    ("kind", "owner", "job"),
    [
        (AccountKind.WALLET, None, None),
        (AccountKind.WALLET, ANN, JOB),
        (AccountKind.EARNINGS, None, JOB),
        (AccountKind.ESCROW, None, None),
        (AccountKind.ESCROW, ANN, JOB),
        (AccountKind.FEES, ANN, None),
        (AccountKind.WORLD, None, JOB),
    ],
)
def test_an_account_belongs_to_what_its_kind_says(kind: AccountKind, owner: UUID | None, job: UUID | None) -> None:
    with pytest.raises(Unbalanced):
        AccountRef(kind, owner, job)


def test_the_fingerprint_tells_contents_apart_and_ignores_their_order() -> None:
    one = post((WORLD, -5), (wallet(ANN), 5))
    assert one.fingerprint == post((wallet(ANN), 5), (WORLD, -5)).fingerprint
    others = [
        post((WORLD, -6), (wallet(ANN), 6)),
        post((WORLD, -5), (wallet(BOB), 5)),
        post((WORLD, -5), (wallet(ANN), 5), kind="other"),
        post((FEES, -5), (wallet(ANN), 5)),
    ]
    assert len({one.fingerprint, *(other.fingerprint for other in others)}) == 5
