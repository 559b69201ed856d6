"""Blobs: verified whatever their way, downloaded once, kept within a size, uploaded only when missing."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from random import Random

import httpx2
import pytest

from we1web.agent.artifacts import ATTEMPTS, ArtifactError, Artifacts
from we1web.agent.backoff import Backoff
from we1web.protocol import outcome
from we1web.protocol.limits import MAX_BLOB_BYTES


class Store:
    """The coordinator's blob store, and what was asked of it."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.fail: list[int | Exception] = []
        """What the next requests end with instead of an answer."""

    def add(self, content: bytes) -> bytes:
        digest = sha256(content).digest()
        self.blobs[digest.hex()] = content
        return digest

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        name = request.url.path.removeprefix("/api/blobs/")
        self.asked.append(request.method)
        if self.fail:
            failure = self.fail.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return httpx2.Response(failure)
        if request.method == "PUT":
            self.blobs[name] = request.content
            return httpx2.Response(200)
        content = self.blobs.get(name)
        return httpx2.Response(404) if content is None else httpx2.Response(200, content=content)


@pytest.fixture
def store() -> Store:
    return Store()


Open = Callable[..., Artifacts]


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.fixture
def open_cache(store: Store, tmp_path: Path) -> Open:
    def opened(**options: int) -> Artifacts:
        http = httpx2.AsyncClient(base_url="http://coordinator", transport=httpx2.MockTransport(store))
        return Artifacts(tmp_path, http, backoff=lambda: Backoff(Random(0), base_s=1e-6), **options)

    return opened


async def test_a_blob_is_downloaded_once_and_kept_over_restarts(store: Store, open_cache: Open) -> None:
    digest = store.add(b"program")
    cache = open_cache()
    assert await cache.fetch(digest, 7) == b"program"
    assert cache.at_hand(digest) == b"program"
    assert await open_cache().fetch(digest) == b"program"
    assert store.asked == ["GET"]


async def test_many_who_want_the_same_wait_for_one_download(store: Store, open_cache: Open) -> None:
    digest = store.add(b"program")
    cache = open_cache()
    assert await asyncio.gather(*(cache.fetch(digest) for _ in range(20))) == [b"program"] * 20
    assert store.asked == ["GET"]


async def test_other_bytes_than_asked_for_are_refused_and_not_kept(
    store: Store, open_cache: Open, tmp_path: Path
) -> None:
    digest = store.add(b"program")
    store.blobs[digest.hex()] = b"malware"
    with pytest.raises(ArtifactError) as refusal:
        await open_cache().fetch(digest)
    assert refusal.value.code == "artifact_mismatch"
    assert names(tmp_path) == set()


async def test_a_file_somebody_changed_is_fetched_again(store: Store, open_cache: Open, tmp_path: Path) -> None:
    digest = store.add(b"program")
    await open_cache().fetch(digest)
    (tmp_path / digest.hex()).write_bytes(b"malware")
    assert await open_cache().fetch(digest) == b"program"
    assert (tmp_path / digest.hex()).read_bytes() == b"program"


async def test_a_blob_of_another_size_than_announced_is_refused(store: Store, open_cache: Open) -> None:
    with pytest.raises(ArtifactError) as refusal:
        await open_cache().fetch(store.add(b"argument"), 9)
    assert refusal.value.code == "artifact_mismatch"


async def test_a_server_that_never_stops_sending_is_cut(tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(8 << 20)

    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=endless()))
    http = httpx2.AsyncClient(base_url="http://coordinator", transport=transport)
    cache = Artifacts(tmp_path, http, backoff=lambda: Backoff(Random(0), base_s=1e-6))
    with pytest.raises(ArtifactError) as refusal:
        await cache.fetch(bytes(32))
    assert refusal.value.code == "artifact_too_large"
    assert MAX_BLOB_BYTES < 1 << 30


async def test_a_missing_blob_is_an_error_of_nobody(open_cache: Open) -> None:
    cache = open_cache()
    for _ in range(2):
        with pytest.raises(ArtifactError):
            await cache.fetch(bytes(32))


@pytest.mark.parametrize("failure", [503, 429, httpx2.ConnectError("down")], ids=str)
async def test_a_coordinator_in_trouble_is_asked_again(
    store: Store, open_cache: Open, failure: int | Exception
) -> None:
    digest = store.add(b"program")
    store.fail = [failure] * (ATTEMPTS - 1)
    assert await open_cache().fetch(digest) == b"program"


@pytest.mark.parametrize("failure", [503, httpx2.ConnectError("down")], ids=str)
async def test_but_not_for_ever(store: Store, open_cache: Open, failure: int | Exception) -> None:
    store.fail = [failure] * ATTEMPTS
    with pytest.raises(ArtifactError) as refusal:
        await open_cache().fetch(store.add(b"program"))
    assert refusal.value.retryable
    assert len(store.asked) == ATTEMPTS


async def test_the_least_recently_used_files_go_first(store: Store, open_cache: Open, tmp_path: Path) -> None:
    cache = open_cache(disk_bytes=250, memory_bytes=1)
    digests = [store.add(bytes([number]) * 100) for number in range(3)]
    for digest in digests:
        await cache.fetch(digest)
    assert names(tmp_path) == {digest.hex() for digest in digests[1:]}
    assert cache.at_hand(digests[0]) is None


async def test_a_broken_disk_costs_downloads_not_work(store: Store, open_cache: Open, tmp_path: Path) -> None:
    cache = open_cache()
    os.rename(tmp_path, f"{tmp_path}-gone")  # noqa: PTH104
    assert await cache.fetch(store.add(b"program")) == b"program"


@pytest.mark.rule("R23")
async def test_large_outcomes_are_uploaded_once_and_named(store: Store, open_cache: Open) -> None:
    cache = open_cache()
    large = outcome.value(bytes(100_000))
    reference = await cache.publish(large)
    assert await cache.publish(large) == reference
    assert outcome.blob_of(reference) == (sha256(large).digest(), len(large))
    assert store.blobs[sha256(large).hexdigest()] == large
    assert store.asked == ["HEAD", "PUT", "HEAD"]


async def test_an_upload_that_is_refused_is_told(store: Store, open_cache: Open) -> None:
    store.fail = [404, 413]
    with pytest.raises(ArtifactError, match="413"):
        await open_cache().publish(b"outcome")


async def test_what_is_on_disk_is_known_without_looking(store: Store, open_cache: Open, tmp_path: Path) -> None:
    first, second = store.add(b"first"), store.add(b"second")
    cache = open_cache()
    assert cache.kept(10) == []
    await cache.fetch(first)
    await cache.fetch(second)
    assert (cache.kept(10), cache.kept(1)) == ([first, second], [second])
    (tmp_path / "a stranger's file").touch()
    (tmp_path / "abcd").touch()
    os.utime(tmp_path / second.hex(), (1, 1))
    assert open_cache().kept(10) == [second, first]


async def test_what_was_swept_is_not_offered(store: Store, open_cache: Open, tmp_path: Path) -> None:
    old, new = store.add(b"old" * 10), store.add(b"new" * 10)
    cache = open_cache(disk_bytes=40)
    await cache.fetch(old)
    os.utime(tmp_path / old.hex(), (1, 1))
    await cache.fetch(new)
    assert cache.kept(10) == [new]
