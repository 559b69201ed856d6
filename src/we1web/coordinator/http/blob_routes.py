"""Routes of blobs, named by the SHA-256 of their bytes: put, head, get. Bodies stream; none is held in memory."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import FileResponse

from we1web.coordinator.actions.store_blob import store_blob
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.queries import blobs
from we1web.coordinator.schemas import Blob
from we1web.coordinator.services import Services

router = APIRouter(prefix="/api/blobs", tags=["blobs"])

MEDIA_TYPE = "application/octet-stream"
OCTETS: dict[str, Any] = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
_BODY = {"requestBody": {"required": True, "content": OCTETS}}
DigestPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes, lower-case hex.")]


@router.put("/{digest}", openapi_extra=_BODY)
async def put(request: Request, services: ServicesDep, caller: AnyCaller, digest: DigestPath) -> Blob:
    """Stores the body. Its hash must be the name; putting the same again changes nothing but its age."""
    length = request.headers.get("content-length", "")
    announced_bytes = int(length) if length.isdigit() else 0
    return await store_blob(services, caller, bytes.fromhex(digest), request.stream(), announced_bytes)


@router.head("/{digest}", response_class=Response, responses={200: {"content": {}}})
async def head(services: ServicesDep, caller: AnyCaller, digest: DigestPath) -> Response:
    """Is it here already? Then it need not be uploaded."""
    size = await blobs.present_bytes(services, caller, bytes.fromhex(digest))
    return Response(headers={"Content-Length": str(size)}, media_type=MEDIA_TYPE)


@router.get("/{digest}", response_class=Response, responses={200: {"content": OCTETS}})
async def get(services: ServicesDep, caller: AnyCaller, digest: DigestPath) -> Response:
    """The bytes, for an owner, and for nodes while a living job lists the blob."""
    await blobs.readable_bytes(services, caller, bytes.fromhex(digest))
    return file_of(services, bytes.fromhex(digest))


def file_of(services: Services, digest: bytes) -> Response:
    """A blob's file. Content never changes under its name, so it may be kept for ever."""
    if not services.blobs.has(digest):
        raise blobs.missing()
    headers = {"ETag": f'"{digest.hex()}"', "Cache-Control": "private, max-age=31536000, immutable"}
    return FileResponse(services.blobs.path_of(digest), media_type=MEDIA_TYPE, headers=headers)
