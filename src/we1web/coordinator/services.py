"""What one running coordinator consists of: made by app.py, handed to every action, query, route and loop."""

from dataclasses import dataclass
from typing import Protocol

from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.clock import Clock
from we1web.coordinator.config import Config
from we1web.coordinator.storage.database import Database
from we1web.coordinator.telemetry import Metrics
from we1web.coordinator.usage import UsageCache


class Market(Protocol):
    """What actions and queries ask of the market (coordinator/market/market.py)."""

    @property
    def ready(self) -> bool: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def submitted(self, job_key: int) -> None:
        """After the commit that stored chunks of a job, or closed it."""

    async def cancel_job(self, job_key: int) -> None:
        """After the row says 'cancelled': work is withdrawn, what was earned is settled, the rest goes back."""

    async def cancel_task(self, task_id: int) -> bool:
        """Whether it was open here, and is not any more."""

    def node_status_changed(self, node_key: int, status: str) -> None: ...

    def waiting(self, job_key: int) -> str:
        """Why nothing of the job runs, in words; empty while something does."""

    def task_state(self, task_id: int) -> str | None:
        """State of an open task; None when it is unknown here."""

    def numbers(self) -> dict[str, float]: ...


@dataclass(frozen=True)
class Services:
    """Everything with a life of its own. No global state: tests run several side by side."""

    config: Config
    clock: Clock
    database: Database
    auth: Auth
    blobs: BlobStore
    market: Market
    metrics: Metrics
    usage: UsageCache
