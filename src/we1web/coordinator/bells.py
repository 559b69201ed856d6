"""Wakes a background duty before its time: somebody waits for what it does. Rung after a commit, heard in this process.

A bell that nobody hears costs time only: the duty comes round by itself.
"""

import asyncio
from collections import defaultdict


class Bells:
    """One bell for each duty, by its name."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def ring(self, name: str) -> None:
        self._bells[name].set()

    async def heard(self, name: str) -> None:
        """Waits until it rings; one that has rung since the last time is heard at once."""
        await self._bells[name].wait()
        self._bells[name].clear()
