"""What votes came to, counted for the pages: by node, by hour and by minute, in the transaction that settles them."""

from collections.abc import Iterable

import asyncpg

from we1web.coordinator.market.books import Books, Judged
from we1web.coordinator.storage.statements import statement


async def write_tallies(connection: asyncpg.Connection, books: Books) -> None:
    """Counts everything in the books; they are as durable as the settlement then, and never counted twice."""
    judged, (verified, failed) = books.judged(), books.take_ended()
    if judged or verified or failed:
        await connection.execute(statement("market/tally"), *by_node(judged), verified, failed)


def by_node(judged: Iterable[Judged]) -> list[list[int] | list[str]]:
    """Columns: node, currency, votes paid, votes rejected, micro-units earned, microseconds of a core,
    and of what was earned, what pools kept as their commission and what went into their pots.

    The time is what the job's tasks took on average so far: what a node says of a single one is not stored.
    """
    sums: dict[tuple[int, str], list[int]] = {}
    for each in judged:
        total = sums.setdefault((each.node, each.record.currency), [0] * 6)
        core_us = round(each.paid * each.record.job.task_s * 1e6)
        facts = (each.paid, each.rejected, each.earned_micros, core_us, each.share.commission, each.share.pooled)
        total[:] = [before + more for before, more in zip(total, facts, strict=True)]
    ordered = sorted(sums.items())
    names: list[list[int] | list[str]] = [[node for (node, _), _ in ordered], [money for (_, money), _ in ordered]]
    return names + [[total[place] for _, total in ordered] for place in range(6)]
