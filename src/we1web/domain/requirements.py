"""What a job demands of a node, and what a node's owner demands of a job: hard conditions, no preferences.

A veto is named by its code, so that the same check that withholds a lease can say why it did. It must never depend on
how busy anybody is: a veto stands until the facts change.
"""

from typing import NamedTuple, Protocol

HOUR_S = 3600


class Requirements(NamedTuple):
    """What a job needs to run at all; the runtime is checked by where the engine looks."""

    memory_bytes: int = 0
    """Of the whole node."""
    cores: int = 0
    gpu: bool = False
    countries: frozenset[str] = frozenset()
    """Only there (ISO 3166-1 alpha-2); empty: anywhere."""
    not_countries: frozenset[str] = frozenset()
    """Never there, and not on nodes that do not tell where they are."""
    owners: frozenset[int] = frozenset()
    """Only nodes of these accounts (a pool, or one's own devices); empty: everybody's."""


class Terms(Protocol):
    """A job, as far as vetoes look at it."""

    @property
    def requirements(self) -> Requirements: ...

    @property
    def memory_bytes(self) -> int:
        """What one task may use: no node with less is asked, whatever the requirements say."""

    @property
    def requester(self) -> int:
        """Owner key of who pays."""

    @property
    def reward_micros(self) -> int:
        """What a contributor gets for a task."""

    @property
    def task_s(self) -> float:
        """Measured run time of one task on an average node; 0 while unknown."""


class Facts(Protocol):
    """A node, as far as vetoes look at it."""

    @property
    def owner(self) -> int: ...

    @property
    def memory_bytes(self) -> int: ...

    @property
    def cores(self) -> int: ...

    @property
    def gpu(self) -> str: ...

    @property
    def country(self) -> str: ...

    @property
    def floor_micros_per_h(self) -> int: ...

    @property
    def pace(self) -> float:
        """Measured speed; 1 is the average node's."""


VETOES: dict[str, str] = {
    "own_job": "being the requester's own, who may not vote on the own job",
    "owners": "not belonging to an account the job is meant for",
    "memory": "too little memory",
    "cores": "too few cores",
    "gpu": "having no graphics processor",
    "country": "being where the job does not want to run, or not telling where",
    "price_floor": "an owner who wants more for an hour of work than the job pays",
}
"""Every code with what keeps the node out, in words."""


def veto(terms: Terms, node: Facts) -> str | None:
    """The code of the first condition that keeps this node from this job; None when it may have it."""
    wanted = terms.requirements
    if wanted.owners:
        if node.owner not in wanted.owners:
            return "owners"
    elif node.owner == terms.requester:
        return "own_job"
    if node.memory_bytes < wanted.memory_bytes or node.memory_bytes < terms.memory_bytes:
        return "memory"
    if node.cores < wanted.cores:
        return "cores"
    if wanted.gpu and not node.gpu:
        return "gpu"
    if (wanted.countries or wanted.not_countries) and not _welcome(wanted, node.country):
        return "country"
    if node.floor_micros_per_h and asked_micros(terms, node) > terms.reward_micros:
        return "price_floor"
    return None


def asked_micros(terms: Terms, node: Facts) -> float:
    """What the node's owner wants at least for one task, by the time it takes there; 0 while that is not known."""
    return node.floor_micros_per_h * terms.task_s / node.pace / HOUR_S


def own_vote(terms: Terms) -> bool:
    """May nodes of the requester vote? Only where the job names the accounts it is for, and the own is among them."""
    return terms.requester in terms.requirements.owners


def _welcome(wanted: Requirements, country: str) -> bool:
    if wanted.countries and country not in wanted.countries:
        return False
    return not wanted.not_countries or bool(country and country not in wanted.not_countries)
