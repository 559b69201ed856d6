"""Ends login sessions that nobody refreshed for a long time. How long is the auth module's to say."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from we1web.coordinator.auth import sessions


@dataclass(frozen=True)
class LoginSessions:
    name: str = "login_sessions"
    every_s: float = 3_600

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Sweeps; how many went is nobody's question."""
        await sessions.sweep(tx, now)
        return 0

    async def committed(self) -> None:
        """Nothing to do."""
