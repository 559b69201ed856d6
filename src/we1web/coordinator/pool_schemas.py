"""What HTTP requests and answers about pools look like, as pydantic models. Amounts are micro-units. No logic."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from we1web.coordinator.schemas import Page, Request
from we1web.domain.money import MAX_MICROS
from we1web.domain.pools import MAX_COMMISSION_BPS, Role, Split

_HIDDEN = r"\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
"""Characters that nobody sees, inside a character class."""
Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=rf"^[^\s{_HIDDEN}]([^{_HIDDEN}]*[^\s{_HIDDEN}])?$",
        description="Unique, in capitals or not; no blanks around it and nothing invisible in it.",
    ),
]
Commission = Annotated[
    int,
    Field(ge=0, le=MAX_COMMISSION_BPS, description="The treasury's part of what members' votes earn, in 1/100 %."),
]
HowToSplit = Annotated[
    Split,
    Field(
        description="Whose the rest is. contribution: whoever earned it, at once. equal: it goes into the pot, of which"
        " all members of that time get the same, every hour and before anybody joins or leaves."
    ),
]


class PoolTerms(Request):
    commission_bps: Commission
    split: HowToSplit


class PoolOrder(PoolTerms):
    name: Name


class JoinOrder(Request):
    key: Annotated[str, Field(min_length=1, max_length=100, description="`we1pool_...`, from one of its managers.")]


class RoleOrder(Request):
    role: Annotated[Role, Field(description="owner: the pool is theirs then, and the caller a manager.")]


class Withdrawal(Request):
    amount_micros: Annotated[
        int | None, Field(ge=1, le=MAX_MICROS, description="Without it, all that the treasury holds.")
    ] = None
    currency: Annotated[str | None, Field(pattern="^[a-z]{3}$")] = None


class Withdrawn(BaseModel):
    currency: str
    amount_micros: int


class AnnouncedTerms(BaseModel):
    """Terms that are not in force yet: members may leave before."""

    commission_bps: int
    split: Split
    at: datetime


class PoolMoney(BaseModel):
    """A pool's figures in one currency."""

    currency: str
    earned_micros: Annotated[int, Field(description="What the members' votes earned since it began.")]
    commission_micros: Annotated[int, Field(description="Of that, what went to the treasury.")]
    pooled_micros: Annotated[int, Field(description="Of that, what went into the pot.")]
    treasury_micros: Annotated[int, Field(description="What the treasury holds now.")]
    pot_micros: Annotated[int, Field(description="What waits in the pot now.")]


class Pool(BaseModel):
    id: UUID
    name: str
    commission_bps: int
    split: Split
    announced: AnnouncedTerms | None
    members: int
    my_role: Role
    votes: Annotated[int, Field(description="Votes of its members that agreed and were paid.")]
    open: Annotated[bool, Field(description="There is a key to join with.")]
    created_at: datetime
    money: Annotated[list[PoolMoney] | None, Field(description="For its owner and managers only.")]


class MyPool(BaseModel):
    pool: Annotated[Pool | None, Field(description="null: in no pool.")]


class NewKey(BaseModel):
    key: Annotated[str, Field(description="Shown this once: whoever has it can join.")]


class NewPool(NewKey):
    pool: Pool


class PoolMember(BaseModel):
    """A member as the others see them."""

    user_id: UUID
    name: str
    role: Role
    joined_at: datetime


class PoolMembers(Page):
    items: list[PoolMember]
