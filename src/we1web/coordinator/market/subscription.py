"""One requester follows one job: agreed results in their order, from the beginning, then live, then the end.

Results are read from the database after their commit, page by page, so nothing is skipped or sent twice on one
subscription and a slow reader holds up nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.engine.state import CANCELLED, FAILED, VERIFIED
from we1web.protocol.messages import Completed, JobProgress, ServerMessage

PAGE_TASKS = 500
PAGE_BYTES = 2 << 20
"""Outcomes in one frame."""
PROGRESS_S = 1.0
"""Progress is told so often while no result comes: why it waits may have changed."""
STATES = {VERIFIED: "verified", FAILED: "failed", CANCELLED: "cancelled"}


class Subscription:
    """Runs until the job ended and everything was sent, or until it is cancelled."""

    def __init__(
        self,
        database: Database,
        job_id: UUID,
        job_key: int,
        send: Callable[[ServerMessage], Awaitable[None]],
        waiting: Callable[[int], str],
    ) -> None:
        self.job_key = job_key
        self._database = database
        self._job = str(job_id)
        self._send = send
        self._waiting = waiting
        self._position = (0, 0)
        self._wake = asyncio.Event()

    def notify(self) -> None:
        """Something about the job became durable."""
        self._wake.set()

    async def run(self) -> None:
        while True:
            self._wake.clear()
            progress = await self._forward()
            await self._send(progress)
            if progress.state in ("done", "cancelled"):
                return
            try:
                async with asyncio.timeout(PROGRESS_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _forward(self) -> JobProgress:
        """Sends all results there are; returns how the job stood before they were read, so that none is missed."""
        while True:
            async with self._database.transaction(SERVICE) as tx:
                job = await tx.fetchrow(statement("market/job_progress"), self.job_key)
                page = await tx.fetch(statement("market/results_after"), self.job_key, *self._position, PAGE_TASKS)
            for frame in _frames(page):
                await self._send(self._completed(frame))
            if page:
                self._position = (page[-1]["flush"], page[-1]["id"])
            if len(page) < PAGE_TASKS:
                return self._progress(job)

    def _completed(self, page: list[Any]) -> Completed:
        return Completed(
            self._job,
            [row["index"] for row in page],
            [STATES[row["state"]] for row in page],
            [row["outcome"] or b"" for row in page],
            [row["votes"] for row in page],
        )

    def _progress(self, job: Any) -> JobProgress:
        ended = job["verified"] + job["failed"] >= job["total"]
        return JobProgress(
            self._job,
            job["state"],
            job["total"],
            job["verified"],
            job["failed"],
            job["spent_micros"],
            job["executions"],
            "" if ended else self._waiting(self.job_key),
        )


def _frames(page: list[Any]) -> list[list[Any]]:
    """A page in pieces that fit a frame."""
    frames: list[list[Any]] = []
    size = PAGE_BYTES + 1
    for row in page:
        length = len(row["outcome"] or b"")
        if size + length > PAGE_BYTES:
            frames.append([])
            size = 0
        frames[-1].append(row)
        size += length
    return frames
