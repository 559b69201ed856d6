"""The policy `classic`: three owners, 66 % of the weight, and how long a dispute goes on."""

from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.consensus import COLD_START_SHARE, Agreed, Case, Disputed, Referred, Split, Undecided, Vote, evidence
from we1web.domain.policies._panel import LEAD, SHARE
from we1web.domain.policies.classic import POLICY
from we1web.domain.reputation import weight

COLD, WARM = Case(0.0), Case(1.0)
NEW, KNOWN, HOPELESS = 0.06, 2e-4, 1.0


def panel(ballots: str, *deltas: float) -> list[Vote]:
    """One vote per letter, each of another owner; the last delta counts for all that follow."""
    rates = [*deltas, *[deltas[-1] if deltas else NEW] * len(ballots)]
    return [
        Vote(letter.encode(), owner, rates[owner], weight(rates[owner]), False) for owner, letter in enumerate(ballots)
    ]


def judge(ballots: str, *deltas: float, exhausted: bool = False, trust: Case = COLD) -> object:
    verdict = POLICY.judge(panel(ballots, *deltas), trust._replace(exhausted=exhausted))
    return replace(verdict, error=0.0, hold=False) if isinstance(verdict, Agreed) else verdict


@pytest.mark.parametrize(("ballots", "missing"), [("", 3), ("a", 2), ("aa", 1)])
def test_too_few_equal_votes_ask_for_the_rest(ballots: str, missing: int) -> None:
    assert judge(ballots) == Undecided(missing)


def test_three_equal_votes_are_enough() -> None:
    assert judge("aaa") == Agreed(b"a", (0, 1, 2), (), True)
    assert judge("aaa", trust=WARM) == Agreed(b"a", (0, 1, 2), (), False)


def test_what_strangers_agree_on_is_held_and_what_a_proven_node_vouches_for_is_final() -> None:
    strangers = panel("aaa")
    vouched = [*strangers[:2], strangers[2]._replace(proven=True)]
    for trust in (COLD, WARM):
        assert [POLICY.judge(votes, trust).hold for votes in (strangers, vouched)] == [True, False]  # type: ignore[union-attr]


def test_each_recall_asks_one_more_owner_while_there_is_one() -> None:
    recalled = COLD._replace(recalls=2)
    assert POLICY.judge(panel("aaa"), recalled) == Undecided(2)
    assert isinstance(POLICY.judge(panel("aaaaa"), recalled), Agreed)
    assert isinstance(POLICY.judge(panel("aaa"), recalled._replace(exhausted=True)), Agreed)
    assert POLICY.judge(panel("aa"), recalled._replace(referee=True)) == Undecided(3)
    assert POLICY.judge(panel("aaa"), recalled._replace(referee=True)) == Referred("audit")


@pytest.mark.parametrize("ballots", ["ab", "aab", "aaab", "abc", "aaaaab", "aaaaaaab"])
def test_any_dissent_is_a_dispute(ballots: str) -> None:
    assert judge(ballots, KNOWN) == Disputed(1)


def test_a_dispute_with_one_dissenter_takes_nine_votes() -> None:
    # a lead of eight: ln 100 is seven times ln(0.66/0.34), and one to make up for the dissenter
    assert judge("aaaaaaab", NEW) == Disputed(1)
    assert judge("aaaaaaaab", NEW) == Agreed(b"a", tuple(range(8)), (8,), True)


def test_in_a_dispute_a_good_record_counts_as_a_barely_known_one() -> None:
    assert evidence(KNOWN) == evidence(0.34) > evidence(0.4) > evidence(0.5) == evidence(HOPELESS) == 0


def test_a_lead_in_votes_is_not_enough_without_the_weight() -> None:
    # eight newcomers against one owner whose vote weighs as much as all they have
    votes = [Vote(b"a", owner, 0.34, 0.66, False) for owner in range(8)] + [Vote(b"b", 8, KNOWN, 8.0, True)]
    assert POLICY.judge(votes, COLD._replace(exhausted=False)) == Disputed(1)


def test_a_full_panel_is_decided_by_share_alone() -> None:
    assert judge("a" * 16 + "b" * 8, NEW) == Agreed(b"a", tuple(range(16)), tuple(range(16, 24)), True)
    assert judge("a" * 15 + "b" * 9, NEW) == Disputed(1)
    assert judge("a" * 16 + "b" * 9, NEW) == Split()
    assert judge("a" * 17 + "b" * 8, NEW) == Agreed(b"a", tuple(range(17)), tuple(range(17, 25)), True)


def test_a_full_panel_needs_no_lead() -> None:
    # fourteen veterans against eleven hopeful newcomers: most of the weight, a lead of three
    assert judge("a" * 13 + "b" * 11, *[KNOWN] * 13, 0.3) == Disputed(1)
    assert judge("a" * 14 + "b" * 11, *[KNOWN] * 14, 0.3) == Agreed(b"a", tuple(range(14)), tuple(range(14, 25)), True)


@pytest.mark.parametrize(("against", "accepted"), [(34, True), (35, False)])
def test_66_of_100_is_enough(against: int, accepted: bool) -> None:
    sixteenths = [(b"a", 33), (b"a", 33), (b"b", against)]
    votes = [Vote(digest, owner, NEW, weight / 16, False) for owner, (digest, weight) in enumerate(sixteenths)]
    assert isinstance(POLICY.judge(votes, COLD._replace(exhausted=True)), Agreed) == accepted


def test_the_figures_are_the_designs() -> None:
    assert (POLICY.quorum, POLICY.max_votes, SHARE, COLD_START_SHARE) == (3, 25, 0.66, 0.30)
    assert pytest.approx(log(100)) == LEAD


@pytest.mark.parametrize(
    ("ballots", "digest"), [("aab", b"a"), ("aaab", b"a"), ("aabb", None), ("abc", None), ("aa", None), ("", None)]
)
def test_when_nobody_is_left_two_thirds_decide(ballots: str, digest: bytes | None) -> None:
    verdict = judge(ballots, exhausted=True)
    if digest is None:
        assert verdict == Split()
    else:
        assert isinstance(verdict, Agreed)
        assert verdict.digest == digest


def test_one_heavy_vote_never_decides_alone() -> None:
    assert judge("abc", KNOWN, HOPELESS, exhausted=True) == Split()
    assert judge("a" + "bcdefghijklmnopqrstuvwxyz"[:24], KNOWN, HOPELESS) == Split()


def test_weightless_agreement_waits_for_somebody_with_a_record() -> None:
    assert judge("aaa", HOPELESS) == Undecided(1)
    assert judge("aaa", HOPELESS, exhausted=True) == Split()
    assert judge("aaaa", HOPELESS, HOPELESS, HOPELESS, NEW) == Agreed(b"a", (0, 1, 2, 3), (), True)


def test_bulk_goes_out_one_by_one_and_interactive_at_once() -> None:
    assert (POLICY.first_wave(False), POLICY.first_wave(True)) == (1, 3)


@given(st.text("ab", max_size=30), st.lists(st.floats(1e-5, 1), min_size=1, max_size=30), st.booleans())
def test_an_accepted_digest_has_two_thirds_and_two_owners(ballots: str, deltas: list[float], exhausted: bool) -> None:
    votes = panel(ballots, *deltas)
    verdict = POLICY.judge(votes, COLD._replace(exhausted=exhausted))
    if isinstance(verdict, Agreed):
        backing = sum(votes[position].weight for position in verdict.agreed)
        assert backing >= (SHARE - 1e-9) * sum(vote.weight for vote in votes) > 0
        assert len(verdict.agreed) >= 2
        assert len(votes) >= 3


@given(st.text("abc", max_size=24), st.lists(st.floats(1e-5, 1), min_size=1, max_size=24))
def test_dissent_widens_the_panel_until_the_lead_is_safe(ballots: str, deltas: list[float]) -> None:
    if len(set(ballots)) < 2:
        return
    votes = panel(ballots, *deltas)
    verdict = POLICY.judge(votes, COLD._replace(exhausted=False))
    if isinstance(verdict, Agreed):
        backing = sum(evidence(votes[position].delta) for position in verdict.agreed)
        strongest = max(
            sum(evidence(v.delta) for v in votes if v.digest == digest)
            for digest in {v.digest for v in votes} - {verdict.digest}
        )
        assert backing - strongest >= LEAD - 1e-9
    else:
        assert verdict == Disputed(1)
