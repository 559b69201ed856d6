"""What the operator's report of money looks like. Amounts are micro-units. No logic."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field


class CurrencyMoney(BaseModel):
    """One currency. What is owed to people is positive; what is held for us, or was spent, is positive too."""

    currency: str
    came_in_micros: Annotated[int, Field(description="Paid in through rails, since the beginning.")]
    refunded_micros: Annotated[int, Field(description="Of it, sent back to the payers or on its way.")]
    disputed_micros: Annotated[int, Field(description="Of it, taken back by the payers' banks.")]
    paid_out_micros: Annotated[int, Field(description="Paid to contributors through rails, since the beginning.")]
    wallets_micros: int
    held_micros: Annotated[int, Field(description="Held for jobs that have not ended.")]
    earnings_micros: int
    pools_micros: int
    debts_micros: Annotated[int, Field(description="What users owe after payments were taken back.")]
    in_flight_micros: Annotated[int, Field(description="Payouts and refunds on their way to a rail.")]
    fees_micros: int
    costs_micros: Annotated[int, Field(description="What rails charged us.")]
    outside_micros: Annotated[int, Field(description="What a bank of ours must hold; negative: more went than came.")]
    at_rails_micros: Annotated[dict[str, int], Field(description="What each rail holds for us, by our books.")]
    position_micros: Annotated[
        int, Field(description="The platform's position from exchanging for others; negative: it has promised more.")
    ]
    position_value_micros: Annotated[
        int | None, Field(description="The position in the network's currency; null without a rate that is fresh.")
    ]
    rate_day: date | None
    rounding_micros: int


class RailCheck(BaseModel):
    """The last comparison of a rail's movements with our books."""

    rail: str
    currency: str
    checked_at: datetime
    rail_micros: int
    clearing_micros: int
    difference_micros: Annotated[int, Field(description="0, or somebody should look.")]
    unexplained: int
    differs_since: Annotated[
        datetime | None,
        Field(description="When a check first found a difference or an unexplained movement that is there still."),
    ]


class RailMovement(BaseModel):
    """A movement at a rail that no posting explains."""

    rail: str
    id: str
    currency: str
    amount_micros: int
    fee_micros: int
    net_micros: int
    type: str
    source: str
    at: datetime


class WaitingNotice(BaseModel):
    """What a rail told us and was not worked through yet."""

    rail: str
    id: str
    type: str
    received_at: datetime
    attempts: int
    next_attempt_at: datetime
    error: str


class MoneyReport(BaseModel):
    network_currency: str
    currencies: list[CurrencyMoney]
    checks: list[RailCheck]
    notices_waiting: int
    notices: Annotated[list[WaitingNotice], Field(description="The first of them, failed ones before the others.")]
    unexplained: Annotated[list[RailMovement], Field(description="The oldest movements that nothing explains.")]
