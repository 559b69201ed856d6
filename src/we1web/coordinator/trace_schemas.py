"""What HTTP answers about one ledger transaction: its entries, its cause, and the votes behind it. No logic."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from we1web.coordinator.schemas import Page, Vote
from we1web.domain.pools import Split


class TraceEntry(BaseModel):
    """An entry in one of the caller's accounts. There is none in a settlement whose pay went into a pot altogether."""

    account: Annotated[str, Field(description="wallet, earnings, escrow (what a job holds) or debt.")]
    currency: str
    amount_micros: int


class TraceCounterpart(BaseModel):
    """The entries in accounts of others, together: by kind only."""

    account: Annotated[
        str, Field(description="For instance fees (the platform's), earnings, escrow, in_flight, world.")
    ]
    currency: str
    accounts: int
    amount_micros: int


class TraceActor(BaseModel):
    kind: Annotated[
        Literal["unknown", "user", "operator", "market", "rail", "loop"],
        Field(description="Who moved the money; market: the settlement of votes. unknown: from before it was kept."),
    ]
    id: Annotated[str | None, Field(description="Of another person it is not told.")]
    cause: Annotated[str, Field(description="What made them do it.")]


class TraceTask(BaseModel):
    """One task behind a settlement, with the votes that the caller may see: all in a job of theirs, else their own."""

    id: str
    index: int
    state: Literal["verified", "failed", "cancelled"]
    flush: Annotated[int, Field(description="The journal's write that made it durable.")]
    digest: Annotated[str | None, Field(description="SHA-256 of the accepted outcome.")]
    agreed: Annotated[int, Field(description="How many of all its votes agreed.")]
    votes: list[Vote]
    paid: Annotated[int, Field(description="How many of the shown votes this settlement paid.")]
    fast: Annotated[int, Field(description="How many of these with the bonus.")]
    surplus: Annotated[bool, Field(description="Right votes that came after the task had ended: asked for, so paid.")]
    amount_micros: Annotated[int, Field(description="What the shown votes moved in the caller's account.")]


class TraceShare(BaseModel):
    """What the caller's pool took of what the votes come to, on the terms of that moment."""

    name: str
    commission_bps: int
    split: Split
    commission_micros: int
    pooled_micros: Annotated[int, Field(description="It went into the pot, to be split equally.")]


class TraceSettlement(BaseModel):
    """The votes that a settlement paid. votes × per_vote_micros + fast × per_bonus_micros is what they come to; that,
    less a pool's share, is the caller's entry."""

    job: UUID
    job_name: str
    role: Annotated[
        Literal["contributor", "requester"],
        Field(description="Whose eyes: a contributor's own votes, or all votes of a requester's job."),
    ]
    flush: Annotated[int, Field(description="The last of the journal's writes that it covers.")]
    votes: Annotated[int, Field(description="Paid votes behind the caller's entry, on all pages together.")]
    fast: Annotated[int, Field(description="How many of them came in time for the job's bonus.")]
    per_vote_micros: Annotated[int, Field(description="What a contributor earns, or a requester pays, for one.")]
    per_bonus_micros: Annotated[int, Field(description="The same for the bonus of one.")]
    amount_micros: Annotated[int, Field(description="What the votes come to.")]
    share: Annotated[TraceShare | None, Field(description="null: the caller was in no pool.")]
    tasks: list[TraceTask]


class TracePooled(BaseModel):
    """One settlement whose pay for the caller's votes filled the pot."""

    transaction_id: Annotated[int, Field(description="Of the settlement: its trace leads to the votes.")]
    at: datetime
    job: UUID
    job_name: str
    votes: int
    gross_micros: Annotated[int, Field(description="What the votes earned.")]
    commission_micros: int
    pooled_micros: Annotated[int, Field(description="What of it went into the pot.")]


class TraceDistribution(BaseModel):
    """A pool's pot that was split: since the split before, members' votes had filled it."""

    name: str
    members: Annotated[int, Field(description="Among how many it was split.")]
    votes: Annotated[int, Field(description="Of all members.")]
    own: Annotated[list[TracePooled], Field(description="The caller's part of what filled it, by settlement.")]


class TraceSubject(BaseModel):
    """The payout, funding or refund that a transaction is a step of."""

    kind: Literal["payout", "funding", "refund"]
    id: UUID
    rail: str
    currency: str
    amount_micros: int
    fee_micros: int
    state: str
    at: datetime


class Trace(Page):
    """One transaction of the ledger, opened up."""

    transaction_id: int
    key: str
    kind: str
    at: datetime
    memo: str
    actor: TraceActor
    entries: list[TraceEntry]
    counterparts: list[TraceCounterpart]
    job: UUID | None
    job_name: str | None
    settlement: TraceSettlement | None
    distribution: TraceDistribution | None
    subject: TraceSubject | None
