"""What counts against a task and what never does.

A task that ends without an outcome (time limit, memory, death of its runtime) on nodes of several owners is to blame
itself. A node that vanishes, is late, gives work back or is expelled is never the task's fault: such losses are not
even an argument here, so they cannot use up a task's tries.
"""

from collections import Counter
from collections.abc import Mapping

MAX_NO_OUTCOMES = 3
"""After reports of so many distinct owners the task ends as failed; nobody is paid."""


def gives_up(reports: Mapping[int, str]) -> str | None:
    """The code the task ends with, or None while another try is worth it.

    `reports` maps each owner whose node ended without an outcome to the code of the first such run.
    """
    if len(reports) < MAX_NO_OUTCOMES:
        return None
    codes = Counter(reports.values())
    return min(codes, key=lambda code: (-codes[code], code))  # the most common; order of arrival decides nothing
