"""Policy `classic`, the default: three owners, two thirds of the reputation weight; any dissent widens the panel.

It must never accept fewer than three votes, nor a digest on weight alone while others can still be asked.
"""

from collections.abc import Sequence
from math import log
from typing import Final

from we1web.domain.consensus import Camp, Disputed, Split, Tally, Trust, Undecided, Verdict, Vote, accept, tally

SHARE: Final = 0.66
EPSILON: Final = 1e-2
"""Chance of error at which a dispute ends."""
LEAD: Final = log(1 / EPSILON)


class Classic:
    name: Final = "classic"
    quorum: Final = 3
    max_votes: Final = 25
    checks: Final = False

    def first_wave(self, interactive: bool) -> int:
        """Bulk tasks go out one replica after the other, so that a clique never holds a majority of one at once."""
        return self.quorum if interactive else 1

    def judge(self, votes: Sequence[Vote], *, exhausted: bool, trust: Trust) -> Verdict:
        """What the votes of distinct owners amount to; `exhausted` when no further owner can be asked."""
        counted = tally(votes)
        winner = self._winner(counted, final=exhausted or counted.votes >= self.max_votes)
        if winner is not None:
            return accept(winner, counted, votes, trust)
        if exhausted or counted.votes >= self.max_votes:
            return Split()
        if len(counted.camps) > 1:
            return Disputed(1)  # one by one: who votes next must not know whom it votes with
        return Undecided(max(1, self.quorum - counted.votes))

    def _winner(self, counted: Tally, *, final: bool) -> Camp | None:
        """The accepted camp: by share alone when unanimous or at the end, else the lead must be safe as well."""
        if counted.votes < self.quorum:
            return None
        best = counted.camps[0]
        if final:
            best = max(counted.camps, key=lambda camp: camp.weight)
        safe = final or counted.unanimous or counted.lead() >= LEAD
        return best if safe and len(best.positions) > 1 and counted.share(best) >= SHARE else None


POLICY: Final = Classic()
