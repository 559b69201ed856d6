"""Makes a job's programs ready: there, the requester's own, and for wasm checked, memory-capped and metered."""

from typing import NamedTuple

from we1web.coordinator import programs
from we1web.coordinator.actions.job_plan import JobPlan
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.blobs import Upload
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement

MAX_SOURCE_BYTES = 4 << 20
"""A Python function with everything it uses; data belongs into arguments."""


class Programs(NamedTuple):
    """What of a job's programs was made anew and is not placed yet; None: it runs as uploaded, or there is none."""

    program: Upload | None
    verifier: Upload | None

    @property
    def fresh(self) -> list[Upload]:
        return [upload for upload in self if upload is not None]


async def prepare_programs(services: Services, caller: Identity, plan: JobPlan) -> Programs:
    """The program and, where the job has one, its verifier. Raises Refusal; then nothing of them is left."""
    program = await _prepare(services, caller, plan, plan.order.program)
    if plan.order.verifier is None:
        return Programs(program, None)
    try:
        return Programs(program, await _prepare(services, caller, plan, plan.order.verifier))
    except BaseException:
        if program is not None:
            services.blobs.discard(program)
        raise


async def _prepare(services: Services, caller: Identity, plan: JobPlan, name: str) -> Upload | None:
    """For wasm the instrumented module, checked in and not yet placed."""
    digest = bytes.fromhex(name)
    size = await _owned_bytes(services, caller, digest)
    if plan.order.runtime != "wasm":
        _check_source(size)
        return None
    module = await services.blobs.read(digest)
    metered = await programs.instrument(module, plan.order.limits.memory_bytes, plan.instructions)
    return await services.blobs.take_in(metered)


async def _owned_bytes(services: Services, caller: Identity, digest: bytes) -> int:
    async with services.database.transaction(SERVICE) as tx:
        size: int | None = await tx.fetchval(statement("blobs/readable"), digest, caller.user_id, False, False)
    if size is None:
        raise blob_missing([digest])
    return size


def blob_missing(digests: list[bytes]) -> Refusal:
    """A job names blobs that its requester does not have here."""
    names = ", ".join(digest.hex() for digest in digests[:3])
    return Refusal(
        f"{len(digests)} blobs are missing: {names}",
        code="blob_missing",
        hint="upload them first with PUT /api/blobs/<sha256>, and name their true size",
    )


def _check_source(size: int) -> None:
    if size > MAX_SOURCE_BYTES:
        raise Refusal(
            f"a program has at most {MAX_SOURCE_BYTES} bytes", code="bad_program", hint="send data as arguments"
        )
