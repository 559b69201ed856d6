"""The terms of an order that hang together: policy with its bound and verifier, validator, place, rank. Pure checks.

A term that its policy does not know is refused, never ignored: whoever names it counts on it.
"""

from typing import Any, Final

from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import NodeRequirements, Order
from we1web.domain.policy import POLICIES
from we1web.domain.validator import validator_of

UNPAID: Final = frozenset({"trusted"})
"""Policies for one's own nodes: nothing is voted on, nothing is paid."""
VERIFYING: Final = frozenset({"checked"})
"""Policies that need a verifier."""
BOUNDED: Final = frozenset({"adaptive"})
"""Policies that take a stated error."""
HOLDING: Final = frozenset(name for name, policy in POLICIES.items() if policy.hold_s)
"""Policies that take a time for which results are kept back."""


def check(order: Order, *, operator: bool) -> None:
    """Raises Refusal or BadValidator for terms that do not fit each other or their caller."""
    _check_policy(order)
    validator_of(order.validator, order.validator_parameters)
    _check_places(order)
    _check_bonus(order)
    if order.priority > 0 and not operator:
        raise Refusal("priority 1 is the operator's", code="operator_only", hint="use 0, or a higher weight or price")


def requirements(order: Order) -> dict[str, Any]:
    """The order's demands as they are stored: what is left out demands nothing."""
    wanted = order.requirements
    if order.policy in UNPAID:
        wanted = wanted.model_copy(update={"mine": True})
    return {name: value for name, value in wanted.model_dump().items() if value != DEMANDS_NOTHING[name]}


DEMANDS_NOTHING: Final = NodeRequirements().model_dump()


def _check_policy(order: Order) -> None:
    policy = order.policy
    if policy in VERIFYING and order.verifier is None:
        raise _misfit("verifier is missing", f"policy {policy} needs the program that checks outcomes")
    if policy not in VERIFYING and (order.verifier is not None or order.verifier_entry):
        raise _misfit(f"verifier: policy {policy} verifies nothing", f"leave it out, or use one of {sorted(VERIFYING)}")
    for name, fitting in (("epsilon", BOUNDED), ("hold_s", HOLDING)):
        if getattr(order, name) is not None and policy not in fitting:
            raise _misfit(f"{name}: policy {policy} has none", f"leave it out, or use one of {sorted(fitting)}")


def _check_bonus(order: Order) -> None:
    within_s = order.bonus_within_s
    if (order.bonus_micros > 0) != (within_s is not None):
        hint = "give bonus_micros and bonus_within_s, what and for how many seconds a task; or neither"
        raise _misfit("a bonus and its time belong together", hint)
    if within_s is not None and within_s > order.limits.wall_s:
        hint = f"at most limits.wall_s, {order.limits.wall_s:g}"
        raise _misfit("bonus_within_s: every task that ends at all would be in time", hint)


def _check_places(order: Order) -> None:
    wanted = order.requirements
    both = sorted(set(wanted.countries) & set(wanted.not_countries))
    if both:
        raise _misfit(f"requirements: {', '.join(both)} is wanted and excluded", "name it once")
    if wanted.mine and order.policy not in UNPAID:
        hint = f"nobody votes on the own jobs: use one of {sorted(UNPAID)}"
        raise _misfit(f"requirements.mine: policy {order.policy} asks several owners", hint)


def _misfit(message: str, hint: str) -> Refusal:
    return Refusal(message, code="invalid_request", hint=hint)
