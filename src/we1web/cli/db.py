"""`we1web db`: what an operator does with a coordinator's database. It must never change a figure of money."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from we1web.cli._options import AsJson

if TYPE_CHECKING:
    from we1web.coordinator.config import Config

command = App(name="db", help="Look after a coordinator's database.", result_action="return_value")

SHOWN = 100
"""Differences that are listed one by one; all of them are counted."""


@command.command(name="audit-ledger")
def audit_ledger(
    *, as_json: AsJson = False, data_dir: Annotated[Path | None, Parameter(name="--data-dir")] = None
) -> int:
    """Derive every figure of money once more and compare: accounts from entries, entries from votes, all of it.

    Reads one snapshot and changes nothing, so the coordinator may go on working. Uses DATABASE_URL, or the embedded
    database of the data directory whether a coordinator runs on it or none does.
    Exit codes: 0 sound to the last micro-unit, 1 something differs (or the database cannot be read).

    Parameters
    ----------
    as_json
        Prints one JSON object; `difference_micros` is the sum of all differences, 0 when there is none.
    data_dir
        Where the embedded database is (WE1WEB_DATA_DIR).
    """
    import asyncio

    from we1web.cli._output import emit, note
    from we1web.coordinator import config as settings

    with _database(settings.load(data_dir=data_dir)) as dsn:
        found = asyncio.run(_audit(dsn))
    if as_json:
        emit(found)
    else:
        for one in found["differences"]:
            note(f"{one['check']}: {one['place']} is {one['found']}, should be {one['expected']} {one['currency']}")
        looked_at = ", ".join(f"{number:,} {what}" for what, number in found["looked_at"].items())
        count, micros = found["count"], found["difference_micros"]
        print(f"{looked_at}: {f'{count:,} figures differ by {micros:,} micro-units in all' if count else 'sound'}")
    return 1 if found["count"] else 0


@command.command
def operator(
    email: str,
    *,
    revoke: bool = False,
    as_json: AsJson = False,
    data_dir: Annotated[Path | None, Parameter(name="--data-dir")] = None,
) -> int:
    """Make an account an operator: it sees the books, confirms bank transfers and exports payouts. In force at once.

    Whoever can reach the database can do this, and nobody else: there is no route for it. The account must exist.

    Parameters
    ----------
    email
        Of the account.
    revoke
        It is no operator any more.
    as_json
        Prints one JSON object.
    data_dir
        Where the embedded database is (WE1WEB_DATA_DIR), unless DATABASE_URL is set.
    """
    import asyncio

    from we1web.cli._output import emit
    from we1web.coordinator import config as settings

    with _database(settings.load(data_dir=data_dir)) as dsn:
        found = asyncio.run(_set_operator(dsn, email, not revoke))
    if as_json:
        emit({"user": found, "operator": not revoke})
    else:
        print(f"{email} is {'no operator any more' if revoke else 'an operator now'}")
    return 0


async def _set_operator(dsn: str, email: str, is_operator: bool) -> str:
    from we1web.coordinator.refusals import not_found
    from we1web.coordinator.storage.database import Database
    from we1web.coordinator.storage.migrate import require_current
    from we1web.coordinator.storage.principal import SERVICE
    from we1web.coordinator.storage.statements import statement

    await require_current(dsn)
    database = await Database.open(dsn, user_connections=1, service_connections=1)
    try:
        async with database.transaction(SERVICE) as tx:
            found = await tx.fetchval(statement("auth/set_operator"), email, is_operator)
    finally:
        await database.close()
    if found is None:
        raise not_found("account with that e-mail address")
    return str(found)


def _database(config: "Config") -> AbstractContextManager[str]:
    from we1web.coordinator.storage.embedded import borrowed

    if config.database_url is not None:
        return nullcontext(config.database_url.get_secret_value())
    return borrowed(config.data_dir)


async def _audit(dsn: str) -> dict[str, Any]:
    from we1web.coordinator.storage import audit
    from we1web.coordinator.storage.database import Database
    from we1web.coordinator.storage.migrate import require_current

    await require_current(dsn)
    database = await Database.open(dsn, user_connections=1, service_connections=1)
    try:
        listed, count, micros = [], 0, 0
        async with database.snapshot() as connection:
            looked_at = await audit.size(connection)
            async for one in audit.differences(connection):
                count, micros = count + 1, micros + one.micros
                if count <= SHOWN:
                    listed.append(one._asdict())
    finally:
        await database.close()
    return {
        "difference_micros": micros,
        "count": count,
        "looked_at": looked_at._asdict(),
        "checks": list(audit.CHECKS),
        "differences": listed,
    }
