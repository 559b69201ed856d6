"""What one running coordinator consists of: made by app.py, handed to every action, query, route and loop."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.bells import Bells
from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.clock import Clock
from we1web.coordinator.config import Config
from we1web.coordinator.rails import Rails
from we1web.coordinator.storage.database import Database
from we1web.coordinator.telemetry import Metrics
from we1web.coordinator.usage import UsageCache
from we1web.engine.explain import JobAnswer, NodeAnswer, TaskAnswer
from we1web.protocol.messages import ServerMessage


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

    def why_task(self, task_id: int) -> TaskAnswer | None:
        """What an open task waits for; None when it is not being worked on here."""

    def why_job(self, job_key: int) -> JobAnswer | None:
        """Who could work on a job and what it waits for; None when it is not being worked on here."""

    def why_node(self, node_key: int) -> NodeAnswer | None:
        """Why a node has no work, or no more of it; None when it was not seen since the start."""

    def task_state(self, task_id: int) -> str | None:
        """State of an open task; None when it is unknown here."""

    def pending_micros(self, owner_key: int) -> dict[str, int]:
        """Currency → what an owner's votes on open tasks will earn if they agree."""

    def tell(self, user_key: int, message: ServerMessage) -> None:
        """After the commit: every connection of a user hears it. Who is not connected reads it later."""

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
    rails: Rails
    instance: UUID
    """Which coordinator this is, over its lives: instance.py."""
    bells: Bells = field(default_factory=Bells)
