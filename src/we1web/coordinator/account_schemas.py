"""What HTTP requests and answers about a person's account look like, as pydantic models. No logic."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from we1web.coordinator.schemas import Entry, Request

MAX_PREFERENCES_BYTES = 16 << 10


class PreferencesOrder(Request):
    version: Annotated[int, Field(ge=0, le=(1 << 31) - 2, description="Of the document this one follows; 0: none.")]
    document: Annotated[dict[str, Any], Field(description="At most 16 KiB of JSON.")]


class Preferences(BaseModel):
    """A document of the person's own choosing: we keep it and do not read it."""

    version: int
    document: dict[str, Any]
    updated_at: datetime | None


class LoginSession(BaseModel):
    id: UUID
    created_at: datetime
    last_used_at: Annotated[datetime, Field(description="When it was refreshed last: to the hour.")]
    user_agent: Annotated[str, Field(description="What the client called itself when it logged in; may be empty.")]
    current: Annotated[bool, Field(description="The one this request was made with.")]


class LoginSessions(BaseModel):
    items: list[LoginSession]


class AccountChange(Request):
    display_name: Annotated[Entry, Field(description="The public name; empty: none.")]


class AccountView(BaseModel):
    id: UUID
    email: str
    display_name: str | None
