"""The whole schema as one readable file: what all migrations together come to. A test compares it with the database.

`python -m we1web.coordinator.storage.dump` writes schema.sql anew after a migration was added. It never reads data.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from we1web.coordinator.storage.embedded import EmbeddedPostgres, programs
from we1web.coordinator.storage.migrate import migrate

SCHEMA = Path(__file__).with_name("schema.sql")
_HEADER = "-- Generated from migrations/ by `python -m we1web.coordinator.storage.dump`. Do not edit.\n\n"
_NOISE = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)\n", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def dump_schema(dsn: str) -> str:
    """The schema of a database in pg_dump's words, without what differs from run to run."""
    command = [str(programs() / "pg_dump"), "--schema-only", "--no-owner", "--dbname", dsn]
    finished = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"PATH": os.defpath, "LC_ALL": "C"}
    )
    return _HEADER + _BLANK_LINES.sub("\n\n", _NOISE.sub("", finished.stdout)).strip() + "\n"


def main() -> None:
    """Migrates an empty database and writes what it has become."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder))
        dsn = server.start()
        try:
            asyncio.run(migrate(dsn))
            SCHEMA.write_text(dump_schema(dsn), encoding="utf-8")
        finally:
            server.stop()
    sys.stdout.write(f"{SCHEMA}\n")


if __name__ == "__main__":
    main()
