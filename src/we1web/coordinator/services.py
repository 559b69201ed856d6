"""What one running coordinator consists of: made by app.py, handed to every action, query, route and loop."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.clock import Clock
from we1web.coordinator.config import Config
from we1web.coordinator.storage.database import Database
from we1web.coordinator.telemetry import Metrics
from we1web.coordinator.usage import UsageCache

if TYPE_CHECKING:
    from we1web.coordinator.market.market import Market


@dataclass(frozen=True)
class Services:
    """Everything with a life of its own. No global state: tests run several side by side."""

    config: Config
    clock: Clock
    database: Database
    auth: Auth
    blobs: BlobStore
    market: "Market"
    metrics: Metrics
    usage: UsageCache
