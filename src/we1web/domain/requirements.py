"""What a job demands of a node, and what a node's owner demands of a job: hard conditions, no preferences.

A veto is named by its code, so that the same check that withholds a lease can say why it did.
"""

from typing import NamedTuple


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
