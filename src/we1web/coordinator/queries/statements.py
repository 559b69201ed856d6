"""A user's statement of account for some days, from the ledger, as a paper that cannot fail to add up. Reads only."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.papers.statement import Line, Statement
from we1web.coordinator.papers.statement_csv import statement_csv
from we1web.coordinator.papers.statement_pdf import statement_pdf
from we1web.coordinator.queries import credits
from we1web.coordinator.queries.period import Period
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement as sql
from we1web.domain.currency import CURRENCIES

Account = Literal["wallet", "earnings"]
Form = Literal["csv", "pdf"]
MAX_LINES: dict[Form, int] = {"csv": 100_000, "pdf": 10_000}
"""A page of a PDF holds some fifty; whoever has more reads them with a program."""
PLATFORM = "WE1WEB"


class Wanted(NamedTuple):
    account: Account
    currency: str
    period: Period
    form: Form


async def paper(services: Services, user_id: UUID, wanted: Wanted) -> bytes:
    """The file. Raises Refusal."""
    if wanted.currency not in CURRENCIES:
        raise Refusal(f"there is no currency {wanted.currency!r} here", code="invalid_request", hint="such as eur")
    made = await _statement(services, user_id, wanted)
    return await asyncio.to_thread(statement_csv if wanted.form == "csv" else statement_pdf, made)


async def _statement(services: Services, user_id: UUID, wanted: Wanted) -> Statement:
    account = (user_id, wanted.account, wanted.currency, *wanted.period.bounds)
    async with services.database.transaction(user(user_id)) as tx:
        head = await tx.fetchrow(sql("credits/statement_head"), *account)
        if head["lines"] > MAX_LINES[wanted.form]:
            raise _too_long(head["lines"], wanted.form)
        rows = await tx.fetch(sql("credits/statement_lines"), *account)
    lines = _lines(rows, head["opening_micros"], await credits.job_names(services, rows))
    first, last = wanted.period
    return Statement(
        number=f"{head['key']}-{wanted.account}-{wanted.currency}-{first:%Y%m%d}-{last:%Y%m%d}",
        holder_name=head["name"],
        holder_email=head["email"],
        platform=PLATFORM,
        currency=wanted.currency,
        account=wanted.account,
        first_day=first,
        last_day=last,
        opening_micros=head["opening_micros"],
        closing_micros=lines[-1].balance_micros if lines else head["opening_micros"],
        lines=lines,
        issued_at=services.clock.now(),
    )


def _too_long(lines: int, form: Form) -> Refusal:
    hint = "ask for fewer days" + ("" if form == "csv" else ", or for format=csv")
    return Refusal(
        f"{lines:,} entries are more than the {MAX_LINES[form]:,} of one {form.upper()} file",
        code="statement_too_long",
        hint=hint,
    )


def _lines(rows: Sequence[asyncpg.Record], opening: int, names: Mapping[UUID, str]) -> tuple[Line, ...]:
    made, balance = [], opening
    for row in rows:
        balance += row["amount"]
        reference = str(row["transaction_id"])
        made.append(Line(row["created_at"], row["kind"], _text(row, names), reference, row["amount"], balance))
    return tuple(made)


def _text(row: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    """What a person recognises it by: the job's name, or what an operator wrote."""
    job = credits.job_of(row)
    return str(row["meta"].get("memo", "")) if job is None else names.get(job, str(job))
