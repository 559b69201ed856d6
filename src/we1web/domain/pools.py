"""Pools: contributors who share what their votes earn. Who may do what, what is shared, and how a pot is split.

Pure; amounts in micro-units. It must never decide whose votes a pool shares: a settlement reads who is a member.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar

MAX_COMMISSION_BPS = 5_000
"""Half: nobody shall work for a pool more than for themselves."""
MAX_MEMBERS = 10_000
NOTICE_S = 86_400
"""A change that may cost members something waits so long; they can leave before."""

M = TypeVar("M")


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    MEMBER = "member"


class Right(StrEnum):
    SEE_AMOUNTS = "see_amounts"
    """What the pool earned, and what its treasury holds."""
    RENEW_KEY = "renew_key"
    REMOVE_MEMBER = "remove_member"
    REMOVE_MANAGER = "remove_manager"
    SET_ROLES = "set_roles"
    SET_TERMS = "set_terms"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    LEAVE = "leave"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right) - {Right.LEAVE},
    Role.MANAGER: frozenset({Right.SEE_AMOUNTS, Right.RENEW_KEY, Right.REMOVE_MEMBER, Right.LEAVE}),
    Role.MEMBER: frozenset({Right.LEAVE}),
}
"""The owner hands the pool over or closes it instead of leaving. Nobody removes an owner."""
REMOVAL: dict[Role, Right] = {Role.MEMBER: Right.REMOVE_MEMBER, Role.MANAGER: Right.REMOVE_MANAGER}
"""What it takes to remove somebody of a role."""


def may(role: Role, right: Right) -> bool:
    """Whether somebody of this role may do that."""
    return right in RIGHTS[role]


class Split(StrEnum):
    """Whose the rest is, after the commission."""

    CONTRIBUTION = "contribution"
    """Whoever earned it."""
    EQUAL = "equal"
    """The pot's, of which all members get the same."""


class Terms(NamedTuple):
    """A pool's rule."""

    commission_bps: int
    split: Split


class Share(NamedTuple):
    """Where a reward goes; the three sum to it."""

    commission: int
    member: int
    pooled: int

    def less(self, before: "Share") -> "Share":
        """What came after `before`, of the same member and terms."""
        return Share(*(now - then for now, then in zip(self, before, strict=True)))


def share(reward: int, terms: Terms) -> Share:
    """What becomes of a member's reward; rounding favours the members."""
    commission = reward * terms.commission_bps // 10_000
    rest = reward - commission
    return Share(commission, 0, rest) if terms.split is Split.EQUAL else Share(commission, rest, 0)


class Change(NamedTuple):
    """What a wish for other terms comes to."""

    now: Terms
    later: Terms | None
    """After NOTICE_S; None: nothing more will change."""


def change(terms: Terms, wanted: Terms) -> Change:
    """A commission falls at once; its rise, and another split, wait. A new wish replaces whatever waited before."""
    now = Terms(min(terms.commission_bps, wanted.commission_bps), terms.split)
    return Change(now, None if now == wanted else wanted)


def split(pot: int, members: Sequence[M], turn: int) -> tuple[dict[M, int], int]:
    """Equal parts of a pot, those of nothing left out, and the next turn.

    What cannot be divided goes to one after the other, from `turn` on: over time to everybody equally often.
    """
    each, rest = divmod(pot, len(members))
    extra = {(turn + place) % len(members) for place in range(rest)}
    parts = {member: each + (place in extra) for place, member in enumerate(members)}
    return {member: part for member, part in parts.items() if part}, (turn + rest) % len(members)
