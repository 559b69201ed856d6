"""One job's live events over the WebSocket: says hello, subscribes, yields what comes. One connection, no retries."""

from collections.abc import AsyncIterator, Awaitable, Callable

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from we1web import __version__
from we1web.protocol.codec import decode_server, encode
from we1web.protocol.errors import We1webError
from we1web.protocol.limits import MAX_FRAME_BYTES, SUBPROTOCOL_MSGPACK, VERSION
from we1web.protocol.messages import Completed, ErrorMessage, Hello, JobProgress, ServerMessage, Subscribe, Welcome
from we1web.sdk.errors import ApiError, NotAllowed, NotAuthenticated, NotFound

OPEN_S = 10.0
Event = Completed | JobProgress
_FINAL: dict[str, type[ApiError]] = {
    "token_missing": NotAuthenticated,
    "token_invalid": NotAuthenticated,
    "token_expired": NotAuthenticated,
    "token_revoked": NotAuthenticated,
    "scope_missing": NotAllowed,
    "not_found": NotFound,
}
"""Refusals that no new connection changes."""


class Disconnected(We1webError):
    """The link broke, or never came up. Results are not lost: subscribe again, or read them over HTTP."""

    code = "disconnected"
    retryable = True


async def events(url: str, token: Callable[[], Awaitable[str]], job: str) -> AsyncIterator[Event]:
    """The events of one job until the link breaks. Raises Disconnected, and ApiError where trying again is useless."""
    try:
        async with connect(
            url,
            subprotocols=[SUBPROTOCOL_MSGPACK],  # type: ignore[list-item]
            max_size=2 * MAX_FRAME_BYTES,
            open_timeout=OPEN_S,
            compression=None,
        ) as socket:
            await socket.send(encode(Hello([VERSION], await token(), f"we1web-sdk/{__version__}")))
            _expect_welcome(decode_server(await socket.recv()))
            await socket.send(encode(Subscribe(job)))
            async for frame in socket:
                message = decode_server(frame)
                _refuse_errors(message)
                if isinstance(message, Completed | JobProgress) and message.job == job:
                    yield message
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed) as error:
        raise Disconnected(f"{url}: {error or type(error).__name__}") from None
    raise Disconnected(f"{url} closed the connection")


def _expect_welcome(message: ServerMessage) -> None:
    _refuse_errors(message)
    if not isinstance(message, Welcome):
        raise Disconnected("the coordinator answered a hello with something else")


def _refuse_errors(message: ServerMessage) -> None:
    if isinstance(message, ErrorMessage):
        kind = _FINAL.get(message.code)
        if kind is not None:
            raise kind(message.message, code=message.code, hint=message.hint)
        raise Disconnected(f"{message.code}: {message.message}")
