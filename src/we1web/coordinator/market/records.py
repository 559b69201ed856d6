"""What the coordinator knows of a job or node beyond the engine's integers: names, money, who shall be told."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from we1web.domain.policy import policy_of
from we1web.domain.requirements import Requirements
from we1web.domain.strategy import STRATEGIES
from we1web.domain.validator import validator_of
from we1web.engine import bonus
from we1web.engine.state import Job
from we1web.protocol.messages import JobInfo, Limits

CHECK_KEY = 1 << 62
"""Added to a job's key it names the job's verifier to a node."""
INTERACTIVE_TASKS = 16
"""A complete job of at most so many tasks gets its first votes all at once."""
LIVE_STATES = ("open", "running")
"""Of a job that has not ended."""


class JobRecord(NamedTuple):
    """A row of jobs, as far as the market needs it."""

    key: int
    id: UUID
    requester_id: UUID
    price_micros: int
    fee_micros: int
    budget_micros: int
    currency: str
    info: JobInfo
    job: Job
    runtime: str = ""
    """Its short name, as jobs use it."""
    check: JobInfo | None = None
    """The job's verifier, as a referee is told of it; None where the job has none."""
    bonus_micros: int = 0
    """What a vote that came in time costs more."""
    bonus_fee_micros: int = 0

    @property
    def reward_micros(self) -> int:
        """What one paid vote earns its contributor."""
        return self.price_micros - self.fee_micros

    def earned_micros(self, votes: int, fast: int) -> int:
        """What so many paid votes earn, `fast` of them with the bonus."""
        return votes * self.reward_micros + fast * (self.bonus_micros - self.bonus_fee_micros)

    def due_fee_micros(self, votes: int, fast: int) -> int:
        """The platform's part of the same."""
        return votes * self.fee_micros + fast * self.bonus_fee_micros


def is_interactive(row: Mapping[str, Any]) -> bool:
    """Somebody waits for a few answers: latency counts, not throughput."""
    return bool(row["state"] != "open" and 0 < row["total"] <= INTERACTIVE_TASKS)


def job_record(row: Mapping[str, Any], now: float) -> JobRecord:
    """From a row of jobs with its count of ended tasks and the time left to it; `now` is the engine's clock."""
    limits = Limits(row["wall_ms"], row["memory_bytes"], row["output_bytes"], row["instructions"])
    job = Job(
        row["key"],
        row["requester_key"],
        row["runtime_id"],
        policy_of(row["policy"], row["epsilon"]),
        STRATEGIES[row["strategy"]],
        row["price_micros"],
        row["budget_micros"],
        limits,
    )
    _set_terms(job, row, now)
    _set_progress(job, row)
    info = JobInfo(row["key"], row["runtime_id"], row["program"], row["entry"], limits, *_public(row))
    money = (row["price_micros"], row["fee_micros"], row["budget_micros"], row["currency"])
    extra = (row["bonus_micros"], row["bonus_fee_micros"])
    names = (row["runtime"], _check(row, limits))
    return JobRecord(row["key"], row["id"], row["requester_id"], *money, info, job, *names, *extra)


def _check(row: Mapping[str, Any], limits: Limits) -> JobInfo | None:
    if row["verifier"] is None:
        return None
    names = _public(row)
    return JobInfo(row["key"] | CHECK_KEY, row["runtime_id"], row["verifier"], row["verifier_entry"], limits, *names)


def _public(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Whose job it is and what it is for, as everybody may know it: requester, name, purpose."""
    return row["requester"], row["name"], row["purpose"]


def _set_terms(job: Job, row: Mapping[str, Any], now: float) -> None:
    """What the requester asked for beyond program and price."""
    job.id = str(row["id"])
    job.validator = validator_of(row["validator"], row["validator_parameters"])
    job.requirements = requirements_of(row)
    job.country = row["requirements"].get("near") or ""
    job.inputs = frozenset((row["program"],))
    job.reward_micros = row["worth_micros"]
    if row["bonus_micros"]:
        bonus.offer(job, row["bonus_micros"], row["bonus_within_s"], row["bonus_micros"] - row["bonus_fee_micros"])
    job.weight, job.priority = row["weight"], row["priority"]
    if row["hold_s"] is not None:
        job.hold_s = row["hold_s"]
    job.deadline = None if row["left_s"] is None else now + row["left_s"]


def _set_progress(job: Job, row: Mapping[str, Any]) -> None:
    job.total, job.closed = row["total"], row["state"] != "open"
    job.verified, job.failed, job.ended = row["verified"], row["failed"], row["ended"]
    job.executions, job.spent_micros = row["executions"], row["spent_micros"]
    job.error_sum, job.singles, job.referee_runs = row["error_sum"], row["singles"], row["referee_runs"]
    job.task_s = (row["task_us"] or 0) / 1e6
    job.interactive = is_interactive(row)


def requirements_of(row: Mapping[str, Any]) -> Requirements:
    """The job's demands on a node: never less memory than one of its tasks may use."""
    stored = row["requirements"]
    return Requirements(
        memory_bytes=max(row["memory_bytes"], stored.get("memory_bytes", 0)),
        cores=stored.get("cores", 0),
        gpu=stored.get("gpu", False),
        countries=frozenset(stored.get("countries", ())),
        not_countries=frozenset(stored.get("not_countries", ())),
        owners=frozenset((row["requester_key"],)) if stored.get("mine", False) else frozenset(),
    )
