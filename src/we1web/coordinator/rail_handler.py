"""The contract of what works a rail's notices through: functions in rail_handlers/, by the type of the notice.

A handler must never believe more of a notice than the ids in it: it reads the object from the rail again. Notices come
twice, late, in any order and not at all, so a handler may be called at any time and as often as you like. It opens its
own transactions, none of them around a request to the rail. When it raises, the notice comes again later.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from we1web.coordinator.services import Services
from we1web.domain.ledger import Actor, ActorKind


class Notice(NamedTuple):
    """What a rail told us, as far as it may be believed."""

    rail: str
    id: str
    type: str
    """In the rail's words: `checkout.session.completed`, `v2.core.account.closed`."""
    account: str
    """The connected account it is about; empty when it is about our own."""
    object_id: str
    """The object to read again; empty when it names none."""

    @property
    def actor(self) -> Actor:
        """Who moves money because of it, for the ledger."""
        return Actor(ActorKind.RAIL, self.rail, f"{self.type} {self.id}")


Handler = Callable[[Services, Notice], Awaitable[None]]


def handler_of(type_: str, handlers: Mapping[str, Handler]) -> Handler | None:
    """The one of the longest prefix of the type; None for a type that nobody waits for."""
    fitting = [prefix for prefix in handlers if type_.startswith(prefix)]
    return handlers[max(fitting, key=len)] if fitting else None
