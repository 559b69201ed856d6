"""WE1WEB: one computer out of the devices people already own, with checked results and paid contributors."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from we1web.sdk.async_client import AsyncClient
    from we1web.sdk.client import Client, MapJob
    from we1web.sdk.errors import ApiError, RemoteError, TaskFailed
    from we1web.sdk.refusals import CannotShip
    from we1web.sdk.results import Result

__version__ = "0.1.0"
__all__ = ["ApiError", "AsyncClient", "CannotShip", "Client", "MapJob", "RemoteError", "Result", "TaskFailed"]

_HOMES = {
    "AsyncClient": "we1web.sdk.async_client",
    "Client": "we1web.sdk.client",
    "MapJob": "we1web.sdk.client",
    "ApiError": "we1web.sdk.errors",
    "RemoteError": "we1web.sdk.errors",
    "TaskFailed": "we1web.sdk.errors",
    "CannotShip": "we1web.sdk.refusals",
    "Result": "we1web.sdk.results",
}


def __getattr__(name: str) -> Any:
    """The requester's names, loaded when they are first used: the command line and the node must start fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'we1web' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
