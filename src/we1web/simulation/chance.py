"""Chance without state: a number in [0, 1) that depends on its arguments alone.

Behaviours and workloads draw from it, so that who answers when cannot change what is answered.
"""

from math import cos as cosine
from math import exp, log, tau

_MASK = (1 << 64) - 1
_SCALE = 1.0 / (1 << 64)


def coin(*numbers: int) -> float:
    """A uniform number in [0, 1) for these integers (splitmix64, absorbed one after the other)."""
    mixed = 0x9E3779B97F4A7C15
    for number in numbers:
        mixed = (mixed + number * 0x9E3779B97F4A7C15) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        mixed ^= mixed >> 31
    return mixed * _SCALE


def exponential(mean: float, *numbers: int) -> float:
    return -mean * log(1.0 - coin(*numbers))


def lognormal(median: float, sigma: float, *numbers: int) -> float:
    radius = (-2.0 * log(1.0 - coin(*numbers, 1))) ** 0.5
    return median * exp(sigma * radius * cosine(tau * coin(*numbers, 2)))


def pareto(least: float, alpha: float, *numbers: int) -> float:
    """Heavy tailed: infinite variance for alpha ≤ 2."""
    return least * float((1.0 - coin(*numbers)) ** (-1.0 / alpha))
