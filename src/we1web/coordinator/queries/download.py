"""All results of a job as one file, line by line in input order. It must never hold more than one page of them."""

import csv
import io
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any, Literal
from uuid import UUID

import asyncpg

from we1web.coordinator.queries import jobs, shown, task_rows, votes
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement
from we1web.domain.task import TaskState

Format = Literal["jsonl", "csv"]
MEDIA_TYPES: dict[Format, str] = {"jsonl": "application/jsonl", "csv": "text/csv"}
PAGE_TASKS = 100
FIELDS = ("index", "task", "state", "value", "base64", "note", "error", "error_bound", "votes", "cost_micros")


async def open_file(services: Services, user_id: UUID, job_id: UUID, form: Format) -> AsyncIterator[bytes]:
    """The file's pieces. Raises Refusal (not_found) before the first."""
    async with services.database.transaction(user(user_id)) as tx:
        job = await jobs.find(tx, job_id, user_id)
    return _pieces(services, user_id, job, form)


async def _pieces(services: Services, user_id: UUID, job: asyncpg.Record, form: Format) -> AsyncIterator[bytes]:
    if form == "csv":
        yield _csv(FIELDS)
    for first in range(0, job["total"], PAGE_TASKS):
        async with services.database.transaction(user(user_id)) as tx:
            rows = await tx.fetch(statement("tasks/rows_with_outcomes"), job["key"], first, PAGE_TASKS)
        lines = [await _line(services, job, row) for row in rows]
        yield b"".join(map(_json if form == "jsonl" else _csv_line, lines))


async def _line(services: Services, job: asyncpg.Record, row: asyncpg.Record) -> dict[str, Any]:
    state = task_rows.state_of(services.market, job["state"], row)
    packed = row["votes"] or ()
    agreed = sum(map(votes.agreed, packed))
    line: dict[str, Any] = dict.fromkeys(FIELDS) | {"index": row["index"], "task": str(row["id"]), "state": state.value}
    line |= {"votes": len(packed), "cost_micros": votes.cost_micros(packed, job)}
    line |= {"error_bound": row["error"] if agreed else None}
    if state is TaskState.VERIFIED:
        found, _ = await shown.read_result(services, job["runtime"], row["outcome"])
        content = None if found.raw is None else b64encode(found.raw).decode()
        line |= {"value": found.value, "base64": content, "note": found.note or None}
    elif state is TaskState.FAILED:
        line |= {"error": task_rows.error_line(row["outcome"])}
    return line


def _json(line: dict[str, Any]) -> bytes:
    said = {key: value for key, value in line.items() if value is not None or key == "value"}
    return json.dumps(said).encode() + b"\n"


def _csv_line(line: dict[str, Any]) -> bytes:
    """Values and errors as JSON: a stranger's text that begins with '=' must not become a formula of a spreadsheet."""
    quoted = {key: json.dumps(line[key]) for key in ("value", "error") if line[key] is not None}
    return _csv(tuple((line | quoted)[name] for name in FIELDS))


def _csv(fields: tuple[Any, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(fields)
    return out.getvalue().encode()
