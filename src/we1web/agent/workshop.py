"""What it takes to get one bundle done: its program and arguments at hand, a runtime, and outcomes that fit a frame.

Knows nothing of connections, cores or pauses. It must never change an outcome: a large one is uploaded as it is and
its reference, which has the same digest, takes its place.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from we1web.agent.artifacts import ArtifactError, Artifacts
from we1web.agent.runtime import Runtime, RuntimeBroken, Work
from we1web.protocol import outcome
from we1web.protocol.effects import Leased
from we1web.protocol.held import REPORT_BYTES, wire_bytes
from we1web.protocol.limits import INLINE_BYTES

BUNDLE_BYTES = 256 << 20
"""Large arguments of one bundle: all of them are in memory while it runs."""


class Workshop:
    """The runtimes of this node, by exact id, and its blobs."""

    def __init__(self, runtimes: Sequence[Runtime], artifacts: Artifacts) -> None:
        self.runtimes = {runtime.id: runtime for runtime in runtimes}
        self._artifacts = artifacts

    async def prepare(self, leased: Leased) -> Work:
        """Fetches what is not here yet. Raises ArtifactError, FrameError, or RuntimeBroken for a runtime we lack."""
        job = leased.job
        if job.runtime not in self.runtimes:
            raise RuntimeBroken(f"this node has no runtime {job.runtime}")
        program = self._artifacts.at_hand(job.program) or await self._artifacts.fetch(job.program)
        arguments = await self._payloads(leased.lease.arguments)
        return Work(job.runtime, program, job.program, job.entry, job.limits, arguments)

    async def run(self, work: Work, now_us: Callable[[], int]) -> tuple[list[bytes], int]:
        """One outcome per argument, and how long the tasks took in microseconds. Raises RuntimeBroken.

        Starting a sandbox is not counted: it would make short tasks look long, and bundles stay small for ever.
        """
        begun_us = [now_us()]
        outcomes = await self.runtimes[work.runtime].run(replace(work, begun=lambda: begun_us.append(now_us())))
        if len(outcomes) != len(work.arguments):
            raise RuntimeBroken(f"{len(outcomes)} outcomes for {len(work.arguments)} tasks")
        return outcomes, now_us() - begun_us[min(1, len(begun_us) - 1)]

    async def pack(self, outcomes: list[bytes]) -> list[bytes]:
        """Uploads what may not travel in a frame, and as much more as a report needs to fit. Raises ArtifactError."""
        large = _too_large(outcomes)
        if not large:
            return outcomes
        packed = list(outcomes)
        references = await asyncio.gather(*(self._artifacts.publish(outcomes[place]) for place in large))
        for place, reference in zip(large, references, strict=True):
            packed[place] = reference
        return packed

    async def _fetched(self, named: Sequence[tuple[bytes, int]]) -> list[bytes]:
        if sum(size for _, size in named) > BUNDLE_BYTES:
            raise ArtifactError(f"more than {BUNDLE_BYTES >> 20} MiB of arguments in a bundle", code="bundle_too_large")
        return await asyncio.gather(*(self._artifacts.fetch(digest, size) for digest, size in named))

    async def _payloads(self, arguments: Sequence[bytes]) -> list[bytes]:
        blobs: dict[int, tuple[bytes, int]] = {}
        payloads = []
        for place, argument in enumerate(arguments):
            outcome.check_argument(argument)
            payloads.append(argument[1:])
            named = outcome.blob_of(argument)
            if named is not None:
                blobs[place] = named
        if blobs:
            for place, content in zip(blobs, await self._fetched(list(blobs.values())), strict=True):
                payloads[place] = content
        return payloads


def _too_large(outcomes: Sequence[bytes]) -> list[int]:
    """Places of the outcomes to upload: those above the inline limit, then the largest until the report fits."""
    by_size = sorted(range(len(outcomes)), key=lambda place: len(outcomes[place]), reverse=True)
    excess_bytes = wire_bytes(outcomes) - REPORT_BYTES
    large = []
    for place in by_size:
        size = len(outcomes[place])
        if size <= INLINE_BYTES and excess_bytes <= 0:
            break
        large.append(place)
        excess_bytes -= size - outcome.BLOB_REFERENCE_BYTES
    return large
