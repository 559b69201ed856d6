"""How far apart two numbers may be, and where in a value which tolerance holds. Values, made of a job's parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from we1web.domain.validators._parameters import check_known, mapping, number, refuse

MAX_FIELDS = 32
MAX_STEPS = 20
MAX_ABS = 1e300
MAX_REL = 0.5
ANY_STEP = "*"
_SHAPE = 'write {"abs": 1e-6, "rel": 1e-6}, one of them is enough'


class Tolerance(NamedTuple):
    """Numbers are the same when they differ by at most `abs`, or by at most `rel` of the larger one."""

    abs: float = 1e-12
    rel: float = 1e-9

    def around(self, magnitude: float) -> float:
        """How far from a number of this magnitude another may be, if it is the larger one."""
        return max(self.abs, self.rel * magnitude)


STRICT_ENOUGH = Tolerance()
"""What a job gets that names no tolerance."""
Rule = tuple[tuple[str, ...], Tolerance]


@dataclass(frozen=True, slots=True)
class Scope:
    """The tolerance in force at some place of a value, and the rules that may still change it further inside."""

    tolerance: Tolerance = STRICT_ENOUGH
    rules: tuple[Rule, ...] = ()

    def insides(self) -> tuple[dict[str, "Scope"], "Scope"]:
        """The scopes under the keys and positions that rules name here, and the one under any other."""
        if not self.rules:
            return {}, self
        return {path[0]: self._inside(path[0]) for path, _ in self.rules}, self._inside(ANY_STEP)

    def _inside(self, step: str) -> "Scope":
        followed = [(path[1:], tolerance) for path, tolerance in self.rules if path[0] in (step, ANY_STEP)]
        arrived = [tolerance for path, tolerance in followed if not path]
        return Scope(arrived[-1] if arrived else self.tolerance, tuple(rule for rule in followed if rule[0]))


EVERYWHERE = Scope()
"""The default tolerance, wherever a number stands."""


def tolerance_of(validator: str, parameters: Mapping[str, object], default: Tolerance, *others: str) -> Tolerance:
    """`abs` and `rel` of a mapping; `others` are its keys that mean something else. Raises BadValidator."""
    check_known(validator, parameters, "abs", "rel", *others)
    return Tolerance(
        number(parameters, "abs", default.abs, most=MAX_ABS), number(parameters, "rel", default.rel, most=MAX_REL)
    )


def scope_of(validator: str, parameters: Mapping[str, object]) -> Scope:
    """The scope of a whole value: the default tolerance and, under `fields`, one for each path."""
    default = tolerance_of(validator, parameters, STRICT_ENOUGH, "fields")
    fields = mapping(parameters, "fields")
    if len(fields) > MAX_FIELDS:
        refuse(f"{len(fields)} fields have a tolerance of their own", f"at most {MAX_FIELDS}; use * in their paths")
    rules = [_rule(validator, path, own, default) for path, own in fields.items()]
    return Scope(default, tuple(sorted(rules, key=_by_vagueness)))


def _rule(validator: str, path: str, own: object, default: Tolerance) -> Rule:
    steps = tuple(path.split("."))
    if not all(steps) or len(steps) > MAX_STEPS:
        refuse(f"the path {path[:60]!r} leads nowhere", "write keys and positions with dots between: layers.*.weight")
    if not isinstance(own, Mapping):
        refuse(f"the tolerance of {path[:60]!r} is {own!r}"[:120], _SHAPE)
    return steps, tolerance_of(validator, own, default)


def _by_vagueness(rule: Rule) -> tuple[int, tuple[str, ...]]:
    """The most literal path last: where several end, the last one counts."""
    return -rule[0].count(ANY_STEP), rule[0]
