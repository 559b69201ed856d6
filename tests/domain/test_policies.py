"""What every policy owes the engine, whatever its rule: run over all that are registered."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain import policies
from we1web.domain.consensus import Agreed, Disputed, Split, Trust, Undecided, Vote
from we1web.domain.policy import DEFAULT_POLICY, POLICIES, Policy
from we1web.domain.reputation import weight

trusts = st.builds(Trust, st.floats(0, 1))


@st.composite
def panels(draw: st.DrawFn, max_size: int = 30) -> list[Vote]:
    """Votes of distinct owners over few digests, with records from spotless to hopeless."""
    deltas = draw(st.lists(st.sampled_from([2e-4, 3e-3, 0.06, 0.4, 0.5, 1.0]) | st.floats(1e-5, 1), max_size=max_size))
    owners = draw(st.permutations(range(len(deltas))))
    digests = st.sampled_from(draw(st.sampled_from([[b"a"], [b"a", b"a", b"a", b"b"], [b"a", b"b", b"c"]])))
    return [
        Vote(draw(digests), owner, delta, weight(delta), draw(st.booleans()))
        for owner, delta in zip(owners, deltas, strict=True)
    ]


pytestmark = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


def test_every_file_is_registered_under_its_name(policy: Policy) -> None:
    files = {path.stem for path in Path(policies.__path__[0]).glob("*.py") if not path.stem.startswith("_")}
    assert files == set(POLICIES)
    assert POLICIES[policy.name] is policy
    assert DEFAULT_POLICY in POLICIES


def test_limits_make_sense(policy: Policy) -> None:
    assert 1 <= policy.first_wave(False) <= policy.first_wave(True) <= policy.max_votes
    assert 1 <= policy.quorum <= policy.max_votes


@given(votes=panels(), exhausted=st.booleans(), trust=trusts)
def test_never_accepts_below_the_quorum_of_distinct_owners(
    policy: Policy, votes: list[Vote], exhausted: bool, trust: Trust
) -> None:
    verdict = policy.judge(votes, exhausted=exhausted, trust=trust)
    if isinstance(verdict, Agreed):
        assert len({vote.owner for vote in votes}) >= policy.quorum


@given(votes=panels(), exhausted=st.booleans(), trust=trusts)
def test_an_agreement_names_its_votes(policy: Policy, votes: list[Vote], exhausted: bool, trust: Trust) -> None:
    verdict = policy.judge(votes, exhausted=exhausted, trust=trust)
    if isinstance(verdict, Agreed):
        assert sorted(verdict.agreed + verdict.dissent) == list(range(len(votes)))
        assert {votes[position].digest for position in verdict.agreed} == {verdict.digest}
        assert verdict.digest not in {votes[position].digest for position in verdict.dissent}


@given(votes=panels(), exhausted=st.booleans(), trust=trusts, data=st.data())
def test_the_order_of_votes_decides_nothing(
    policy: Policy, votes: list[Vote], exhausted: bool, trust: Trust, data: st.DataObject
) -> None:
    other = data.draw(st.permutations(votes))
    here = policy.judge(votes, exhausted=exhausted, trust=trust)
    there = policy.judge(other, exhausted=exhausted, trust=trust)
    if isinstance(here, Agreed) and isinstance(there, Agreed):
        assert {votes[p] for p in here.agreed} == {other[p] for p in there.agreed}
        assert (here.digest, here.verified) == (there.digest, there.verified)
    else:
        assert here == there


@given(votes=panels(), trust=trusts)
def test_it_decides_when_nobody_is_left_to_ask(policy: Policy, votes: list[Vote], trust: Trust) -> None:
    assert isinstance(policy.judge(votes, exhausted=True, trust=trust), Agreed | Split)


@given(votes=panels(), trust=trusts)
def test_what_it_asks_for_stays_within_its_limit(policy: Policy, votes: list[Vote], trust: Trust) -> None:
    verdict = policy.judge(votes, exhausted=False, trust=trust)
    if isinstance(verdict, Undecided | Disputed):
        assert verdict.missing >= 1
        assert len(votes) + verdict.missing <= policy.max_votes


@given(votes=panels(), trust=trusts)
def test_a_dispute_is_called_so_exactly_when_votes_differ(policy: Policy, votes: list[Vote], trust: Trust) -> None:
    verdict = policy.judge(votes, exhausted=False, trust=trust)
    if isinstance(verdict, Undecided | Disputed):
        assert isinstance(verdict, Disputed) == (len({vote.digest for vote in votes}) > 1)


@given(votes=panels(), exhausted=st.booleans(), trust=trusts)
def test_nothing_rests_on_nodes_without_weight(
    policy: Policy, votes: list[Vote], exhausted: bool, trust: Trust
) -> None:
    weightless = [vote._replace(weight=0.0, delta=1.0) for vote in votes]
    assert not isinstance(policy.judge(weightless, exhausted=exhausted, trust=trust), Agreed)


@given(votes=panels(), exhausted=st.booleans(), trust=trusts)
def test_the_accepted_votes_outweigh_all_others_together(
    policy: Policy, votes: list[Vote], exhausted: bool, trust: Trust
) -> None:
    verdict = policy.judge(votes, exhausted=exhausted, trust=trust)
    if isinstance(verdict, Agreed):
        assert sum(votes[p].weight for p in verdict.agreed) > sum(votes[p].weight for p in verdict.dissent)


@given(votes=panels(), exhausted=st.booleans(), trust=trusts)
def test_reputations_change_only_on_two_owners(
    policy: Policy, votes: list[Vote], exhausted: bool, trust: Trust
) -> None:
    verdict = policy.judge(votes, exhausted=exhausted, trust=trust)
    if isinstance(verdict, Agreed) and verdict.verified:
        assert len({votes[position].owner for position in verdict.agreed}) >= 2


@given(votes=panels(max_size=8), copies=st.integers(1, 3), exhausted=st.booleans(), trust=trusts)
def test_an_owner_gains_nothing_by_voting_more_often(
    policy: Policy, votes: list[Vote], copies: int, exhausted: bool, trust: Trust
) -> None:
    assert policy.judge(votes * copies, exhausted=exhausted, trust=trust) == policy.judge(
        votes, exhausted=exhausted, trust=trust
    )


def test_unanimous_good_votes_are_accepted_at_the_quorum(policy: Policy) -> None:
    votes = [Vote(b"a", owner, 2e-4, 8.0, True) for owner in range(policy.quorum)]
    verdict = policy.judge(votes, exhausted=False, trust=Trust(1.0))
    assert verdict == Agreed(b"a", tuple(range(policy.quorum)), (), len(votes) > 1)


def test_more_votes_than_the_limit_end_it(policy: Policy) -> None:
    votes = [Vote(bytes([owner]), owner, 2e-4, 8.0, True) for owner in range(policy.max_votes + 3)]
    assert policy.judge(votes, exhausted=False, trust=Trust(1.0)) == Split()
