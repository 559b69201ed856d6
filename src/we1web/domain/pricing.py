"""What a job costs: estimate before, hard cap during. Amounts in micro-units; a refusal is a value."""

from math import ceil
from typing import NamedTuple

from we1web.domain.money import DEFAULT_CURRENCY, MAX_MICROS, show

DEFAULT_FEE_BPS = 1_000
"""The platform's share of a price, in hundredths of a per cent."""
DEFAULT_QUORUM = 3


class Refusal(NamedTuple):
    """Why a price or budget is not accepted, and what to do."""

    code: str
    message: str
    hint: str


def estimate(n: int, price: int, quorum: int = DEFAULT_QUORUM) -> int:
    """What `n` tasks cost when nobody disagrees: `quorum` paid votes each."""
    return n * quorum * price


def fee(price: int, bps: int = DEFAULT_FEE_BPS, minimum: int = 0) -> int:
    """The platform's part of one paid vote, never more than its price; rounding favours the contributor."""
    return min(price, max(price * bps // 10_000, minimum))


def gross(earned: float, bps: int = DEFAULT_FEE_BPS) -> float:
    """What has to be paid so that so much reaches the contributor; where the fee takes all, nothing does."""
    return earned * 10_000 / (10_000 - bps) if bps < 10_000 else earned


def suggest(task_s: float, rate_micros_per_core_h: float) -> int:
    """What one vote should pay for a task of so many seconds of a core: rounded up, and never nothing."""
    return min(MAX_MICROS, max(1, ceil(task_s * rate_micros_per_core_h / 3_600)))


def default_budget(estimated: int) -> int:
    """Half as much again, rounded up: room for disputes."""
    return (3 * estimated + 1) // 2


def check_price(price: int, currency: str = DEFAULT_CURRENCY) -> Refusal | None:
    """Work is paid: at least one micro-unit a vote."""
    if 1 <= price <= MAX_MICROS:
        return None
    return Refusal(
        code="bad_price",
        message=f"{show(price, currency)} is no price",
        hint=f"name a price from {show(1, currency)} to {show(MAX_MICROS, currency)}",
    )


def check_bonus(price: int, bonus: int, currency: str = DEFAULT_CURRENCY) -> Refusal | None:
    """A vote never costs more than an exact number can say, its bonus included."""
    if price + bonus <= MAX_MICROS:
        return None
    return Refusal(
        code="bad_price",
        message=f"{show(price, currency)} and a bonus of {show(bonus, currency)} are too much for a vote",
        hint=f"together at most {show(MAX_MICROS, currency)}",
    )


def check_budget(
    budget: int, n: int, price: int, quorum: int = DEFAULT_QUORUM, currency: str = DEFAULT_CURRENCY
) -> Refusal | None:
    """Whether `budget` covers the estimate of `n` tasks, at what a vote costs with its bonus."""
    needed = estimate(n, price, quorum)
    if needed <= budget <= MAX_MICROS:
        return None
    if budget > MAX_MICROS:
        return Refusal(
            code="budget_too_large",
            message=f"{show(budget, currency)} is too much",
            hint=f"at most {show(MAX_MICROS, currency)} a job",
        )
    return Refusal(
        code="budget_too_small",
        message=f"{n} tasks at {show(price, currency)} a vote need {show(needed, currency)};"
        f" the budget is {show(budget, currency)}",
        hint=f"{show(default_budget(needed), currency)} leaves room for disputes;"
        " or lower the price, or send fewer tasks",
    )
