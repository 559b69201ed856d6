"""Removes blob files that have no row (a crash between the file's name and the commit). One of 256 folders a run."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.storage.statements import statement

GRACE = timedelta(days=1)
"""A young file may belong to a transaction that is about to commit."""


class BlobOrphans:
    name = "blob_orphans"
    every_s = 60.0

    def __init__(self, blobs: BlobStore):
        self._blobs = blobs
        self._shard = 0

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Files removed."""
        files = {bytes.fromhex(path.name): path for path in await asyncio.to_thread(self._blobs.shard, self._shard)}
        self._shard = (self._shard + 1) % 256
        known = {row["digest"] for row in await tx.fetch(statement("clean/known_blobs"), list(files))}
        orphans = [path for digest, path in files.items() if digest not in known]
        return await asyncio.to_thread(_remove_old, orphans, (now - GRACE).timestamp())

    async def committed(self) -> None:
        """Nothing to do."""


def _remove_old(paths: list[Path], before: float) -> int:
    old = [path for path in paths if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
