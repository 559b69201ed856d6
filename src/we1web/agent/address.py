"""The addresses of a coordinator, from the one a person types."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from we1web.protocol.errors import We1webError

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


class AddressError(We1webError):
    """What was given as the coordinator's address is none."""

    code = "bad_address"
    hint = "give the coordinator's address, for example https://we1web.example or http://localhost:8080"


@dataclass(frozen=True)
class Address:
    http: str
    """Base of the HTTP API, without a slash at the end."""
    websocket: str


def parse(url: str) -> Address:
    """Takes http, https, ws and wss addresses, with or without /ws at the end. Raises AddressError."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise AddressError(f"{url!r} is not an address: {error}") from None
    if parts.scheme not in _SCHEMES or not parts.hostname or not port_is_fine:
        raise AddressError(f"{url!r} is not the address of a coordinator")
    ws_scheme = _SCHEMES[parts.scheme]
    path = parts.path.rstrip("/").removesuffix("/ws")
    http_scheme = "https" if ws_scheme == "wss" else "http"
    return Address(
        urlunsplit((http_scheme, parts.netloc, path, "", "")),
        urlunsplit((ws_scheme, parts.netloc, f"{path}/ws", "", "")),
    )
