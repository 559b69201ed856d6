"""The arithmetic under every policy: tallies, shares, leads, and when an agreement counts for reputations."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.consensus import COLD_START_SHARE, Case, Vote, accept, evidence, is_verified, tally
from we1web.domain.reputation import weight


def vote(digest: bytes, owner: int, *, delta: float = 0.06, proven: bool = False) -> Vote:
    return Vote(digest, owner, delta, weight(delta), proven)


votes_of_distinct_owners = st.lists(
    st.builds(vote, st.sampled_from([b"a", b"b", b"c"]), st.integers(0, 60), delta=st.floats(1e-5, 1)),
    max_size=30,
    unique_by=lambda v: v.owner,
)


def test_the_tally_sorts_camps_by_evidence() -> None:
    counted = tally([vote(b"b", 1), vote(b"a", 2), vote(b"a", 3)])
    assert [camp.digest for camp in counted.camps] == [b"a", b"b"]
    assert counted.votes == 3
    assert counted.lead() == pytest.approx(log(0.66 / 0.34))
    assert counted.share(counted.camps[0]) == pytest.approx(2 / 3)


def test_no_votes_are_no_camps() -> None:
    assert tally([]) == ((), 0, 0.0)


def test_an_owner_votes_once() -> None:
    counted = tally([vote(b"a", 1), vote(b"a", 1), vote(b"b", 1), vote(b"b", 2)])
    assert counted.votes == 2
    assert {camp.digest: camp.positions for camp in counted.camps} == {b"a": (0,), b"b": (3,)}


@given(votes_of_distinct_owners)
def test_shares_add_up_and_every_vote_is_in_one_camp(votes: list[Vote]) -> None:
    counted = tally(votes)
    total = sum(counted.share(camp) for camp in counted.camps)
    assert total == pytest.approx(1 if counted.weight else 0)
    assert sorted(position for camp in counted.camps for position in camp.positions) == list(range(len(votes)))


def test_weightless_votes_have_no_share() -> None:
    counted = tally([vote(b"a", owner, delta=1) for owner in range(5)])
    assert counted.share(counted.camps[0]) == 0


@given(st.floats(0, 1))
def test_evidence_of_a_vote_is_bounded_by_a_barely_known_nodes(delta: float) -> None:
    assert 0 <= evidence(delta) <= log(0.66 / 0.34)


@given(votes_of_distinct_owners, st.floats(0, 1))
def test_the_accepted_and_the_dissent_are_all_votes(votes: list[Vote], proven_share: float) -> None:
    counted = tally(votes)
    for camp in counted.camps:
        verdict = accept(camp, counted, votes, Case(proven_share))
        assert sorted(verdict.agreed + verdict.dissent) == list(range(len(votes)))
        assert {votes[position].digest for position in verdict.agreed} == {camp.digest}


class TestVerified:
    def test_one_owner_verifies_nothing(self) -> None:
        assert not is_verified([vote(b"a", 1, proven=True)], Case(0.0))
        assert not is_verified([vote(b"a", 1, proven=True), vote(b"a", 1, proven=True)], Case(1.0))

    def test_any_two_owners_do_at_the_cold_start(self) -> None:
        assert is_verified([vote(b"a", 1), vote(b"a", 2)], Case(COLD_START_SHARE - 0.01))

    def test_later_one_of_them_must_be_proven(self) -> None:
        trust = Case(COLD_START_SHARE)
        assert not is_verified([vote(b"a", 1), vote(b"a", 2), vote(b"a", 3)], trust)
        assert is_verified([vote(b"a", 1), vote(b"a", 2, proven=True)], trust)
