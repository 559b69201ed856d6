"""What one running coordinator consists of: made by app.py, handed to every action, query, route and loop."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.clock import Clock
from we1web.coordinator.config import Config
from we1web.coordinator.telemetry import Metrics

if TYPE_CHECKING:
    from we1web.coordinator.market.market import Market
    from we1web.coordinator.storage.database import Database


@dataclass(frozen=True)
class Services:
    """Everything with a life of its own. No global state: tests run several side by side."""

    config: Config
    clock: Clock
    database: "Database"
    blobs: BlobStore
    market: "Market"
    metrics: Metrics
