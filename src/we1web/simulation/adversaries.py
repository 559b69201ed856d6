"""How nodes answer: honestly, by mistake, alone or in a clique against the vote. Pure functions of what a node sees.

A behaviour is a frozen value with one decision, `variant`: which answer a node gives to a task. It must never touch
the engine; what a clique tells its members arrives in the `Sight`. A user's own attack is one more such class.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from we1web.protocol import outcome
from we1web.simulation.chance import coin

TRUTH = 0
CONSTANT = -1
"""The same answer to every task, without looking at it."""
RUINED = 2
"""So many rejected votes, and a whitewasher throws its name away."""
MEMORY = 200
"""A sleeper is honest for so many answers: ten times what makes a node proven."""
_WHO = 1 << 32


class Sight(NamedTuple):
    """What a node knows when it answers a task."""

    task: int
    node: int
    """The name it goes by now."""
    clique: int
    """0: it is alone."""
    answered: int
    """Tasks it answered under this name."""
    together: int
    """Members of its clique, itself included, that hold or held this task."""
    seed: int

    @property
    def own(self) -> float:
        """A coin of its own for this task."""
        return coin(self.seed, self.node, self.task)

    @property
    def shared(self) -> float:
        """A coin that falls the same way for the whole clique."""
        return coin(self.seed, _WHO + self.clique, self.task)


class Behaviour(Protocol):
    """The contract: a frozen value, the same answer for the same sight."""

    def variant(self, sight: Sight) -> int:
        """TRUTH, CONSTANT, or the number of a wrong answer: equal numbers are equal answers to a task."""

    def renames(self, rejected: int, expelled: bool) -> bool:
        """Whether it leaves and comes back under a new name, given the votes it lost under this one."""


class _Faithful:
    """Keeps its name whatever happens."""

    def renames(self, rejected: int, expelled: bool) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Honest(_Faithful):
    def variant(self, sight: Sight) -> int:
        return TRUTH


@dataclass(frozen=True, slots=True)
class Independent(_Faithful):
    """Wrong in its own way, in a share of the tasks: a saboteur, or a machine with a bad memory module."""

    rate: float

    def variant(self, sight: Sight) -> int:
        return _alone(sight) if sight.own < self.rate else TRUTH


@dataclass(frozen=True, slots=True)
class Lazy(_Faithful):
    """Does not compute: always the same digest."""

    def variant(self, sight: Sight) -> int:
        return CONSTANT


@dataclass(frozen=True, slots=True)
class Guesser(_Faithful):
    """Does not compute: one of few possible values, by chance the right one."""

    values: int

    def variant(self, sight: Sight) -> int:
        return int(sight.own * self.values)


@dataclass(frozen=True, slots=True)
class Colluding(_Faithful):
    """All members lie on the same tasks with the same digest, by a coin they share."""

    rate: float

    def variant(self, sight: Sight) -> int:
        return sight.clique if sight.shared < self.rate else TRUTH


@dataclass(frozen=True, slots=True)
class Sleeper(_Faithful):
    """Honest until it is trusted, then something else."""

    then: Behaviour
    after: int = MEMORY

    def variant(self, sight: Sight) -> int:
        return TRUTH if sight.answered < self.after else self.then.variant(sight)


@dataclass(frozen=True, slots=True)
class Opportunist(_Faithful):
    """Lies only where it has company: at least two of the clique hold or held the task."""

    company: int = 2

    def variant(self, sight: Sight) -> int:
        return sight.clique if sight.together >= self.company else TRUTH


@dataclass(frozen=True, slots=True)
class QuizAware(_Faithful):
    """Earns a record, then lies where it seems to be asked alone: no colleague ever saw the task, so it is no bait."""

    rate: float
    after: int = 30

    def variant(self, sight: Sight) -> int:
        quiet = sight.answered >= self.after and sight.together <= 1
        return sight.clique if quiet and sight.shared < self.rate else TRUTH


@dataclass(frozen=True, slots=True)
class Whitewasher:
    """Any behaviour, under a new name as soon as the old one is worth nothing."""

    inner: Behaviour
    ruined: int = RUINED

    def variant(self, sight: Sight) -> int:
        return self.inner.variant(sight)

    def renames(self, rejected: int, expelled: bool) -> bool:
        return expelled or rejected >= self.ruined


HONEST = Honest()


def _alone(sight: Sight) -> int:
    """The number of a wrong answer that nobody else gives."""
    return _WHO + sight.node


class Answers:
    """Right and wrong outcomes of tasks. With `values`, a task has only so many possible answers."""

    def __init__(self, values: int = 0) -> None:
        self.values = values

    def truth(self, task: int) -> bytes:
        return self.outcome(task, TRUTH)

    def outcome(self, task: int, variant: int) -> bytes:
        if variant == CONSTANT:
            return outcome.value(b"0")
        if self.values:
            return outcome.value(b"%d" % ((task * 7919 + variant) % self.values))
        return outcome.value(b"%d:%d" % (task, variant))
