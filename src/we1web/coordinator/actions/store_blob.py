"""Stores an uploaded blob for a user: hashed while it streams, within the quota. The row comes before the file."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import asyncpg

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.blobs import BlobStore, Upload
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import Blob
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def store_blob(
    services: Services, caller: Identity, digest: bytes, pieces: AsyncIterator[bytes], announced_bytes: int
) -> Blob:
    """Takes a blob in. Raises Refusal when it is too large, not what its address says, or above the quota."""
    free_bytes = services.config.blob_quota_bytes - await _used_bytes(services, caller)
    if announced_bytes > free_bytes:
        raise _quota(services.config.blob_quota_bytes)
    upload = await services.blobs.receive(digest, pieces)
    try:
        if upload.size > free_bytes:
            raise _quota(services.config.blob_quota_bytes)
        async with services.database.transaction(SERVICE) as tx:
            await keep(tx, services.blobs, upload, caller.user_id, services.clock.now())
    finally:
        services.blobs.discard(upload)
    services.usage.add(caller.user_key, upload.size)
    return Blob(digest=digest.hex(), size=upload.size)


async def keep(tx: asyncpg.Connection, blobs: BlobStore, upload: Upload, owner: UUID, now: datetime) -> None:
    """The row first: it waits for a garbage collector that is removing the same blob, and only then the file comes."""
    await tx.execute(statement("blobs/record"), upload.digest, upload.size, owner, now)
    await blobs.place(upload)


async def _used_bytes(services: Services, caller: Identity) -> int:
    now_s = services.clock.monotonic()
    used = services.usage.get(caller.user_key, now_s)
    if used is None:
        async with services.database.transaction(SERVICE) as tx:
            used = int(await tx.fetchval(statement("blobs/used"), caller.user_id))
        services.usage.put(caller.user_key, used, now_s)
    return used


def _quota(quota_bytes: int) -> Refusal:
    hint = "blobs are forgotten some days after their last upload; see WE1WEB_BLOB_QUOTA_BYTES and WE1WEB_BLOB_KEEP_S"
    return Refusal(f"your blobs would be above {quota_bytes} bytes", code="blob_quota", hint=hint)
