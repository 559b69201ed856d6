"""A token bucket for requests we make ourselves: it never refuses, it says how long to wait. In the order of asking.

(http/rates.py is the other side: it refuses what others ask too often.) Must never await or read a clock.
"""


class Pace:
    """At most `burst` at once and `per_s` a second on average."""

    def __init__(self, per_s: float, burst: int):
        self._cost_s = 1 / per_s
        self._slack_s = (burst - 1) * self._cost_s
        self._next_s = float("-inf")

    def take(self, now_s: float) -> float:
        """Takes the next token; says how many seconds from now it may be used."""
        due_s = max(self._next_s, now_s - self._slack_s)
        self._next_s = due_s + self._cost_s
        return max(0.0, due_s - now_s)
