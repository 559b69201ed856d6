"""What HTTP requests and answers about money that comes in look like. Amounts are micro-units. No logic."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from we1web.coordinator.schemas import Page, Request
from we1web.domain.money import MAX_MICROS

CurrencyCode = Annotated[str, Field(pattern=r"^[a-z]{3}$", description="ISO 4217, in lower case.")]
Amount = Annotated[int, Field(ge=1, le=MAX_MICROS)]
RailName = Literal["stripe", "manual"]
FundingState = Annotated[
    Literal["open", "processing", "paid", "expired", "failed"],
    Field(
        description="open: waits for the payer. processing: the payer's bank takes its time. paid: it is in the wallet."
    ),
]


class FundingOrder(Request):
    rail: RailName
    currency: CurrencyCode
    amount_micros: Amount


class Bank(BaseModel):
    """Where to send a bank transfer."""

    name: str
    iban: str
    bic: str


class Funding(BaseModel):
    """Money on its way into a wallet."""

    id: UUID
    rail: RailName
    currency: str
    amount_micros: Annotated[int, Field(description="What was asked for; once paid, what arrived.")]
    state: FundingState
    refunded_micros: int
    disputed_micros: Annotated[int, Field(description="What the payer's bank took back.")]
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    url: Annotated[str | None, Field(description="Where to pay, while it is open.")]
    reference: Annotated[str | None, Field(description="What to write on the bank transfer.")]
    bank: Bank | None


class FundingRefund(BaseModel):
    """Money on its way back to the payer. A failed one is in the wallet again."""

    id: UUID
    currency: str
    amount_micros: int
    state: Literal["requested", "sent", "done", "failed"]
    reason: str
    created_at: datetime
    ended_at: datetime | None


class FundingDetail(Funding):
    refunds: list[FundingRefund]


class FundingPage(Page):
    items: list[Funding]


class OperatorFunding(Funding):
    email: str | None


class OperatorFundingPage(Page):
    items: list[OperatorFunding]


class RefundOrder(Request):
    amount_micros: Annotated[Amount | None, Field(description="All that is unspent, when it is left out.")] = None


class Arrival(Request):
    """What a bank statement says."""

    currency: CurrencyCode
    amount_micros: Amount
    memo: Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class WayIn(BaseModel):
    """One rail and currency, and how much can be paid in at a time."""

    rail: RailName
    currency: str
    least_micros: int
    most_micros: int
    step_micros: int


class WaysIn(BaseModel):
    ways: list[WayIn]
