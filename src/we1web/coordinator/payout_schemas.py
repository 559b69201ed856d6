"""What HTTP requests and answers about payouts look like, as pydantic models. Amounts are micro-units. No logic."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from we1web.coordinator.schemas import Page, Request
from we1web.domain.money import MAX_MICROS

Currency = Annotated[str, Field(pattern=r"^[a-z]{3}$", description="ISO 4217, lower case.")]
Amount = Annotated[int, Field(ge=1, le=MAX_MICROS)]
Every = Literal["never", "daily", "weekly", "monthly"]


class PayoutOrder(Request):
    """Earnings in `currency` are paid to `account_id`; exchanged first when the account's currency is another."""

    account_id: UUID
    currency: Currency
    amount_micros: Annotated[Amount | None, Field(description="Without it: all there is.")] = None


class PayoutView(BaseModel):
    id: UUID
    account_id: UUID
    rail: str
    currency: str
    gross_micros: Annotated[int, Field(description="What left the earnings.")]
    fee_micros: int
    net_micros: Annotated[int, Field(description="What arrives.")]
    source_currency: Annotated[
        str | None,
        Field(
            description="What it was exchanged from. When it failed it was exchanged back by the same rate; when it was"
            " returned, what came back stays in `currency`."
        ),
    ]
    source_micros: int | None
    state: Annotated[
        str,
        Field(
            description="requested: it left the earnings. reserved: the rail is being asked. transferred: the rail has"
            " moved it. paid: the bank has it. failed: the rail refused, it is in the earnings again. returned: it came"
            " back, what was sent is in the earnings again."
        ),
    ]
    automatic: bool
    reason: Annotated[str, Field(description="Why it waits or what went wrong: a code; empty when nothing did.")]
    detail: Annotated[str, Field(description="The rail's own words.")]
    requested_at: datetime
    transferred_at: datetime | None
    paid_at: datetime | None
    ended_at: datetime | None


class PayoutPage(Page):
    items: list[PayoutView]


class PayoutEvent(BaseModel):
    at: datetime
    event: str
    by: Annotated[str, Field(description="user, operator, rail or loop.")]
    cause: str
    detail: dict[str, str | int]


class PayoutEntry(BaseModel):
    account: Annotated[str, Field(description="The kind of account.")]
    currency: str
    amount_micros: int


class PayoutTransaction(BaseModel):
    """A transaction of the ledger: its entries sum to zero in every currency."""

    id: int
    kind: str
    at: datetime
    entries: list[PayoutEntry]


class PayoutStory(PayoutView):
    events: list[PayoutEvent]
    transactions: list[PayoutTransaction]


class PayoutPreview(BaseModel):
    """What would become of a payout that is asked for now."""

    currency: str
    rail: str
    available_micros: Annotated[int, Field(description="Earnings, in the currency they are in.")]
    source_currency: str
    source_micros: int
    rate_nanos: Annotated[int | None, Field(description="Thousand-millionths of `currency` for one unit.")]
    rate_day: date | None
    margin_micros: Annotated[int, Field(description="What the operator keeps of the exchange, in `currency`.")]
    margin_bps: Annotated[int, Field(description="The same as a share, in hundredths of a per cent.")]
    gross_micros: int
    fee_micros: int
    net_micros: int
    fee_share_bps: int
    minimum_micros: int
    largest_micros: int
    suggested_threshold_micros: Annotated[
        int, Field(description="From this amount on the fee is at most 2 %; 0: from none.")
    ]
    earliest: date
    refusal: Annotated[str, Field(description="Why it would be refused now: a code; empty when it would not.")]


class PayoutPlanOrder(Request):
    every: Every
    currency: Currency
    account_id: UUID | None = None
    threshold_micros: Annotated[
        int | None,
        Field(ge=0, le=MAX_MICROS, description="In the account's currency. Without it: the suggested one."),
    ] = None


class PayoutPlan(BaseModel):
    """When earnings are paid without asking. `weekly` is on Mondays, `monthly` on the first, at any time of the day."""

    every: Every
    currency: str
    account_id: UUID | None
    threshold_micros: int
    next_on: date | None
    threshold_fee_micros: Annotated[int, Field(description="The fee of a payout of just the threshold.")]
    suggested_threshold_micros: int


class BatchOrder(Request):
    execution_date: Annotated[date | None, Field(description="When the bank shall pay. Without it: today.")] = None


class BatchView(BaseModel):
    id: UUID
    message_id: str
    currency: str
    payouts: int
    total_micros: int
    execution_date: date
    state: Literal["exported", "closed"]
    created_at: datetime
    closed_at: datetime | None


class BatchMade(BaseModel):
    batch: Annotated[BatchView | None, Field(description="None: nothing that a bank would take.")]
    refused: Annotated[int, Field(description="Payouts that no bank would take: their money went back.")]


class BatchPage(Page):
    items: list[BatchView]


class Rejected(Request):
    payout_id: UUID
    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]


class Confirmation(Request):
    """The bank carried out every payment of the batch, but for these."""

    rejected: list[Rejected] = Field(default_factory=list, max_length=10_000)


class ReturnOrder(Request):
    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
