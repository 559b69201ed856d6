"""HTTP clients of servers on this machine. Ordinary ones load the certificates of the world first: 0.1 s each."""

import ssl
from typing import Any

import httpx2

_TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def local_client(url: str = "", **options: Any) -> httpx2.AsyncClient:
    """A client for plain HTTP; `options` are those of httpx2."""
    return httpx2.AsyncClient(base_url=url, verify=_TRUSTS_NOBODY, **options)
