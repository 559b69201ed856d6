"""Where the coordinator is and who we are: arguments first, then the environment, then what `we1web login` stored.

The one module of the SDK that reads the environment. Files with secrets are readable by their owner only.
"""

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import platformdirs

from we1web.protocol.errors import We1webError

DEFAULT_URL = "http://127.0.0.1:8080"


class AddressError(We1webError):
    """What was given as the coordinator's address is none."""

    code = "bad_address"
    hint = "give the coordinator's address, for example https://we1web.example or http://localhost:8080"


class Address(NamedTuple):
    """One coordinator, as HTTP and as WebSocket."""

    http: str
    websocket: str


def address(url: str) -> Address:
    """The addresses behind what a person types. Raises AddressError."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        _ = parts.port
    except ValueError:
        raise AddressError(f"{url!r} is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressError(f"{url!r} is not the address of a coordinator")
    path = parts.path.rstrip("/").removesuffix("/ws")
    scheme = "wss" if parts.scheme == "https" else "ws"
    http = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return Address(http, urlunsplit((scheme, parts.netloc, f"{path}/ws", "", "")))


def url_from_environment() -> str | None:
    return os.environ.get("WE1WEB_URL") or None


def token_from_environment() -> str | None:
    return os.environ.get("WE1WEB_TOKEN") or None


def environment_of(token: str) -> dict[str, str]:
    """The environment for a process of ours that acts with this token: no argument list shows it."""
    return {**os.environ, "WE1WEB_TOKEN": token}


def config_dir() -> Path:
    """The folder of the user's own settings."""
    return platformdirs.user_config_path("we1web")
