"""What HTTP requests and answers about exchanging money look like. Amounts are micro-units. No logic."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from we1web.coordinator.funding_schemas import Amount, CurrencyCode
from we1web.coordinator.schemas import Request

ExchangedAccount = Literal["wallet", "earnings"]


class ExchangeOrder(Request):
    account: ExchangedAccount
    source_currency: CurrencyCode
    target_currency: CurrencyCode
    amount_micros: Amount
    least_micros: Annotated[
        int, Field(ge=0, description="Refused when less would come out: the rate may be another one than was quoted.")
    ] = 0


class Exchange(BaseModel):
    """What becomes of an amount: quoted, or done."""

    account: ExchangedAccount
    source_currency: str
    target_currency: str
    amount_micros: int
    received_micros: Annotated[int, Field(description="Rounded down to a micro-unit.")]
    margin_micros: Annotated[int, Field(description="What the operator kept, in the target currency.")]
    margin_bps: Annotated[int, Field(description="The same as a share, in hundredths of a per cent.")]
    rate: Annotated[str, Field(description="What one unit of the source currency is worth in the target currency.")]
    rate_day: date


class ExchangePair(BaseModel):
    source_currency: str
    target_currency: str


class ExchangePairs(BaseModel):
    """What can be exchanged now: pairs of currencies with a rate that is not too old."""

    pairs: list[ExchangePair]
