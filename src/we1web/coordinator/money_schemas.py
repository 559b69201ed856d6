"""What HTTP requests and answers about money look like, as pydantic models. Amounts are micro-units. No logic."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from we1web.coordinator.schemas import Page, Request
from we1web.domain.money import MAX_MICROS


class Balance(BaseModel):
    currency: str
    wallet_micros: int
    earnings_micros: int
    held_micros: int
    debt_micros: Annotated[int, Field(description="What is owed after a payer's bank took money back.")]


class Movement(BaseModel):
    transaction_id: Annotated[int, Field(description="GET /api/payments/postings/{transaction_id} opens it up.")]
    at: datetime
    kind: str
    job: UUID | None
    amount_micros: int


class EarningsTotal(BaseModel):
    """Where a contributor's money is, in one currency."""

    currency: str
    pending_micros: Annotated[int, Field(description="What votes that are not decided, or held back, will earn.")]
    held_micros: Annotated[int, Field(description="In payouts that have not arrived: it left the earnings.")]
    available_micros: Annotated[int, Field(description="In the earnings: it can be paid out.")]
    paid_micros: Annotated[int, Field(description="Arrived, after the charge for paying out.")]


class EarningsGroup(BaseModel):
    """What was earned of one day, for one job, by one node or in one currency. All groups sum to the same."""

    currency: str
    earned_micros: int
    day: Annotated[date | None, Field(description="Of UTC.")]
    job: Annotated[UUID | None, Field(description="By job, null: what the caller's pool gave.")]
    job_name: str | None
    node: Annotated[UUID | None, Field(description="By node, null: what a pool gave, or contests did.")]
    node_name: str | None
    votes_paid: Annotated[int | None, Field(description="Counted by node only.")]
    last_at: Annotated[datetime, Field(description="When the newest of it was credited; of a node: that hour's begin.")]


class Earnings(Page):
    balances: list[Balance]
    totals: list[EarningsTotal]
    items: Annotated[list[Movement], Field(description="Without `by`: what came and went, newest first.")]
    groups: Annotated[list[EarningsGroup], Field(description="With `by`: what was earned, a page of it.")]


class Posting(BaseModel):
    """One entry of the ledger in an account, and what the account held after it."""

    transaction_id: Annotated[int, Field(description="GET /api/payments/postings/{transaction_id} opens it up.")]
    at: datetime
    kind: Annotated[
        str,
        Field(
            description="fund: money came in. hold: a job's budget was set aside. settle: votes were paid. refund: what"
            " a job did not spend came back. compensate: a contested vote was right after all. distribute: a part"
            " of a pool's pot. withdraw: from a pool's treasury."
        ),
    ]
    job: UUID | None
    job_name: str | None
    memo: str
    amount_micros: Annotated[int, Field(description="Negative: it went away.")]
    balance_micros: Annotated[int, Field(description="What was there after it.")]


class PostingPage(Page):
    currency: str
    items: list[Posting]


class EarningsHour(BaseModel):
    at: Annotated[datetime, Field(description="When the hour began.")]
    earned_micros: int
    votes_paid: int
    votes_rejected: int


class EarningsSeries(BaseModel):
    """What the caller's nodes earned. Every vote is first pending, then paid or worth nothing."""

    currency: str
    hours: list[EarningsHour]
    today_micros: Annotated[int, Field(description="Credited since midnight UTC.")]
    pending_micros: Annotated[
        int,
        Field(
            description="What votes that are not decided yet, or held back, will earn if they agree; before a pool's"
            " share."
        ),
    ]
    paid_micros: Annotated[int, Field(description="Credited and not paid out: the balance of the earnings account.")]


class CreditOrder(Request):
    email: Annotated[str | None, Field(min_length=3, max_length=320, pattern=r"^[^\x00-\x1f\x7f]+$")] = None
    user_id: UUID | None = None
    amount_micros: Annotated[int, Field(ge=1, le=MAX_MICROS)]
    memo: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""


class Balances(BaseModel):
    balances: list[Balance]


class BookTotal(BaseModel):
    """All accounts of one kind in one currency; positive: the platform owes it."""

    kind: str
    currency: str
    accounts: int
    balance_micros: int


class Stored(BaseModel):
    """The acknowledgement of a notice."""

    fresh: Annotated[bool, Field(description="False: it had been stored before.")]


class Books(BaseModel):
    """The ledger's totals: they sum to zero in every currency."""

    totals: list[BookTotal]
