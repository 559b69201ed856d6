"""Submissions of tasks and pages of results: the two bodies large enough to be worth msgpack, read with msgspec.

JSON and msgpack share one definition; bytes are base64 in JSON and raw in msgpack.
"""

from typing import Annotated, Any

import msgspec
from fastapi import Request
from msgspec import Meta
from starlette.responses import Response

from we1web.coordinator.actions.add_tasks import TaskBatch
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import MAX_ARGUMENTS, MAX_SEQUENCE

MSGPACK = "application/msgpack"
JSON = "application/json"


class Submission(msgspec.Struct, forbid_unknown_fields=True):
    sequence: Annotated[int, Meta(ge=0, le=MAX_SEQUENCE)]
    arguments: Annotated[list[bytes], Meta(min_length=1, max_length=MAX_ARGUMENTS)]
    complete: bool = False


_json = msgspec.json.Decoder(Submission)
_msgpack = msgspec.msgpack.Decoder(Submission)


async def read(request: Request) -> TaskBatch:
    """The submission in the body, by its Content-Type. Raises Refusal."""
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind not in (JSON, MSGPACK):
        raise Refusal(f"send {JSON} or {MSGPACK}", code="unsupported_media_type", hint="set Content-Type")
    body = await request.body()
    try:
        sent = (_msgpack if kind == MSGPACK else _json).decode(body)
    except msgspec.ValidationError as error:
        raise Refusal(str(error)[:300], code="invalid_request", hint="see /openapi.json") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(f"the body is not {kind}", code="bad_body", hint="see /openapi.json") from None
    return TaskBatch(sent.sequence, sent.arguments, sent.complete)


def answer(request: Request, value: object) -> Response:
    """A value as msgpack for those who accept it, else as JSON."""
    if MSGPACK in request.headers.get("accept", ""):
        return Response(msgspec.msgpack.encode(value), media_type=MSGPACK)
    return Response(msgspec.json.encode(value), media_type=JSON)


def described() -> dict[str, Any]:
    """The OpenAPI request body of a submission."""
    base64 = {"type": "string", "contentEncoding": "base64", "format": "byte"}
    properties = {
        "sequence": {"type": "integer", "minimum": 0, "maximum": MAX_SEQUENCE},
        "arguments": {"type": "array", "items": base64, "minItems": 1, "maxItems": MAX_ARGUMENTS},
        "complete": {"type": "boolean", "default": False},
    }
    schema = {
        "type": "object",
        "properties": properties,
        "required": ["sequence", "arguments"],
        "additionalProperties": False,
    }
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}
