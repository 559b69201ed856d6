"""The demonstration's claims: each lie, unpaid vote and missing cent shows up in the findings."""

from dataclasses import replace

import pytest

from we1web.demo.evidence import Answer, Books, Findings, JobRecord, Vote, weigh

HONEST = ("ada", "grace", "edsger", "barbara")
SABOTEUR = "mallory"
REWARD = 450


def answer(*owners: str, lied: bool = False) -> Answer:
    votes = [Vote(owner, True) for owner in owners]
    return Answer("verified", b"right", b"right", b"right", tuple(votes + [Vote(SABOTEUR, False)] * lied))


def job(*answers: Answer, total: int | None = None) -> JobRecord:
    executions = sum(len(a.votes) for a in answers)
    return JobRecord("a job", total or len(answers), executions, 500 * executions, REWARD, answers, 1.0)


def findings(*answers: Answer, earned: dict[str, int] | None = None, ledger: int = 0) -> Findings:
    paid = {"ada": 2 * REWARD, "grace": 2 * REWARD, "edsger": 2 * REWARD} if earned is None else earned
    return weigh([job(*answers)], Books(paid, 0, ledger), saboteur=SABOTEUR, lies=3, pixels=(4_600, 0))


GOOD = (answer("ada", "grace", "edsger"), answer("ada", "grace", "edsger", lied=True))


def test_a_run_that_kept_every_promise_is_clean() -> None:
    found = findings(*GOOD)
    assert found.clean
    assert (found.tasks_verified, found.executions, found.honest_votes) == (2, 7, 6)
    assert (found.saboteur_votes, found.saboteur_outvoted) == (1, 1)


@pytest.mark.parametrize("field", ["accepted", "received"])
def test_an_answer_that_differs_from_the_local_one_is_wrong(field: str) -> None:
    found = findings(GOOD[0], GOOD[1]._replace(**{field: b"lie"}))
    assert found.wrong_accepted == 1
    assert found.broken_promises() == ["1 wrong answers were accepted"]


def test_a_credit_that_is_missing_counts_the_votes_it_should_have_paid() -> None:
    found = findings(*GOOD, earned={"ada": REWARD, "grace": 2 * REWARD, "edsger": 0})
    assert found.honest_unpaid == 3


def test_an_honest_vote_that_was_outvoted_is_unpaid() -> None:
    bad = GOOD[1]._replace(votes=(*GOOD[1].votes, Vote("barbara", False)))
    assert findings(GOOD[0], bad).honest_unpaid == 1


def test_pay_above_what_is_due_does_not_hide_another_owners_loss() -> None:
    found = findings(*GOOD, earned={"ada": 9 * REWARD, "grace": 2 * REWARD, "edsger": REWARD})
    assert found.honest_unpaid == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tasks_verified": 1}, "1 of 2 tasks were not verified"),
        ({"pixels_wrong": 2}, "2 pixels differ from plain Python"),
        ({"saboteur_votes": 0}, "the saboteur never lied, so nothing was proved"),
        ({"saboteur_lies": 0}, "the saboteur never lied, so nothing was proved"),
        ({"saboteur_earned_micros": 5}, "the saboteur earned 5 micros"),
        ({"ledger_sum_micros": -1}, "the ledger sums to -1 micros"),
    ],
)
def test_each_broken_promise_is_named(change: dict[str, int], sentence: str) -> None:
    found = replace(findings(*GOOD), **change)
    assert not found.clean
    assert found.broken_promises() == [sentence]
