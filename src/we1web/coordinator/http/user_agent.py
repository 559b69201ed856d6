"""What a client calls itself, fit to be stored and shown. It proves nothing."""

from fastapi import Request

MAX_CHARS = 300


def of(request: Request) -> str:
    """The User-Agent header, without what cannot be printed, and not longer than anybody reads."""
    return "".join(filter(str.isprintable, request.headers.get("user-agent", "")))[:MAX_CHARS]
