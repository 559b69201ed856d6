"""Forgets blobs that nobody uploaded again for long and that no living job names. Must never take a blob in use.

The files go while their rows are locked: an upload of the same blob waits, and then brings its file again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.storage.statements import statement

BATCH = 500


@dataclass(frozen=True)
class BlobGarbage:
    blobs: BlobStore
    keep_s: float
    name: str = "blob_garbage"
    every_s: float = 60

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Blobs forgotten."""
        before = now - timedelta(seconds=self.keep_s)
        await tx.execute(statement("clean/job_blobs"))
        old = [row["digest"] for row in await tx.fetch(statement("clean/old_blobs"), before, BATCH)]
        await tx.execute(statement("clean/drop_owners"), old)
        gone = [row["digest"] for row in await tx.fetch(statement("clean/drop_blobs"), old)]
        for digest in gone:
            await self.blobs.remove(digest)
        return len(gone)

    async def committed(self) -> None:
        """Nothing to do."""
