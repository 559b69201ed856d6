"""What is in the engine, by name: jobs, owners, and how far each chunk is. Kept by claims and recovery."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from we1web.coordinator.market.records import JobRecord
from we1web.engine.state import TASK_BITS

PLACE_MASK = (1 << TASK_BITS) - 1


class Registry:
    """Lookups that effects need on their way out of the engine."""

    def __init__(self) -> None:
        self.records: dict[int, JobRecord] = {}
        """Job key -> record, from the first claim on."""
        self.keys: dict[UUID, int] = {}
        """Job id -> key, of the same jobs."""
        self.owners: dict[int, UUID] = {}
        """Owner key -> user id, of every owner a vote may come from."""
        self.alone: dict[int, set[int]] = {}
        """Job key -> keys of the nodes that gave results which rest on one vote."""
        self.forgotten: set[int] = set()
        """Keys of jobs that left since claims began to read: what it reads of these is old."""
        self._chunks: dict[int, list[int]] = {}

    def add_job(self, record: JobRecord) -> JobRecord:
        """The record that counts from now on: one that is known already stays, because bundles are of its job."""
        self.keys[record.id] = record.key
        return self.records.setdefault(record.key, record)

    def forget_job(self, key: int) -> None:
        self.alone.pop(key, None)
        record = self.records.pop(key, None)
        if record is not None:
            self.forgotten.add(key)
            self.keys.pop(record.id, None)
            self._chunks = {id: chunk for id, chunk in self._chunks.items() if chunk[2] != key}

    def add_chunk(self, row: Mapping[str, Any], ended: int) -> None:
        """A claimed chunk, with so many of its tasks ended already."""
        self._chunks[row["id"]] = [row["first_index"], row["n"] - ended, row["job_key"]]

    def first_index(self, bundle_id: int) -> int:
        """Where the bundle starts in the job's input order."""
        return self._chunks[bundle_id >> TASK_BITS][0] + (bundle_id & PLACE_MASK)

    def ended(self, chunk: int, tasks: int) -> bool:
        """Counts tasks that ended; True when they were the chunk's last."""
        counted = self._chunks[chunk]
        counted[1] -= tasks
        if counted[1]:
            return False
        del self._chunks[chunk]
        return True
