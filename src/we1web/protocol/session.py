"""The conversation between a node and the coordinator, sans-IO: one import for both ends of it.

The node's side is node_session.py, the coordinator's server_session.py, the rules are spec/protocol.md.
"""

from we1web.protocol.node_session import NodeSession, NodeState
from we1web.protocol.server_session import ServerSession, ServerState, close_code, refusal

__all__ = ["NodeSession", "NodeState", "ServerSession", "ServerState", "close_code", "refusal"]
