"""Jobs that bring a verifier: what a referee is asked about each result, and what its answer means to the engine.

A referee's lease on such a job names the verifier instead of the program. Where a question cannot be put (the result is
an error, or too large to travel inline), the lease is an ordinary one: the referee computes the result itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

from we1web.coordinator.market.records import JobRecord
from we1web.engine import referees
from we1web.engine.state import Bundle, Hold
from we1web.protocol import outcome, verification
from we1web.protocol.limits import INLINE_BYTES
from we1web.protocol.verification import Verdict


class Asked(NamedTuple):
    """The results a referee was shown, in task order, and the runtime its verifier runs in."""

    runtime: str
    shown: Sequence[bytes]


class Checks:
    """The questions that are out, by bundle. A restart forgets them with the leases they belong to."""

    def __init__(self) -> None:
        self._asked: dict[int, Asked] = {}

    def questions(self, record: JobRecord, bundle: Bundle, hold: Hold) -> list[bytes] | None:
        """The arguments of a verification, one a task; None where the referee has to run the task itself."""
        self._asked.pop(bundle.id, None)
        if record.check is None or not hold.standing.node.referee or bundle.hearing:
            return None
        shown = [_unrefuted(bundle, place) for place in range(hold.tasks)]
        arguments = list(bundle.arguments[: hold.tasks])
        if None in shown or any(argument[0] != outcome.INLINE for argument in arguments):
            return None
        told = [each for each in shown if each is not None]
        questions = [
            outcome.inline(verification.question(record.runtime, argument[1:], outcome.payload(result)))
            for argument, result in zip(arguments, told, strict=True)
        ]
        if max(map(len, questions)) > INLINE_BYTES:
            return None
        self._asked[bundle.id] = Asked(record.runtime, told)
        return questions

    def read(self, bundle_id: int, answers: Sequence[bytes]) -> Sequence[bytes]:
        """A referee's report as the engine takes it: the result that is right, or word that it is not."""
        asked = self._asked.pop(bundle_id, None)
        if asked is None or len(answers) != len(asked.shown):
            return answers
        return [_ruling(asked.runtime, shown, answer) for shown, answer in zip(asked.shown, answers, strict=True)]


def _ruling(runtime: str, shown: bytes, answer: bytes) -> bytes:
    match verification.verdict(runtime, answer):
        case Verdict.RIGHT:
            return shown
        case Verdict.WRONG:
            return outcome.none(referees.REFUTED)
        case Verdict.NONE:
            return outcome.none("verifier_failed")


def _unrefuted(bundle: Bundle, place: int) -> bytes | None:
    """The latest value for this task that no verifier has rejected."""
    refuted = (bundle.refuted or {}).get(place, ())
    for ballot in reversed(bundle.ballots):
        if place < len(ballot.outcomes):
            told = ballot.outcomes[place]
            if told[0] == outcome.VALUE and outcome.digest(told) not in refuted:
                return told
    return None
