"""The coordinator's SQL: one statement per file under sql/, read once; never put together from strings."""

from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> str:
    """The text of sql/<name>.sql, for example statement("ledger/post")."""
    return (_ROOT / f"{name}.sql").read_text(encoding="utf-8").strip()
