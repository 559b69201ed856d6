"""Forgets notices of rails that were worked through long ago: rails repeat one for days, not for a month."""

from datetime import datetime

import asyncpg

from we1web.coordinator.storage.statements import statement


class OldNotices:
    name = "old_notices"
    every_s = 3_600.0

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Notices that were forgotten."""
        return len(await tx.fetch(statement("notices/forget"), now))

    async def committed(self) -> None:
        return None
