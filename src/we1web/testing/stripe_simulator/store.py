"""Everything the simulated Stripe has written down, by id and by owner, and lists of it in pages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from we1web.testing.stripe_simulator.refusing import invalid, no_such

PLATFORM = "platform"
"""Owner of what belongs to the account whose key is used, not to a connected one."""
DEFAULT_LIMIT = 10
MAX_LIMIT = 100
Body = dict[str, Any]


@dataclass(slots=True)
class Stored:
    """One object as it is answered, and what Stripe knows of it and does not show."""

    body: Body
    owner: str
    number: int
    hidden: dict[str, Any] = field(default_factory=dict)


class Store:
    """Objects in the order they were made."""

    def __init__(self) -> None:
        self._by_id: dict[str, Stored] = {}
        self._by_owner: dict[tuple[str, str], list[Stored]] = {}

    def add(self, owner: str, body: Body, hidden: dict[str, Any]) -> Stored:
        stored = Stored(body, owner, len(self._by_id), hidden)
        self._by_id[body["id"]] = stored
        self._by_owner.setdefault((owner, body["object"]), []).append(stored)
        return stored

    def get(self, id_: str) -> Stored | None:
        return self._by_id.get(id_)

    def find(self, id_: str, owner: str, kind: str, param: str = "id") -> Stored:
        """Raises StripeRefusal when the owner has none of that kind."""
        found = self._by_id.get(id_)
        if found is None or found.owner != owner or found.body["object"] != kind:
            raise no_such(kind, id_[:100], param)
        return found

    def of(self, owner: str, kind: str) -> list[Stored]:
        return self._by_owner.get((owner, kind), [])

    def owners(self, kind: str) -> Iterator[str]:
        yield from (owner for owner, of in list(self._by_owner) if of == kind)

    def page(self, owner: str, kind: str, url: str, parameters: Body, wanted: Callable[[Body], bool]) -> Body:
        """A list as the first version of the interface pages it, newest first. Raises StripeRefusal."""
        limit = limit_of(parameters)
        rows: Iterable[Stored] = (row for row in self.of(owner, kind) if wanted(row.body))
        rows = [row for row in rows if within(row.body["created"], parameters.get("created"))]
        after, before = (self._place(owner, kind, parameters, name) for name in ("starting_after", "ending_before"))
        if after is not None:
            rows = [row for row in rows if row.number < after]
        if before is not None:
            rows = [row for row in rows if row.number > before]
            shown = list(reversed(rows[:limit]))
        else:
            shown = list(reversed(rows[-limit:]))
        return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": [row.body for row in shown]}

    def _place(self, owner: str, kind: str, parameters: Body, name: str) -> int | None:
        return self.find(parameters[name], owner, kind, name).number if name in parameters else None


def limit_of(parameters: Body) -> int:
    """How many rows a page has. Raises StripeRefusal."""
    limit = parameters.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        raise invalid(f"Invalid limit: must be between 1 and {MAX_LIMIT}", "parameter_invalid_integer", "limit")
    return int(limit)


def within(value: Any, range_: Any) -> bool:
    """Whether a moment is the one asked for, or in the range asked for."""
    match range_:
        case None:
            return True
        case dict():
            return (
                ("gt" not in range_ or value > range_["gt"])
                and ("gte" not in range_ or value >= range_["gte"])
                and ("lt" not in range_ or value < range_["lt"])
                and ("lte" not in range_ or value <= range_["lte"])
            )
    return bool(value == range_)
