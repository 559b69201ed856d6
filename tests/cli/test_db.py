"""`we1web db` against real databases: sound, not sound, running, not running, not there."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from tests.cli.conftest import Run
from tests.fixtures_postgres import Postgres

from we1web.cli.db import SHOWN
from we1web.coordinator.storage.embedded import EmbeddedPostgres
from we1web.coordinator.storage.migrate import migrate

SPOIL = "insert into ledger.accounts (kind, currency, balance) values ('fees', 'usd', 1)"


async def execute(dsn: str, command: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(command)
    finally:
        await connection.close()


def test_a_database_by_its_address(run: Run, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    dsn = asyncio.run(postgres.create())
    monkeypatch.setenv("DATABASE_URL", dsn)
    ran = run("db", "audit-ledger", "--json")
    assert (ran.code, ran.json["difference_micros"], ran.json["differences"]) == (0, 0, [])
    assert "sound" in run("db", "audit-ledger").out
    asyncio.run(execute(dsn, SPOIL))
    ran = run("db", "audit-ledger", "--json")
    assert ran.code == 1
    assert [(one["check"], one["expected"], one["found"]) for one in ran.json["differences"]] == [
        ("accounts", 0, 1),
        ("currencies", 0, 1),
    ]
    assert (ran.json["difference_micros"], ran.json["count"]) == (2, 2) and SHOWN >= 2
    told = run("db", "audit-ledger")
    assert told.code == 1 and "2 figures differ by 2 micro-units" in told.out
    assert "accounts: fees//usd is 1, should be 0 usd" in told.err


def test_an_account_becomes_an_operator_and_is_none_again(
    run: Run, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = asyncio.run(postgres.create())
    monkeypatch.setenv("DATABASE_URL", dsn)
    asyncio.run(execute(dsn, "insert into auth.users (email, encrypted_password) values ('ann@example.com', 'x')"))

    async def is_operator() -> bool:
        connection = await asyncpg.connect(dsn)
        try:
            return bool(await connection.fetchval("select is_operator from users where email = 'ann@example.com'"))
        finally:
            await connection.close()

    for words, expected in (((), True), (("--revoke",), False)):
        ran = run("db", "operator", "Ann@example.com", *words, "--json")
        assert (ran.code, ran.json["operator"]) == (0, expected)
        assert asyncio.run(is_operator()) is expected
    missing = run("db", "operator", "nobody@example.com", "--json")
    assert (missing.code, missing.json["error"]["code"]) == (1, "not_found")


def test_the_embedded_database_whether_it_runs_or_not(
    run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    server = EmbeddedPostgres(data_dir)
    server.start()
    try:
        behind = run("db", "audit-ledger", "--json", "--data-dir", data_dir)
        assert (behind.code, behind.json["error"]["code"]) == (1, "migration_error")
        asyncio.run(migrate(server.dsn))
        assert run("db", "audit-ledger", "--data-dir", data_dir).code == 0
        assert server.pid is not None, "a coordinator's server was stopped"
    finally:
        server.stop()
    assert run("db", "audit-ledger", "--data-dir", data_dir).code == 0
    assert server.pid is None


def test_no_database_is_no_sound_one(run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ran = run("db", "audit-ledger", "--json", "--data-dir", data_dir)
    assert (ran.code, ran.json["error"]["code"]) == (1, "embedded_postgres_failed")
    assert list(data_dir.iterdir()) == []
