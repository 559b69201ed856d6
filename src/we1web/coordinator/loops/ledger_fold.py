"""Adds what was appended to the accounts that all traffic meets in to their balances, to keep reading them cheap."""

from datetime import datetime

import asyncpg

from we1web.coordinator.storage.statements import statement


class LedgerFold:
    name = "ledger_fold"
    every_s = 1.0

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Entries that were folded."""
        folded: int = await tx.fetchval(statement("ledger/fold"))
        return folded

    async def committed(self) -> None:
        return None
