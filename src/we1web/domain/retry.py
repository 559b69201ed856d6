"""What counts against a task and what never does.

A task that ends without an outcome (time limit, memory, death of its runtime) on nodes of several owners is to blame
itself; a node that vanishes, is late or gives work back is not the task's fault and must never use up its tries.
"""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

MAX_NO_OUTCOMES = 3
"""After reports of so many distinct owners the task ends as failed; nobody is paid."""


class Fault(StrEnum):
    """Why a replica brought no vote."""

    NO_OUTCOME = "no_outcome"
    """The node ran it and says that it has no outcome."""
    NODE_LOST = "node_lost"
    LEASE_EXPIRED = "lease_expired"
    GIVEN_BACK = "given_back"
    """The node could not run it (`task:failed`) or left politely."""
    EXPELLED = "expelled"
    """The node's open votes became void."""


def counts(fault: Fault) -> bool:
    """Whether the fault speaks against the task."""
    return fault is Fault.NO_OUTCOME


class NoOutcome(NamedTuple):
    """One owner's report that the task ends without an outcome."""

    owner: int
    code: str


def gives_up(reports: Sequence[NoOutcome]) -> str | None:
    """The code the task ends with, or None while it is worth another try. An owner is heard once."""
    first = {report.owner: report.code for report in reversed(reports)}
    if len(first) < MAX_NO_OUTCOMES:
        return None
    codes = Counter(first.values())
    return min(codes, key=lambda code: (-codes[code], code))  # the most common; the order of reports decides nothing
