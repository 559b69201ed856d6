"""Pools as values: who may do what, what is shared of a reward, how terms change, how a pot is split."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain import recipes
from we1web.domain.ledger import AccountKind, Unbalanced
from we1web.domain.pools import (
    MAX_COMMISSION_BPS,
    REMOVAL,
    RIGHTS,
    Change,
    Right,
    Role,
    Share,
    Split,
    Terms,
    change,
    may,
    share,
    split,
)
from we1web.domain.recipes import PoolShare, distribute, settle, withdraw

TERMS = st.builds(Terms, st.integers(0, MAX_COMMISSION_BPS), st.sampled_from(Split))
JOB, POOL, A, B = (UUID(int=number) for number in range(1, 5))


def test_each_role_may_what_the_table_says_and_nobody_removes_an_owner() -> None:
    assert RIGHTS.keys() == set(Role)
    assert not may(Role.OWNER, Right.LEAVE) and may(Role.OWNER, Right.CLOSE)
    assert may(Role.MANAGER, Right.REMOVE_MEMBER) and not may(Role.MANAGER, Right.REMOVE_MANAGER)
    assert not may(Role.MANAGER, Right.WITHDRAW)
    assert RIGHTS[Role.MEMBER] == {Right.LEAVE}
    assert Role.OWNER not in REMOVAL


def test_a_reward_is_shared_by_the_rule() -> None:
    assert share(999, Terms(250, Split.CONTRIBUTION)) == Share(24, 975, 0)
    assert share(999, Terms(250, Split.EQUAL)) == Share(24, 0, 975)
    assert share(90, Terms(0, Split.CONTRIBUTION)) == Share(0, 90, 0)


@given(st.integers(0, 1 << 50), TERMS)
def test_nothing_is_lost_and_members_keep_at_least_half(reward: int, terms: Terms) -> None:
    parts = share(reward, terms)
    assert sum(parts) == reward and min(parts) >= 0
    assert parts.commission * 2 <= reward


@given(st.lists(st.integers(0, 10_000), min_size=1), TERMS)
def test_shares_in_steps_are_never_negative_and_sum_to_the_whole(rewards: list[int], terms: Terms) -> None:
    sums = [sum(rewards[:place]) for place in range(len(rewards) + 1)]
    steps = [share(after, terms).less(share(before, terms)) for before, after in pairwise(sums)]
    assert all(min(step) >= 0 for step in steps)
    assert Share(*map(sum, zip(*steps, strict=True))) == share(sum(rewards), terms)


@given(TERMS, TERMS)
def test_nothing_gets_worse_for_members_at_once(terms: Terms, wanted: Terms) -> None:
    now, later = change(terms, wanted)
    assert now.split is terms.split and now.commission_bps <= terms.commission_bps
    assert (later or now) == wanted


def test_a_commission_falls_at_once_and_the_rest_waits() -> None:
    terms = Terms(500, Split.CONTRIBUTION)
    assert change(terms, Terms(100, Split.CONTRIBUTION)) == Change(Terms(100, Split.CONTRIBUTION), None)
    assert change(terms, Terms(600, Split.CONTRIBUTION)) == Change(terms, Terms(600, Split.CONTRIBUTION))
    lower = Terms(100, Split.CONTRIBUTION)
    assert change(terms, Terms(100, Split.EQUAL)) == Change(lower, Terms(100, Split.EQUAL))


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=50), st.integers(1, 40), st.integers(0, 100))
def test_a_pot_is_split_exactly_and_favours_nobody(pots: list[int], members: int, turn: int) -> None:
    totals = dict.fromkeys(range(members), 0)
    for pot in pots:
        parts, turn = split(pot, range(members), turn)
        assert sum(parts.values()) == pot and all(parts.values())
        assert max(parts.values()) - min(parts.get(member, 0) for member in totals) <= 1
        for member, part in parts.items():
            totals[member] += part
    assert max(totals.values()) - min(totals.values()) <= 1


def test_a_settlement_pays_members_and_pools_together() -> None:
    paid = settle(JOB, 7, {A: 70, B: 0}, 10, pools={POOL: PoolShare(5, 25)})
    amounts = {(p.account.kind, p.account.owner or p.account.pool): p.amount for p in paid.postings}
    assert amounts == {
        (AccountKind.ESCROW, None): -110,
        (AccountKind.EARNINGS, A): 70,
        (AccountKind.POOL, POOL): 5,
        (AccountKind.POT, POOL): 25,
        (AccountKind.FEES, None): 10,
    }
    with pytest.raises(Unbalanced):
        settle(JOB, 7, {A: 1}, 0, pools={POOL: PoolShare(-1, 1)})
    with pytest.raises(recipes.Overdrawn):
        settle(JOB, 7, {A: 70}, 10, held=100, pools={POOL: PoolShare(5, 25)})


def test_a_pot_and_a_treasury_are_paid_out() -> None:
    given_ = distribute(POOL, 3, {A: 5, B: 4})
    assert (given_.key, given_.kind) == (f"distribute:{POOL}:3:usd", "distribute")
    assert [posting.amount for posting in given_.postings] == [-9, 5, 4]
    with pytest.raises(Unbalanced):
        distribute(POOL, 3, {A: 5, B: 0})
    taken = withdraw("x", POOL, A, 9)
    assert [(p.account.kind, p.amount) for p in taken.postings] == [(AccountKind.POOL, -9), (AccountKind.EARNINGS, 9)]
