"""A little statistics: exact bounds, percentiles, fairness. Pure functions."""

from collections.abc import Sequence
from math import exp, lgamma, log, log1p

CONFIDENCE = 0.95


def error_upper(wrong: int, n: int, confidence: float = CONFIDENCE) -> float:
    """One-sided Clopper-Pearson bound: the largest rate at which `wrong` or fewer in `n` is not too unlikely."""
    if wrong >= n:
        return 1.0
    low, high = wrong / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, n, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(k: int, n: int, rate: float) -> float:
    """Chance of at most `k` successes in `n`; terms far from the largest are too small to matter."""
    if rate <= 0.0 or rate >= 1.0:
        return 1.0 if rate <= 0.0 else 0.0
    yes, no = log(rate), log1p(-rate)
    whole = lgamma(n + 1)
    total = 0.0
    for i in range(k, -1, -1):
        term = exp(whole - lgamma(i + 1) - lgamma(n - i + 1) + i * yes + (n - i) * no)
        total += term
        if term < total * 1e-12:
            break
    return total


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def jain(shares: Sequence[float]) -> float:
    """Jain's index: 1 when all shares are equal, 1/n when one has everything."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 1.0
