"""The web app on the coordinator's port: files, and one page for every route of the app. No database, no session.

It stands before the API and its limits: loading a page must not use up somebody's requests. It has a limit of its own.
"""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from we1web.coordinator.http.middleware import Context, peer_key, too_many
from we1web.coordinator.http.rates import Allowance, Buckets
from we1web.coordinator.http.site_files import IDENTITY, File, Form, Headers, Site

NO_PAGES = frozenset(
    {"api", "auth", "ws", "livez", "readyz", "metrics", "openapi.json", "assets", "runtime", "sandbox"}
)
"""First segments of paths that are never a route of the app: what is not there is a 404, not a page."""
PIECE_BYTES = 256 << 10
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_ABOUT_THE_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})


@dataclass(frozen=True)
class _Route:
    """All of the site counts as one route in the metrics: there are too many files for one each."""

    path: str = "site"


class SiteFiles:
    """ASGI layer: answers what is the site's, hands on everything else."""

    def __init__(self, app: ASGIApp, site: Site, context: Context):
        self._app = app
        self._site = site
        self._context = context
        self._buckets = Buckets(context.config.rate_site_per_s, context.config.rate_site_burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self._find(scope)
        if file is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = _Route()
        allowance = self._buckets.take(peer_key(scope), self._context.clock.monotonic())
        if allowance.granted:
            await _answer(file, scope, send)
        else:
            await self._refuse(allowance, scope, receive, send)

    def _find(self, scope: Scope) -> File | None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        path = scope["path"]
        found = self._site.files.get(path)
        if found is None and path.lstrip("/").partition("/")[0] not in NO_PAGES and _wants_a_page(scope):
            return self._site.page
        return found

    async def _refuse(self, allowance: Allowance, scope: Scope, receive: Receive, send: Send) -> None:
        self._context.metrics.limited.labels("site").inc()
        scope.setdefault("state", {})["allowance"] = allowance
        await too_many(allowance)(scope, receive, send)


async def _answer(file: File, scope: Scope, send: Send) -> None:
    form = file.forms[choose(header(scope, b"accept-encoding"), file.forms)]
    if form.etag and is_held(header(scope, b"if-none-match"), form.etag):
        kept = [(name, value) for name, value in form.headers if name not in _ABOUT_THE_BODY]
        await _send_whole(304, kept, b"", send)
    elif scope["method"] == "HEAD":
        await _send_whole(file.status, form.headers, b"", send)
    elif isinstance(form.content, Path):
        await _send_from_disk(form, form.content, send)
    else:
        await _send_whole(file.status, form.headers, form.content, send)


async def _send_whole(status: int, headers: Headers, body: bytes, send: Send) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _send_from_disk(form: Form, path: Path, send: Send) -> None:
    """Piece by piece, as fast as the client reads. A file that is gone is known before the answer begins."""
    with await asyncio.to_thread(path.open, "rb") as file:
        await send({"type": "http.response.start", "status": 200, "headers": form.headers})
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def header(scope: Scope, name: bytes) -> str:
    """All values of a header as one list, as HTTP says they may be joined."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def choose(accepted: str, offered: dict[str, Form]) -> str:
    """The content coding the client likes best; ours of several it likes the same. `offered` is in our order.

    Not to encode is always possible, even where it is refused: better than no answer.
    """
    wishes = qualities(accepted)
    liked = {coding: wishes.get(coding, wishes.get("*", 0.0)) for coding in offered}
    liked[IDENTITY] = max(wishes.get(IDENTITY, 0.0), 1e-6)
    return max(offered, key=lambda coding: liked[coding])


def qualities(accepted: str) -> dict[str, float]:
    """`br;q=0.5, gzip` → {"br": 0.5, "gzip": 1.0}; what cannot be read counts as not wished for."""
    wishes: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, parameters = part.partition(";")
        if name := name.strip().lower():
            wishes[name] = _quality(parameters)
    return wishes


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
    return 1.0


def is_held(if_none_match: str, etag: str) -> bool:
    """Whether the client's copy is this one."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags


def _wants_a_page(scope: Scope) -> bool:
    """A browser that opens an address says so; a program that asks for a resource does not."""
    return qualities(header(scope, b"accept")).get("text/html", 0.0) > 0
