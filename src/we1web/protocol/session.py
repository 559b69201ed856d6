"""The conversation between a node and the coordinator, sans-IO: see server_session.py for the coordinator's side."""

from we1web.protocol.server_session import ServerSession, close_code, refusal

__all__ = ["ServerSession", "close_code", "refusal"]
