"""One WebSocket connection as the market sees it: what it may say, what it is owed. No event loop, no sockets."""

from collections.abc import Callable
from uuid import UUID

from we1web.engine.state import Node
from we1web.protocol.messages import Refusal, ServerMessage
from we1web.protocol.session import ServerSession, ServerState


class Link:
    """`write` takes a frame and never waits: a peer that does not read is cut by the shell that made the link."""

    __slots__ = (
        "ack",
        "close",
        "is_operator",
        "jobs_sent",
        "node",
        "node_id",
        "node_name",
        "peer",
        "refused",
        "scopes",
        "session",
        "user_id",
        "user_key",
        "write",
    )

    def __init__(
        self,
        session: ServerSession,
        write: Callable[[bytes | str], None],
        close: Callable[[int, str], None],
        peer: str = "",
    ) -> None:
        self.session = session
        self.write = write
        self.close = close
        self.peer = peer
        """Address of the other end."""
        self.user_id: UUID | None = None
        self.user_key = 0
        self.scopes: frozenset[str] = frozenset()
        self.is_operator = False
        self.node: Node | None = None
        self.node_id: UUID | None = None
        self.node_name = ""
        self.ack = 0
        """Sequence number of the last durable task:complete."""
        self.refused: list[Refusal] = []
        """Not yet told."""
        self.jobs_sent: set[int] = set()

    @property
    def listens(self) -> bool:
        """It is a node, or a requester that follows a job: before that a client expects one certain answer."""
        return self.session.state in (ServerState.WORKING, ServerState.DRAINING, ServerState.SUBSCRIBED)

    def send(self, message: ServerMessage) -> None:
        self.write(self.session.encode(message))
