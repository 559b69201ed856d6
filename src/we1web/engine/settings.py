"""Knobs of the engine, with the values that production starts from."""

from typing import NamedTuple


class Settings(NamedTuple):
    """Knobs of the engine; seconds where the name says so."""

    batch: int = 100
    """Leases in one frame at most."""
    quantum_s: float = 0.01
    """Work handed to one node at once even where it could be spread thinner: frames cost more than leases."""
    slack_s: float = 10.0
    slowness: float = 5.0
    """A lease lasts slack + slowness × what the node is expected to need for everything it holds, by its pace and by
    how much the run times of the job scatter."""
    reconnect_grace_s: float = 10.0
    """A node that lost its connection keeps its leases so long."""
    amnesty_s: float = 5.0
    """An owner whose node lost a bundle may get it again after this."""
    patience_s: float = 2.0
    """A dispute without any owner left to ask is decided on the votes there are after this; never before
    `reconnect_grace_s` have passed since the start, when nodes that voted elsewhere may still be on their way back."""
    lateness: float = 2.0
    """A lease that lasts so many times as long as expected is late: near the end of a job another node is asked."""
    late_s: float = 1.0
    """No lease is late before this."""
    diversity_s: float = 1.0
    """So long a bundle waits for a node of another network, where there is any."""
