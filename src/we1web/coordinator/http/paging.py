"""The two query parameters of every page."""

from typing import Annotated

from fastapi import Query

from we1web.coordinator.queries.cursors import MAX_CHARS

MAX_LIMIT = 1_000

Cursor = Annotated[str | None, Query(max_length=MAX_CHARS, description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
