"""Bytes to messages and back: msgpack arrays, or JSON for those who ask, within hard size limits."""

import msgspec

from we1web.protocol.errors import FrameError
from we1web.protocol.limits import MAX_FRAME_BYTES
from we1web.protocol.messages import ClientMessage, ServerMessage

_client_msgpack: msgspec.msgpack.Decoder[ClientMessage] = msgspec.msgpack.Decoder(ClientMessage)
_server_msgpack: msgspec.msgpack.Decoder[ServerMessage] = msgspec.msgpack.Decoder(ServerMessage)
_client_json: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)
_server_json: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)

encode = msgspec.msgpack.Encoder().encode
"""Message to msgpack bytes."""
encode_json = msgspec.json.Encoder().encode
"""Message to JSON bytes (bytes fields become base64)."""


def decode_client(frame: bytes | str) -> ClientMessage:
    """Decodes what a node or requester sent: text frames are JSON, binary ones msgpack. Raises FrameError."""
    _check_size(frame)
    try:
        return _client_json.decode(frame) if isinstance(frame, str) else _client_msgpack.decode(frame)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _refusal(error) from None


def decode_server(frame: bytes | str) -> ServerMessage:
    """Decodes what the coordinator sent. Raises FrameError."""
    _check_size(frame)
    try:
        return _server_json.decode(frame) if isinstance(frame, str) else _server_msgpack.decode(frame)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _refusal(error) from None


def _check_size(frame: bytes | str) -> None:
    if len(frame) > MAX_FRAME_BYTES:
        raise FrameError(
            f"frame of {len(frame)} bytes; the limit is {MAX_FRAME_BYTES}",
            code="frame_too_large",
            hint="send fewer reports a frame, and values above 64 KiB as blobs",
        )


def _refusal(error: Exception) -> FrameError:
    return FrameError(f"frame refused: {str(error)[:200]}", hint="see spec/protocol.md for the message types")
