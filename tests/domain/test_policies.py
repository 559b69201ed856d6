"""What every policy owes the engine, whatever its rule: run over all that are registered."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain import policies
from we1web.domain.consensus import Agreed, Case, Disputed, Referred, Split, Undecided, Vote
from we1web.domain.policy import DEFAULT_POLICY, POLICIES, Policy
from we1web.domain.reputation import weight

cases = st.builds(
    Case,
    proven_share=st.floats(0, 1),
    exhausted=st.booleans(),
    referee=st.booleans(),
    truth=st.none(),
    refuted=st.just(frozenset()),
    draw=st.floats(0, 1),
    recalls=st.integers(0, 2),
)


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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every policy, unless a test says which."""
    if "policy" in metafunc.fixturenames and not list(metafunc.definition.iter_markers("parametrize")):
        metafunc.parametrize("policy", POLICIES.values(), ids=POLICIES)


def test_every_file_is_registered_under_its_name(policy: Policy) -> None:
    files = {path.stem for path in Path(policies.__path__[0]).glob("*.py") if not path.stem.startswith("_")}
    assert files == set(POLICIES)
    assert POLICIES[policy.name] is policy
    assert DEFAULT_POLICY in POLICIES


def test_limits_make_sense(policy: Policy) -> None:
    assert 1 <= policy.first_wave(False) <= policy.first_wave(True) <= policy.max_votes
    assert 1 <= policy.quorum <= policy.max_votes


votings = pytest.mark.parametrize(
    "policy", [policy for policy in POLICIES.values() if policy.check_rate], ids=[p for p in POLICIES if p != "trusted"]
)
"""Policies that compare owners; `trusted` takes the word of one's own devices."""


@given(votes=panels(), case=cases)
def test_never_accepts_below_the_quorum_of_distinct_owners(policy: Policy, votes: list[Vote], case: Case) -> None:
    if isinstance(policy.judge(votes, case), Agreed):
        assert len({vote.owner for vote in votes}) >= policy.quorum


@given(votes=panels(), case=cases, truth=st.sampled_from([None, b"a", b"z"]))
def test_an_agreement_names_its_votes(policy: Policy, votes: list[Vote], case: Case, truth: bytes | None) -> None:
    verdict = policy.judge(votes, case._replace(truth=truth))
    if isinstance(verdict, Agreed):
        assert sorted(verdict.agreed + verdict.dissent) == list(range(len(votes)))
        assert {votes[position].digest for position in verdict.agreed} <= {verdict.digest}
        assert verdict.digest not in {votes[position].digest for position in verdict.dissent}
        assert 0 <= verdict.error <= 1


@given(votes=panels(), case=cases)
def test_what_a_referee_computed_is_accepted_whoever_voted(policy: Policy, votes: list[Vote], case: Case) -> None:
    verdict = policy.judge(votes, case._replace(truth=b"z"))
    assert isinstance(verdict, Agreed)
    assert (verdict.digest, verdict.agreed, verdict.error, verdict.hold) == (b"z", (), 0.0, False)


@given(votes=panels(), case=cases, data=st.data())
def test_the_order_of_votes_decides_nothing(policy: Policy, votes: list[Vote], case: Case, data: st.DataObject) -> None:
    if policy.max_votes == 1:
        votes = votes[:1]
    other = data.draw(st.permutations(votes))
    here, there = policy.judge(votes, case), policy.judge(other, case)
    if isinstance(here, Agreed) and isinstance(there, Agreed):
        assert {votes[p] for p in here.agreed} == {other[p] for p in there.agreed}
        assert (here.digest, here.verified, here.hold) == (there.digest, there.verified, there.hold)
        assert here.error == pytest.approx(there.error)
    else:
        assert here == there


@given(votes=panels(), case=cases)
def test_it_decides_or_refers_when_nobody_is_left_to_ask(policy: Policy, votes: list[Vote], case: Case) -> None:
    verdict = policy.judge(votes, case._replace(exhausted=True))
    assert isinstance(verdict, Agreed | Split | Referred) or not votes


@given(votes=panels(), case=cases)
def test_what_it_asks_for_stays_within_its_limit(policy: Policy, votes: list[Vote], case: Case) -> None:
    verdict = policy.judge(votes, case)
    if isinstance(verdict, Undecided | Disputed):
        assert verdict.missing >= 1
        assert len(votes) + verdict.missing <= policy.max_votes


@votings
@given(votes=panels(), case=cases)
def test_a_dispute_is_called_so_exactly_when_votes_differ(policy: Policy, votes: list[Vote], case: Case) -> None:
    verdict = policy.judge(votes, case)
    if isinstance(verdict, Undecided | Disputed):
        assert isinstance(verdict, Disputed) == (len({vote.digest for vote in votes}) > 1)
    if verdict == Referred("dispute"):
        assert len({vote.digest for vote in votes}) > 1 and case.referee


@votings
@given(votes=panels(), case=cases)
def test_nothing_rests_on_nodes_without_weight(policy: Policy, votes: list[Vote], case: Case) -> None:
    weightless = [vote._replace(weight=0.0, delta=1.0) for vote in votes]
    assert not isinstance(policy.judge(weightless, case), Agreed)


@votings
@given(votes=panels(), case=cases)
def test_the_accepted_votes_outweigh_all_others_together(policy: Policy, votes: list[Vote], case: Case) -> None:
    verdict = policy.judge(votes, case)
    if isinstance(verdict, Agreed):
        assert sum(votes[p].weight for p in verdict.agreed) > sum(votes[p].weight for p in verdict.dissent)


@votings
@given(votes=panels(), case=cases)
def test_reputations_change_only_on_two_owners(policy: Policy, votes: list[Vote], case: Case) -> None:
    verdict = policy.judge(votes, case)
    if isinstance(verdict, Agreed) and verdict.verified:
        assert len({votes[position].owner for position in verdict.agreed}) >= 2


@given(votes=panels(), case=cases)
def test_the_quick_verdict_on_equal_votes_is_the_full_one(policy: Policy, votes: list[Vote], case: Case) -> None:
    equal = [vote._replace(digest=b"a") for vote in votes][: policy.max_votes - 1]
    quick, full = policy.unanimous(equal, case), policy.judge(equal, case)
    if isinstance(full, Agreed):
        assert (quick.action, quick.error) == ("hold" if full.hold else "accept", pytest.approx(full.error))
    else:
        assert quick.action == ("refer" if isinstance(full, Referred) else "more")


@votings
@given(votes=panels(), case=cases)
def test_without_a_referee_none_is_asked_for_a_verdict_that_votes_can_give(
    policy: Policy, votes: list[Vote], case: Case
) -> None:
    verdict = policy.judge(votes, case._replace(referee=False))
    assert not isinstance(verdict, Referred) or policy.audit_rate == 1.0
