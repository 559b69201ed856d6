"""What a node's record says: how often it errs, how much its vote weighs, and when it has to go.

Kept per node and runtime. Only verified passes and failures may be fed in (consensus.py, `Agreed.verified`); this
module must never learn what a node claims about itself.
"""

from math import exp, fsum, log, log1p
from typing import NamedTuple

RATES = (1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)
PRIOR = (0.25, 0.25, 0.20, 0.06, 0.06, 0.05, 0.05, 0.04, 0.04)
"""How common each error rate is among newcomers: most are silent for ever, one in 25 always lies."""

KEEP = 1 - 1 / 2000
"""Share of the record that survives a pass: about the last 2,000 results count, so nobody lives on old merit."""
FAILURE_KEEP = 0.5
"""Share of the passes that survives a failure."""

CUSUM_PASS = log(0.8 / 0.99)
CUSUM_FAILURE = log(0.2 / 0.01)
"""Log likelihood ratio of 'errs in 20 % of results' against 'errs in 1 %'."""
EXPULSION = log(1e6)

MAX_WEIGHT = 8.0
PROVEN_PASSES = 20
MAX_EXPELLED_SHARE = 3
"""At most one node in this many is expelled without a referee."""

_LOG_RATES = tuple(log(rate) for rate in RATES)
_LOG_RIGHT = tuple(log1p(-rate) for rate in RATES[:-1])
_LOG_PRIOR = tuple(log(share) for share in PRIOR)
_IMPOSSIBLE = float("-inf")
_SURE = 1 / (1 + exp(MAX_WEIGHT))


class Evidence(NamedTuple):
    """A node's record in one runtime: faded counts of verified passes and failures, and the CUSUM of its failures."""

    passes: float = 0.0
    failures: float = 0.0
    cusum: float = 0.0


def passed(evidence: Evidence, n: int = 1) -> Evidence:
    """The record after `n` more verified passes, in closed form."""
    keep = KEEP**n
    return Evidence(
        evidence.passes * keep + (1 - keep) / (1 - KEEP),
        evidence.failures * keep,
        max(0.0, evidence.cusum + n * CUSUM_PASS),
    )


def failed(evidence: Evidence) -> Evidence:
    """The record after one more verified failure."""
    return Evidence(evidence.passes * FAILURE_KEEP, evidence.failures + 1.0, max(0.0, evidence.cusum + CUSUM_FAILURE))


def absolved(evidence: Evidence) -> Evidence:
    """The record after one of its failures turned out to be none."""
    if evidence.failures < 1.0:
        return evidence
    return Evidence(
        evidence.passes / FAILURE_KEEP + 1.0, evidence.failures - 1.0, max(0.0, evidence.cusum - CUSUM_FAILURE)
    )


def error_rate(evidence: Evidence) -> float:
    """Posterior mean of the rate at which the node errs; in logarithms, because the powers underflow."""
    passes, failures, _ = evidence
    logs = [p + failures * r + passes * k for p, r, k in zip(_LOG_PRIOR, _LOG_RATES, _LOG_RIGHT, strict=False)]
    logs.append(_IMPOSSIBLE if passes else _LOG_PRIOR[-1])  # who ever passed does not always err
    top = max(logs)
    shares = [exp(x - top) for x in logs]
    return fsum(share * rate for share, rate in zip(shares, RATES, strict=True)) / fsum(shares)


def weight(delta: float) -> float:
    """What a vote of a node with error rate `delta` weighs: its log odds of being right, from 0 to 8."""
    if delta >= 0.5:
        return 0.0
    rate = max(delta, _SURE)
    return min(MAX_WEIGHT, log((1 - rate) / rate))


def proven(evidence: Evidence) -> bool:
    """Whether the record is worth 20 verified passes (fading included, so 20 in a row are enough)."""
    return evidence.passes >= _PROVEN


_PROVEN = passed(Evidence(), PROVEN_PASSES).passes - 1e-6


def expels(evidence: Evidence) -> bool:
    """Whether the failures are beyond chance for an honest node; see `may_expel` before acting on it."""
    return evidence.cusum >= EXPULSION


def may_expel(expelled: int, nodes: int) -> bool:
    """Capture guard: whether one more node may go when `expelled` of `nodes` (all, expelled included) are out.

    A clique that wins early votes makes the honest look wrong; without a referee never more than a third leaves.
    """
    return (expelled + 1) * MAX_EXPELLED_SHARE <= nodes


def worth_folding(evidence: Evidence) -> int:
    """So many passes move the evidence by a tenth: the estimate is not worth its price at every vote."""
    return 1 + int(evidence.passes * 0.1)
