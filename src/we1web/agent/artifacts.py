"""Programs, large arguments and large outcomes: a content-addressed cache in front of the coordinator's blob store.

Every byte that leaves this module has the SHA-256 it was asked for by: what a coordinator, a disk or a stranger with
access to the cache folder changed is refused, deleted and fetched again.
"""

import asyncio
import os
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import httpx2
import structlog

from we1web.agent.backoff import Backoff
from we1web.agent.state import temporary_beside
from we1web.protocol import outcome
from we1web.protocol.errors import We1webError
from we1web.protocol.limits import MAX_BLOB_BYTES

log = structlog.get_logger("we1web.agent.artifacts")

DISK_BYTES = 2 << 30
MEMORY_BYTES = 128 << 20
ATTEMPTS = 4


class ArtifactError(We1webError):
    """A blob could not be had, or not be stored. No task is to blame."""

    code = "artifact_unavailable"
    retryable = True


class Artifacts:
    """Blobs by digest. Safe for many coroutines; one download per digest at a time."""

    def __init__(
        self,
        folder: Path,
        http: httpx2.AsyncClient,
        *,
        backoff: Callable[[], Backoff],
        disk_bytes: int = DISK_BYTES,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._folder = folder
        self._http = http
        self._backoff = backoff
        self._disk_bytes = disk_bytes
        self._memory_bytes = memory_bytes
        self._recent: OrderedDict[bytes, bytes] = OrderedDict()
        self._recent_bytes = 0
        self._coming: dict[bytes, asyncio.Future[bytes]] = {}
        self._folder.mkdir(parents=True, exist_ok=True)
        self._kept = _names(folder)

    def kept(self, most: int) -> list[bytes]:
        """Digests of blobs on disk, the latest last: whoever leases work may then save their way. Never waits."""
        return list(self._kept)[-most:]

    def at_hand(self, digest: bytes) -> bytes | None:
        """The blob when it is in memory; never waits."""
        content = self._recent.get(digest)
        if content is not None:
            self._recent.move_to_end(digest)
        return content

    async def fetch(self, digest: bytes, size: int | None = None) -> bytes:
        """The blob with this digest (and size, when given). Raises ArtifactError."""
        content = self.at_hand(digest)
        if content is None:
            if digest not in self._coming:
                self._coming[digest] = asyncio.ensure_future(self._obtain(digest))
                self._coming[digest].add_done_callback(lambda done: self._arrived(digest, done))
            content = await asyncio.shield(self._coming[digest])
        if size is not None and len(content) != size:
            raise ArtifactError(f"blob of {len(content)} bytes, announced as {size}", code="artifact_mismatch")
        return content

    async def publish(self, content: bytes) -> bytes:
        """Uploads a full outcome unless it is there; returns the reference to report. Raises ArtifactError."""
        digest = sha256(content).digest()
        path = f"/api/blobs/{digest.hex()}"
        if (await self._again(lambda: self._http.head(path))).status_code != 200:
            answer = await self._again(lambda: self._http.put(path, content=content))
            _check(answer, "upload")
        return outcome.reference(digest, len(content))

    def _arrived(self, digest: bytes, done: asyncio.Future[bytes]) -> None:
        del self._coming[digest]
        if not done.cancelled():
            done.exception()  # Whoever waits is told; if nobody waits any more, nobody needs to be.

    async def _obtain(self, digest: bytes) -> bytes:
        path = self._folder / digest.hex()
        content = await asyncio.to_thread(_read_verified, path, digest)
        if content is None:
            content = await self._download(digest)
            await asyncio.to_thread(self._store, path, content)
        self._remember(digest, content)
        self._kept.pop(digest, None)
        self._kept[digest] = None
        return content

    async def _download(self, digest: bytes) -> bytes:
        answer = await self._again(lambda: self._get(digest))
        _check(answer, "download")
        content = answer.content
        if sha256(content).digest() != digest:
            log.error("blob_tampered", digest=digest.hex(), bytes=len(content))
            raise ArtifactError("the coordinator sent other bytes than asked for", code="artifact_mismatch")
        return content

    async def _get(self, digest: bytes) -> httpx2.Response:
        """Reads at most MAX_BLOB_BYTES, whatever the server announces."""
        async with self._http.stream("GET", f"/api/blobs/{digest.hex()}") as answer:
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MAX_BLOB_BYTES:
                    raise ArtifactError("a blob above the size limit", code="artifact_too_large")
            return httpx2.Response(answer.status_code, content=bytes(body))

    async def _again(self, request: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
        """Repeats what a busy or restarting coordinator may answer better in a moment."""
        backoff = self._backoff()
        while True:
            try:
                answer = await request()
            except httpx2.TransportError as error:
                if backoff.attempts >= ATTEMPTS - 1:
                    raise ArtifactError(f"the coordinator does not answer: {error}") from error
            else:
                if answer.status_code not in (429, 502, 503, 504) or backoff.attempts >= ATTEMPTS - 1:
                    return answer
            await asyncio.sleep(backoff.next_s())

    def _remember(self, digest: bytes, content: bytes) -> None:
        self._recent[digest] = content
        self._recent_bytes += len(content)
        while self._recent_bytes > self._memory_bytes and len(self._recent) > 1:
            self._recent_bytes -= len(self._recent.popitem(last=False)[1])

    def _store(self, path: Path, content: bytes) -> None:
        """A full or broken disk costs downloads, not work."""
        try:
            with temporary_beside(path) as temporary:
                temporary.write_bytes(content)
                temporary.replace(path)
            self._trim()
        except OSError as error:
            log.warning("cache_write_failed", error=str(error))

    def _trim(self) -> None:
        """Deletes the least recently used files above the cap."""
        files = sorted(((f.stat().st_mtime_ns, f.stat().st_size, f) for f in self._folder.iterdir()), reverse=True)
        kept_bytes = 0
        for _, size, file in files:
            kept_bytes += size
            if kept_bytes > self._disk_bytes:
                file.unlink(missing_ok=True)
                self._kept.pop(_digest_of(file.name), None)


def _names(folder: Path) -> dict[bytes, None]:
    """Digests of the files in a cache folder, the least recently used first."""
    found = []
    for path in folder.iterdir():
        with suppress(OSError):
            found.append((path.stat().st_mtime_ns, _digest_of(path.name)))
    return {digest: None for _, digest in sorted(found) if digest}


def _digest_of(name: str) -> bytes:
    """The digest a file is named by; empty for a file that is none of the cache's."""
    try:
        digest = bytes.fromhex(name)
    except ValueError:
        return b""
    return digest if len(digest) == sha256().digest_size else b""


def _read_verified(path: Path, digest: bytes) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if sha256(content).digest() != digest:
        log.warning("cache_corrupt", file=path.name)
        path.unlink(missing_ok=True)
        return None
    with suppress(OSError):
        os.utime(path)
    return content


def _check(answer: httpx2.Response, what: str) -> None:
    if not answer.is_success:
        raise ArtifactError(f"{what} refused with status {answer.status_code}", retryable=answer.status_code >= 500)
