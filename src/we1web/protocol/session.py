"""The conversation between a node and the coordinator, sans-IO: one import for both ends of it.

The node's side is node_session.py, the coordinator's server_session.py, the rules are spec/protocol.md.
"""

from we1web.protocol.node_session import NodeSession, NodeState
from we1web.protocol.server_session import (
    CLOSE_REPLACED,
    CLOSE_RETIRED,
    ServerSession,
    ServerState,
    close_code,
    refusal,
)

__all__ = [
    "CLOSE_REPLACED",
    "CLOSE_RETIRED",
    "NodeSession",
    "NodeState",
    "ServerSession",
    "ServerState",
    "close_code",
    "refusal",
]
