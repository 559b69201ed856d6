"""Who attacks, how many of them, and how: the scenarios that every policy has to stand.

A scenario is a value: groups with a share of the nodes each, the rest is honest. A new one is one line in `SCENARIOS`.
"""

from collections.abc import Mapping
from random import Random
from typing import NamedTuple

from we1web.simulation import populations
from we1web.simulation.adversaries import (
    Behaviour,
    Colluding,
    Guesser,
    Independent,
    Lazy,
    Opportunist,
    QuizAware,
    Sleeper,
    Whitewasher,
)
from we1web.simulation.fleet import Member
from we1web.simulation.populations import Device


class Group(NamedTuple):
    """A share of the nodes that behaves alike."""

    share: float
    behaviour: Behaviour
    honest: bool = False
    clique: bool = False
    """They know each other."""
    one_owner: bool = False
    """All of them belong to one account."""
    habits: Mapping[str, float | str] = {}
    """What is different about their devices (fields of Device)."""


class Scenario(NamedTuple):
    name: str
    about: str
    groups: tuple[Group, ...] = ()
    values: int = 0
    """So many answers are possible for a task; 0: any bytes."""


FEW = 4
CRASHING = {"session_s": 60.0, "gap_s": 60.0, "politeness": 0.0}
SLOW = {"slow_share": 0.2, "rtt_s": 1.0}
SOME = 0.5
"""Rate of lies by a shared coin: often enough to matter, rarely enough to live."""


def _clique(share: float, behaviour: Behaviour, one_owner: bool = False) -> tuple[Group, ...]:
    return (Group(share, behaviour, clique=True, one_owner=one_owner),)


_ALL = (
    Scenario("honest", "nobody lies"),
    Scenario("saboteurs", "20 % always lie, each in its own way", (Group(0.2, Independent(1.0)),)),
    Scenario("saboteurs-10pc", "20 % lie in a tenth of the tasks", (Group(0.2, Independent(0.1)),)),
    Scenario("saboteurs-1pc", "20 % lie in one task of a hundred", (Group(0.2, Independent(0.01)),)),
    Scenario("lazy", "20 % send the same digest for everything", (Group(0.2, Lazy()),)),
    Scenario("guessers", "20 % guess one of four possible answers", (Group(0.2, Guesser(FEW)),), FEW),
    Scenario("sleepers", "20 % lie always once they are trusted, alone", (Group(0.2, Sleeper(Independent(1.0))),)),
    Scenario("sleepers-clique", "20 % lie together once they are trusted", _clique(0.2, Sleeper(Colluding(1.0)))),
    Scenario("colluders-5", "5 % lie together in half of the tasks", _clique(0.05, Colluding(SOME))),
    Scenario("colluders-10", "10 % lie together in half of the tasks", _clique(0.1, Colluding(SOME))),
    Scenario("colluders-20", "20 % lie together in half of the tasks", _clique(0.2, Colluding(SOME))),
    Scenario("colluders-30", "30 % lie together in half of the tasks", _clique(0.3, Colluding(SOME))),
    Scenario("colluders-40", "40 % lie together in half of the tasks", _clique(0.4, Colluding(SOME))),
    Scenario("patient", "30 % lie together in 5 % of the tasks, once trusted", _clique(0.3, Sleeper(Colluding(0.05)))),
    Scenario("opportunists-20", "20 % lie where two of them got the task", _clique(0.2, Opportunist())),
    Scenario("opportunists-30", "30 % lie where two of them got the task", _clique(0.3, Opportunist())),
    Scenario("opportunists-40", "40 % lie where two of them got the task", _clique(0.4, Opportunist())),
    Scenario("linked", "one account runs 30 % of the nodes; they lie together", _clique(0.3, Colluding(SOME), True)),
    Scenario(
        "unlinked",
        "somebody runs 30 % of the nodes on one kind of machine under as many accounts",
        (Group(0.3, Colluding(1.0), clique=True, habits={"build": "linux-x86_64"}),),
    ),
    Scenario(
        "whitewashers",
        "20 % lie together and come back under a new name when the old one is ruined",
        _clique(0.2, Whitewasher(Colluding(SOME))),
    ),
    Scenario("quiz-aware", "30 % lie in half of the tasks that look unchecked", _clique(0.3, QuizAware(SOME))),
    Scenario(
        "crashing",
        "30 % vanish every minute or two, 20 % are slow, nobody lies",
        (
            Group(0.3, Independent(0.0), honest=True, habits=CRASHING),
            Group(0.2, Independent(0.0), honest=True, habits=SLOW),
        ),
    ),
    Scenario(
        "flaky",
        "all honest; half of them err in 0.1 %, a tenth in 1 % of the tasks",
        (Group(0.5, Independent(0.001), honest=True), Group(0.1, Independent(0.01), honest=True)),
    ),
    Scenario(
        "bad-class",
        "15 % honest nodes of one driver version, wrong alike in 1 % of the tasks",
        (Group(0.15, Colluding(0.01), honest=True, clique=True, habits={"build": "Faulty 3000"}),),
    ),
    Scenario(
        "mix",
        "saboteurs, sleepers, two cliques, whitewashers and flaky machines at once",
        (
            Group(0.05, Independent(0.1)),
            Group(0.05, Sleeper(Independent(1.0))),
            Group(0.10, Colluding(SOME), clique=True),
            Group(0.10, Opportunist(), clique=True),
            Group(0.05, Whitewasher(Independent(1.0))),
            Group(0.20, Independent(0.002), honest=True, habits=CRASHING),
        ),
    ),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}


def cast(scenario: Scenario, nodes: int, seed: int, referees: int = 0, population: str = "steady") -> list[Member]:
    """The members of a scenario: groups are drawn at random from the population, the rest is honest."""
    random = Random(seed)
    devices = populations.POPULATIONS[population](nodes, random)
    order = random.sample(range(nodes), nodes)
    members = [Member(device) for device in devices]
    for number, group in enumerate(scenario.groups, 1):
        count = round(group.share * nodes)
        taken, order = order[:count], order[count:]
        for place in taken:
            members[place] = _member(devices[place], group, number)
    return members + [Member(REFEREE, referee=True) for _ in range(referees)]


def _member(device: Device, group: Group, number: int) -> Member:
    return Member(
        device._replace(**group.habits),  # type: ignore[arg-type]
        group.behaviour,
        group.honest,
        number if group.one_owner else 0,
        number if group.clique else 0,
    )


REFEREE = Device("server", speed=4.0, cores=8)
"""The operator's own machine."""
