"""The blob store on a file system: bytes under their SHA-256. Must never show a file whose hash was not checked.

A blob is written to `incoming/`, hashed on its way, synced, and only then renamed to its name; so a crash leaves
rubbish in `incoming/` (emptied at start) and never half a blob. Who may read what is not decided here.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

from we1web.coordinator.refusals import Refusal
from we1web.protocol.limits import MAX_BLOB_BYTES

WRITE_BYTES = 1 << 20
"""Pieces are gathered to this size before they go to a thread: a thread hop per network packet would cost more."""


class Upload:
    """A checked blob that waits in `incoming/` for `place`, or for `discard`."""

    def __init__(self, path: Path, digest: bytes):
        self.path = path
        self.digest = digest
        self.size = 0


class BlobStore:
    """Files named by their content, in 256 × 256 folders at most."""

    def __init__(self, root: Path):
        self.root = root
        self._incoming = root / "incoming"

    def prepare(self) -> None:
        """Makes the folders, private to us, and empties `incoming/`. Call once, before serving."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for path in self._incoming.iterdir():
            path.unlink()

    def path_of(self, digest: bytes) -> Path:
        name = digest.hex()
        return self.root / name[:2] / name[2:4] / name

    def has(self, digest: bytes) -> bool:
        return self.path_of(digest).is_file()

    async def receive(self, digest: bytes, pieces: AsyncIterator[bytes], max_bytes: int = MAX_BLOB_BYTES) -> Upload:
        """Streams a blob into `incoming/`. Raises Refusal when it is too large or not what its name says."""
        with await asyncio.to_thread(self._open) as file:
            upload = Upload(Path(file.name), digest)
            try:
                upload.size = await _write(file, digest, pieces, min(max_bytes, MAX_BLOB_BYTES))
                await asyncio.to_thread(_sync, file)
            except BaseException:
                self.discard(upload)
                raise
        return upload

    async def place(self, upload: Upload) -> None:
        """Gives a checked upload its name. Placing what is there already changes nothing."""
        await asyncio.to_thread(self._place, upload)

    def discard(self, upload: Upload) -> None:
        """Forgets an upload that was not placed."""
        upload.path.unlink(missing_ok=True)

    async def take_in(self, content: bytes) -> Upload:
        """Receives bytes of our own making."""

        async def pieces() -> AsyncIterator[bytes]:
            yield content

        return await self.receive(sha256(content).digest(), pieces())

    async def read(self, digest: bytes) -> bytes:
        """The whole blob. Raises Refusal when its file is gone."""
        try:
            return await asyncio.to_thread(self.path_of(digest).read_bytes)
        except FileNotFoundError:
            raise Refusal("the blob's bytes are gone", code="blob_not_found", hint="upload it again") from None

    async def remove(self, digest: bytes) -> None:
        await asyncio.to_thread(self.path_of(digest).unlink, missing_ok=True)

    def shard(self, number: int) -> list[Path]:
        """The blob files whose digest starts with byte `number` (for the loop that looks for orphans)."""
        return list((self.root / f"{number:02x}").glob("??/*"))

    def _open(self) -> BinaryIO:
        return cast(BinaryIO, tempfile.NamedTemporaryFile(dir=self._incoming, delete=False))

    def _place(self, upload: Upload) -> None:
        path = self.path_of(upload.digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        upload.path.replace(path)
        for folder in (path.parent, path.parent.parent, self.root):
            _sync_folder(folder)


async def _write(file: BinaryIO, digest: bytes, pieces: AsyncIterator[bytes], max_bytes: int) -> int:
    hasher, size, buffer = sha256(), 0, bytearray()
    async for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise Refusal(f"blob above {max_bytes} bytes", code="blob_too_large", hint="split it into smaller blobs")
        buffer += piece
        if len(buffer) >= WRITE_BYTES:
            await asyncio.to_thread(_append, file, hasher.update, bytes(buffer))
            buffer.clear()
    await asyncio.to_thread(_append, file, hasher.update, bytes(buffer))
    if hasher.digest() != digest:
        raise Refusal(
            "the bytes do not have the digest of the address",
            code="digest_mismatch",
            hint="the name of a blob is the SHA-256 of its bytes in hex",
        )
    return size


def _append(file: BinaryIO, update: Callable[[bytes], None], content: bytes) -> None:
    update(content)
    file.write(content)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """A rename is durable when the folder is synced, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
