"""What HTTP says about where contributors are paid to, as pydantic models. No logic."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from we1web.coordinator.schemas import Request

Text = r"^[^\x00-\x1f\x7f]+$"


class PayoutAccountOrder(Request):
    rail: Literal["stripe", "manual"]
    country: Annotated[
        str, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2: where the owner and the bank account are.")
    ]
    currency: Annotated[str, Field(pattern="^[a-z]{3}$", description="In which the bank account is kept.")]
    iban: Annotated[str | None, Field(max_length=64, pattern=Text, description="For the rail manual only.")] = None
    holder: Annotated[str, Field(max_length=70, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class PayoutAccount(BaseModel):
    id: UUID
    rail: str
    country: str
    currency: str
    holder: str
    destination: Annotated[str, Field(description="The end of the account's number, as far as it is shown.")]
    status: Annotated[str, Field(description="pending, active, restricted or closed.")]
    wants: Annotated[list[str], Field(description="What the rail still wants, in its codes.")]
    created_at: datetime
    checked_at: datetime | None
    url: Annotated[
        str | None, Field(description="Where its owner goes on at Stripe; good for a few minutes. In answers to POST.")
    ] = None


class PayoutRails(BaseModel):
    """What this network can pay through."""

    stripe: bool
    manual: bool


class PayoutAccounts(BaseModel):
    rails: PayoutRails
    items: list[PayoutAccount]
