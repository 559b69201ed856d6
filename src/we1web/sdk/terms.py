"""How far a requester trusts, whom it lets work, what for: a job's optional terms, checked before anything is sent.

Only what is given becomes part of the order, so that the coordinator's defaults stay the coordinator's.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

from we1web.domain.validator import DEFAULT_VALIDATOR, VALIDATORS, validator_of
from we1web.protocol.errors import We1webError
from we1web.sdk.money import Amount, micros
from we1web.sdk.program import Runnable

CHECKED = "checked"
"""The policy that asks the requester's verifier about every result."""
TOLERANT = "numeric_tolerance"
_PLAIN = ("validator", "epsilon", "weight", "priority", "hold_s", "purpose", "currency")


class BadTerms(We1webError):
    """Terms that contradict each other."""

    code = "bad_terms"


class Trust(TypedDict, total=False):
    """Keyword arguments of `map`; None is the same as not given."""

    validator: str | None
    """What counts as the same answer: exact, numeric_tolerance, set or ranked_list."""
    validator_parameters: Mapping[str, Any] | None
    """What the validator needs to know, see docs/kinds.md."""
    tolerance: Mapping[str, Any] | None
    """Short for validator_parameters with numeric_tolerance: abs, rel and fields."""
    verifier: Runnable | None
    """With policy checked: verify(argument, result) -> bool, or a WebAssembly module; much cheaper than the task."""
    verifier_entry: str
    epsilon: float | None
    """The largest share of wrong results the job accepts, for policies that can promise one."""
    requirements: Mapping[str, Any] | None
    """What nodes must have: memory_bytes, cores, gpu, countries, not_countries; near: the country preferred."""
    weight: float | None
    """The job's share of the nodes among the jobs of its owner."""
    priority: int | None
    hold_s: float | None
    """How long a result that may still be taken back is kept back; policies classic, pair and adaptive."""
    bonus: Amount | None
    """What an agreeing execution earns more when it came back within `bonus_within_s`."""
    bonus_within_s: float | None
    """Seconds a task, from handing it out to seeing the answer; what waits behind others at its node is allowed for."""
    currency: str | None
    """Of price, bonus and budget, like 'eur'; the network's without it."""
    purpose: str | None
    """A line for those whose devices do the work: what it is for. Everybody may read it."""


def order_of(policy: str, trust: Trust) -> dict[str, Any]:
    """The part of an order these terms are. Raises BadTerms, BadValidator; TypeError for a term nobody knows."""
    unknown = sorted(trust.keys() - Trust.__annotations__.keys())
    if unknown:
        raise TypeError(f"map() got an unexpected keyword argument {unknown[0]!r}")
    _check_verifier(policy, trust)
    given = {key: value for key in _PLAIN if (value := trust.get(key)) is not None}
    if requirements := trust.get("requirements"):
        given["requirements"] = dict(requirements)
    return given | _bonus(trust) | _validator(trust)


def _bonus(trust: Trust) -> dict[str, Any]:
    bonus, within_s = trust.get("bonus"), trust.get("bonus_within_s")
    if (bonus is None) != (within_s is None):
        raise BadTerms("a bonus and its time belong together", hint="pass both bonus and bonus_within_s, or neither")
    return {} if bonus is None else {"bonus_micros": micros(bonus), "bonus_within_s": within_s}


def _validator(trust: Trust) -> dict[str, Any]:
    parameters, tolerance = trust.get("validator_parameters"), trust.get("tolerance")
    if parameters is not None and tolerance is not None:
        raise BadTerms("both tolerance and validator_parameters", hint="put the tolerance into validator_parameters")
    name = trust.get("validator") or (TOLERANT if tolerance is not None else DEFAULT_VALIDATOR)
    chosen = dict(tolerance or parameters or {})
    if name in VALIDATORS:  # a newer coordinator may know others
        validator_of(name, chosen)
    named = {"validator": name} if name != DEFAULT_VALIDATOR else {}
    return named | ({"validator_parameters": chosen} if chosen else {})


def _check_verifier(policy: str, trust: Trust) -> None:
    has_one = trust.get("verifier") is not None
    if policy == CHECKED and not has_one:
        raise BadTerms(
            "the policy checked needs a verifier",
            code="verifier_missing",
            hint="pass verifier=..., a function (argument, result) -> bool that is much cheaper than the task",
        )
    if has_one and policy != CHECKED:
        raise BadTerms(
            f"the policy {policy} asks no verifier",
            code="verifier_unused",
            hint="pass policy='checked', or leave the verifier out",
        )
