"""What goes wrong with requests on purpose: rules that match a method and path, by count or by chance."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import Literal, get_args

from we1web.testing.stripe_simulator.refusing import StripeRefusal

Kind = Literal[
    "rate_limit", "lock_timeout", "http_500", "http_500_kept", "http_500_after", "drop_before", "drop_after", "slow"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
LOCKED = (
    "This object cannot be accessed right now because another API request or Stripe process is currently accessing it."
)


@dataclass
class Rule:
    """One way to fail.

    `rate_limit` and `lock_timeout` answer 429 and do nothing. `http_500` does nothing and is forgotten,
    `http_500_kept` does nothing and is replayed for the idempotency key, `http_500_after` does all and says 500, and
    is replayed. `drop_before` closes the connection and does nothing, `drop_after` does all and answers nothing.
    `slow` does all and answers late.
    """

    kind: Kind
    pattern: str = ""
    """A regular expression that `METHOD /path` holds."""
    count: int | None = None
    """How often it may still happen; None: for ever."""
    probability: float = 1.0
    seconds: float = 0.3
    """Of `slow`: in real time, as somebody waits for it."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind!r}; there are {', '.join(KINDS)}")
        re.compile(self.pattern)


class Dropped(Exception):
    """The connection ends without an answer."""


@dataclass
class Faults:
    """The rules in force, and the stretch of time in which nothing is reachable."""

    rng: Random
    rules: list[Rule] = field(default_factory=list)
    down_until: int = 0
    happened: dict[str, int] = field(default_factory=dict)

    def add(
        self, kind: Kind, pattern: str = "", *, count: int | None = None, probability: float = 1.0, seconds: float = 0.3
    ) -> None:
        """A rule; by default it holds for every request from now on."""
        self.rules.append(Rule(kind, pattern, count, probability, seconds))

    def clear(self) -> None:
        self.rules.clear()
        self.down_until = 0

    def pick(self, method: str, path: str, now: int) -> Rule | None:
        """What happens to this request. Raises Dropped while nothing is reachable."""
        if now < self.down_until:
            self._count("down")
            raise Dropped
        for rule in self.rules:
            matches = rule.count != 0 and re.search(rule.pattern, f"{method.upper()} {path}")
            if matches and self.rng.random() < rule.probability:
                if rule.count is not None:
                    rule.count -= 1
                self._count(rule.kind)
                return rule
        return None

    def _count(self, kind: str) -> None:
        self.happened[kind] = self.happened.get(kind, 0) + 1


def before(rule: Rule | None) -> None:
    """Raises what a rule does to a request that is not to be carried out."""
    match rule.kind if rule else None:
        case "rate_limit":
            limited = {"Stripe-Rate-Limited-Reason": "global-rate"}
            said = "Request rate limit exceeded."
            raise StripeRefusal(429, "invalid_request_error", said, "rate_limit", headers=limited, kept=False)
        case "lock_timeout":
            raise StripeRefusal(429, "invalid_request_error", LOCKED, "lock_timeout", kept=False)
        case "http_500":
            raise internal_error(kept=False)
        case "drop_before":
            raise Dropped


def internal_error(*, kept: bool) -> StripeRefusal:
    return StripeRefusal(500, "api_error", "An unknown error occurred", kept=kept)
