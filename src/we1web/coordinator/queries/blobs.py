"""Who may read which blob, and whether it is here. The bytes themselves come from the blob store."""

from datetime import timedelta

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def readable_bytes(services: Services, caller: Identity, digest: bytes) -> int:
    """The size of a blob the caller may read: an owner, or a node while a living job lists it. Raises Refusal."""
    async with services.database.transaction(SERVICE) as tx:
        is_node = "node" in caller.scopes
        facts = (digest, caller.user_id, is_node, caller.is_operator)
        size: int | None = await tx.fetchval(statement("blobs/readable"), *facts)
    if size is None or not services.blobs.has(digest):
        raise missing()
    return size


async def present_bytes(services: Services, caller: Identity, digest: bytes) -> int:
    """Need it be uploaded? Raises Refusal when it must be.

    A requester must own what a job names, so somebody else's copy does not help. A node only has to make sure that
    the bytes are here: one upload serves all replicas, and whoever can name the digest has the bytes anyway.
    """
    now = services.clock.now()
    half_life = now - timedelta(seconds=services.config.blob_keep_s / 2)
    only_node = caller.scopes == {"node"}
    async with services.database.transaction(SERVICE) as tx:
        size: int | None = await tx.fetchval(
            statement("blobs/present"), digest, caller.user_id, only_node, half_life, now
        )
    if size is None or not services.blobs.has(digest):
        raise missing()
    return size


def missing() -> Refusal:
    return Refusal("no such blob", code="blob_not_found", hint="upload it, or ask with the token it belongs to")
