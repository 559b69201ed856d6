"""On whose behalf a database transaction runs. A value; it must never carry a password or a token."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["anon", "authenticated", "service"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: nobody (anon), one user (authenticated, seen through row-level security), or the service itself."""

    user_id: UUID | None
    role: Role

    def __post_init__(self) -> None:
        if (self.role == "authenticated") != (self.user_id is not None):
            raise ValueError("an authenticated principal has a user, the others have none")


SERVICE = Principal(None, "service")
ANON = Principal(None, "anon")


def user(user_id: UUID) -> Principal:
    """The principal of a logged-in user."""
    return Principal(user_id, "authenticated")
