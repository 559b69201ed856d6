"""The policies with fewer votes: what they accept, what they hold, what they have checked and audited."""

from dataclasses import replace

import pytest

from we1web.domain.consensus import Agreed, Case, Disputed, Referred, Split, Undecided, Vote, strategy_free_bound
from we1web.domain.policies import adaptive, checked, pair, trusted
from we1web.domain.policy import POLICIES, policy_of
from we1web.domain.reputation import weight

COLD, WARM = Case(0.0, draw=0.5), Case(1.0, draw=0.5)
JUDGED = Case(1.0, referee=True, draw=0.5)
AUDITED = JUDGED._replace(draw=0.5005)
"""Its second draw is just below 0."""


def vote(digest: str, owner: int, delta: float = 0.06, proven: bool = False) -> Vote:
    return Vote(digest.encode(), owner, delta, weight(delta), proven)


def good(digest: str, owner: int, delta: float = 2e-4) -> Vote:
    return vote(digest, owner, delta, proven=True)


def plain(verdict: object) -> object:
    return replace(verdict, error=0.0) if isinstance(verdict, Agreed) else verdict


class TestPair:
    policy = pair.POLICY

    def test_two_equal_votes_one_of_them_proven_are_held(self) -> None:
        assert plain(self.policy.judge([good("a", 1), vote("a", 2)], WARM)) == Agreed(
            b"a", (0, 1), (), verified=True, hold=True
        )

    def test_two_newcomers_are_enough_only_while_hardly_anybody_is_proven(self) -> None:
        newcomers = [vote("a", 1), vote("a", 2)]
        assert isinstance(self.policy.judge(newcomers, COLD), Agreed)
        assert self.policy.judge(newcomers, WARM) == Undecided(1)
        assert plain(self.policy.judge([*newcomers, vote("a", 3)], WARM)) == Agreed(
            b"a", (0, 1, 2), (), verified=False, hold=True
        )

    def test_dissent_goes_to_the_referee_and_without_one_to_the_panel(self) -> None:
        differ = [good("a", 1), vote("b", 2)]
        assert self.policy.judge(differ, JUDGED) == Referred("dispute")
        assert self.policy.judge(differ, WARM) == Disputed(1)

    def test_a_share_of_agreements_is_audited(self) -> None:
        assert AUDITED.second_draw < pair.AUDIT < JUDGED.second_draw + 1e-9 or JUDGED.second_draw == 0.0
        draws = [JUDGED._replace(draw=n / 10_000) for n in range(10_000)]
        vouched = [self.policy.judge([good("a", 1), vote("a", 2)], case) for case in draws]
        assert vouched.count(Referred("audit")) / 10_000 == pytest.approx(pair.AUDIT, abs=0.01)
        newcomers = [self.policy.judge([vote("a", 1), vote("a", 2)], case._replace(proven_share=0.0)) for case in draws]
        assert newcomers.count(Referred("audit")) / 10_000 == pytest.approx(pair.COLD_AUDIT, abs=0.01)

    def test_after_a_recall_a_third_owner_is_asked_or_the_referee(self) -> None:
        votes = [good("a", 1), vote("a", 2)]
        assert self.policy.judge(votes, WARM._replace(recalls=1)) == Undecided(1)
        assert self.policy.judge([*votes, good("a", 3)], JUDGED._replace(recalls=1)) == Referred("audit")


class TestAdaptive:
    policy = adaptive.POLICY

    def test_one_proven_vote_is_enough_when_the_draw_says_so(self) -> None:
        check = self.policy.check(2e-4)
        case = WARM._replace(draw=check)
        verdict = self.policy.judge([good("a", 1)], case)
        assert verdict == Agreed(b"a", (0,), (), verified=False, error=2e-4, hold=True)
        assert self.policy.judge([good("a", 1)], case._replace(draw=check - 1e-9)) == Undecided(1)

    def test_a_newcomer_never_stands_alone(self) -> None:
        assert self.policy.judge([vote("a", 1)], WARM._replace(draw=1.0)) == Undecided(1)

    def test_the_worse_the_record_the_more_is_checked_and_nobody_is_never_checked(self) -> None:
        rates = [self.policy.check(delta) for delta in (1e-9, 2e-4, 8.5e-4, 2.8e-3, 0.5)]
        assert rates == sorted(rates)
        assert rates[0] == adaptive.MIN_CHECK
        assert rates[2] == pytest.approx(1 - 1e-3 / (2 * 8.5e-4))

    def test_a_stricter_job_checks_more(self) -> None:
        strict = policy_of("adaptive", 1e-4)
        assert isinstance(strict, adaptive.Adaptive)
        assert strict.check(8.5e-4) > self.policy.check(8.5e-4)

    def test_recalled_it_asks_further(self) -> None:
        assert self.policy.judge([good("a", 1)], WARM._replace(draw=1.0, recalls=1)) == Undecided(2)


class TestChecked:
    policy = checked.POLICY

    def test_every_vote_is_verified(self) -> None:
        assert self.policy.judge([], JUDGED) == Undecided(1)
        assert self.policy.judge([good("a", 1)], JUDGED) == Referred("check")
        assert self.policy.judge([good("a", 1)], WARM) == Referred("check"), "without a referee it waits for one"

    def test_the_next_is_asked_when_the_verifier_rejects(self) -> None:
        refuted = JUDGED._replace(refuted=frozenset({b"a"}))
        assert self.policy.judge([good("a", 1)], refuted) == Undecided(1)
        assert self.policy.judge([good("a", 1), vote("b", 2)], refuted) == Referred("check")
        assert self.policy.judge([good("a", 1)], refuted._replace(exhausted=True)) == Split()


def test_ones_own_device_is_believed_and_earns_no_reputation_by_it() -> None:
    verdict = trusted.POLICY.judge([vote("a", 1)], WARM)
    assert verdict == Agreed(b"a", (0,), (), verified=False, error=0.06)


def test_a_stated_error_is_for_adaptive_alone() -> None:
    assert policy_of("classic", 1e-4) is POLICIES["classic"]
    with pytest.raises(KeyError):
        policy_of("blind faith")


def test_the_bound_that_holds_whatever_liars_do() -> None:
    assert strategy_free_bound(10, 0.08) == pytest.approx(115)
    assert strategy_free_bound(0, 1.0, cliques=2, audit_rate=0.05) == pytest.approx(38)
