"""Payloads as people can read them: JSON where it says the same, text of a WebAssembly module, else bytes.

What it reads may come from strangers: it decodes plain values and nothing else, and never more than SHOWN_BYTES.
"""

import math
from base64 import b64encode
from typing import Any, NamedTuple

import msgpack

from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import Preview, TaskError
from we1web.coordinator.services import Services
from we1web.protocol import outcome, values

PREVIEW_BYTES = 4 << 10
VALUE_BYTES = 16 << 10
SHOWN_BYTES = 1 << 20
"""Larger values are shown by nobody: they are downloaded one by one."""
MESSAGE_CHARS = 300


class Shown(NamedTuple):
    """A value; or why there is none to show, with the bytes in its place."""

    value: Any = None
    raw: bytes | None = None
    note: str = ""


class _NotJson(ValueError):
    """JSON has no word for it."""


def read(runtime: str, payload: bytes) -> Shown:
    """What an argument or a result of this runtime is."""
    if len(payload) > SHOWN_BYTES:
        return Shown(note=f"{len(payload)} bytes are too many to show")
    try:
        return Shown(payload.decode() if runtime == "wasm" else plain(values.loads(payload)))
    except UnicodeDecodeError:
        return Shown(raw=payload, note="no text")
    except _NotJson as error:
        return Shown(raw=payload, note=f"JSON has no {error}")
    except values.CodecError:
        return Shown(raw=payload, note="no plain value")


def plain(value: Any) -> Any:
    """The value as JSON says it; tuples become lists. Raises _NotJson for what would not be the same."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: plain(item) for key, item in value.items()}
    raise _NotJson(type(value).__name__)


async def read_result(services: Services, runtime: str, encoded: bytes) -> tuple[Shown, int]:
    """The value of an outcome, wherever its bytes are, and how many there are."""
    shown, content = await _content(services, encoded)
    if content is None:
        return shown, (outcome.blob_of(encoded) or (b"", 0))[1]
    payload = outcome.payload(content)
    return read(runtime, payload), len(payload)


async def result(services: Services, runtime: str, encoded: bytes) -> Preview:
    """A value for a page."""
    return _preview(*await read_result(services, runtime, encoded))


async def argument(services: Services, runtime: str, encoded: bytes) -> Preview:
    """An argument for a page. Unlike an outcome's, its blob holds nothing but the payload."""
    shown, content = await _content(services, encoded)
    if content is None:
        return _preview(shown, (outcome.blob_of(encoded) or (b"", 0))[1])
    payload = content[1:] if content is encoded else content
    return _preview(read(runtime, payload), len(payload))


async def _content(services: Services, encoded: bytes) -> tuple[Shown, bytes | None]:
    """What is encoded, whole; or why it is not shown."""
    named = outcome.blob_of(encoded)
    if named is None:
        return Shown(), encoded
    digest, size = named
    if size > SHOWN_BYTES:
        return Shown(note=f"{size} bytes are too many to show"), None
    try:
        return Shown(), await services.blobs.read(digest)
    except Refusal:
        return Shown(note="its bytes are not here any more"), None


def _preview(shown: Shown, size: int) -> Preview:
    """A short value whole; of anything else its first bytes."""
    if shown.note:
        begin = shown.raw[:PREVIEW_BYTES] if shown.raw else b""
        return Preview(size=size, base64=b64encode(begin).decode() or None, note=shown.note)
    if size > VALUE_BYTES:
        return Preview(size=size, note="too long to show here")
    return Preview(size=size, value=shown.value)


def error_head(encoded: bytes) -> TaskError:
    """Type and message of an outcome without a value, of which perhaps only the beginning is at hand."""
    if encoded[:1] == bytes([outcome.NONE]):
        code = encoded[1:].decode("ascii", "replace")
        return TaskError(type=code, message="no node could finish this task", traceback="")
    kind, message = "", ""
    reader = msgpack.Unpacker(raw=False, unicode_errors="replace")
    reader.feed(encoded[outcome.HEADER_BYTES :])
    try:
        reader.read_array_header()
        kind = str(reader.unpack())
        message = str(reader.unpack())
    except (ValueError, msgpack.UnpackException):
        pass
    return TaskError(type=kind or "Error", message=message[:MESSAGE_CHARS], traceback="")
