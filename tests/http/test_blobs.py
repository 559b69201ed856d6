"""Blobs over HTTP: hashed while they stream, limited, owned, readable by nodes while a living job lists them."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from tests.fixtures_postgres import Postgres
from tests.http.conftest import PROGRAM, PROGRAM_DIGEST, Newcomer, Person, Site, create, raw, run
from tests.http.test_jobs import encoded_reference

from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.storage.principal import SERVICE
from we1web.protocol.limits import MAX_BLOB_BYTES


async def pieces(content: bytes, size: int = 1 << 16) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_path_is_sharded_by_digest(tmp_path: Path) -> None:
    assert BlobStore(tmp_path).path_of(b"\xab\xcd" + bytes(30)) == tmp_path / "ab" / "cd" / ("abcd" + "00" * 30)


async def test_a_lie_about_the_digest_leaves_nothing(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    store.prepare()
    with pytest.raises(Refusal) as refused:
        await store.receive(bytes(32), pieces(b"other"))
    assert refused.value.code == "digest_mismatch"
    with pytest.raises(Refusal) as refused:
        await store.receive(bytes(32), pieces(bytes(3 << 20)), max_bytes=2 << 20)
    assert refused.value.code == "blob_too_large"
    assert files(tmp_path) == []


async def test_a_crash_leaves_rubbish_that_the_next_start_removes(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    store.prepare()
    upload = await store.take_in(b"abc")
    assert not store.has(upload.digest)
    BlobStore(tmp_path).prepare()
    assert not upload.path.exists()


async def test_put_head_get(newcomer: Newcomer) -> None:
    person, content = await newcomer(), bytes(range(256)) * 20_000
    digest = sha256(content).hexdigest()
    assert (await person.http.head(f"/api/blobs/{digest}")).status_code == 404
    for _ in range(2):
        answer = await person.http.put(f"/api/blobs/{digest}", content=pieces(content))
        assert answer.json() == {"digest": digest, "size": len(content)}
    head = await person.http.head(f"/api/blobs/{digest}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(content)), b"")
    got = await person.http.get(f"/api/blobs/{digest}")
    assert got.content == content
    assert got.headers["etag"] == f'"{digest}"'
    empty = sha256(b"").hexdigest()
    assert (await person.http.put(f"/api/blobs/{empty}", content=b"")).json()["size"] == 0


async def test_a_wrong_digest_is_refused(newcomer: Newcomer) -> None:
    person = await newcomer()
    answer = await person.http.put(f"/api/blobs/{'0' * 64}", content=b"abc")
    assert (answer.status_code, answer.json()["code"]) == (400, "digest_mismatch")
    for name in ("abc", "0" * 63, "A" * 64, "0" * 65):
        assert (await person.http.put(f"/api/blobs/{name}", content=b"abc")).status_code == 422


async def test_a_blob_above_the_limit_is_refused_announced_or_not(site: Site, newcomer: Newcomer) -> None:
    person, url = await newcomer(), f"/api/blobs/{'0' * 64}"
    head = f"PUT {url} HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BLOB_BYTES + 1}\r\nConnection: close\r\n\r\n"
    announced = await raw(site, head.encode())
    assert announced.startswith(b"HTTP/1.1 413") and b"body_too_large" in announced

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield bytes(1 << 20)

    try:
        answer = await person.http.put(url, content=endless())
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    except httpx2.WriteError:
        pass  # the refusal closed the connection before all was sent: as good
    assert files(site.app.services.blobs.root / "incoming") == []


async def test_other_peoples_blobs_do_not_exist(site: Site, newcomer: Newcomer, requester: Person) -> None:
    other = await newcomer()
    token = (await other.http.post("/api/auth/tokens", json={"name": "node", "scopes": ["node"]})).json()["token"]
    digest = await requester.upload(b"an argument")
    async with site.client(token) as node:
        unlisted = await node.get(f"/api/blobs/{digest}")
        assert (unlisted.status_code, unlisted.json()["code"]) == (404, "blob_not_found")
        assert (await node.head(f"/api/blobs/{digest}")).status_code == 200
        job = await create(requester, arguments=[encoded_reference(digest, 11)], complete=True)
        assert (await node.get(f"/api/blobs/{digest}")).content == b"an argument"
        await requester.http.delete(f"/api/jobs/{job['id']}")
        assert (await node.get(f"/api/blobs/{digest}")).status_code == 404


async def test_two_requesters_with_the_same_program_both_upload_it(newcomer: Newcomer, requester: Person) -> None:
    other = await newcomer()
    assert (await requester.http.head(f"/api/blobs/{PROGRAM_DIGEST}")).status_code == 200
    assert (await other.http.head(f"/api/blobs/{PROGRAM_DIGEST}")).status_code == 404
    await other.upload(PROGRAM)
    assert (await other.http.head(f"/api/blobs/{PROGRAM_DIGEST}")).status_code == 200


async def test_a_blob_that_is_asked_for_stays(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    digest = bytes.fromhex(await person.upload(b"asked for"))
    age = "update public.blobs set created_at = created_at - interval '6 days' where digest = $1 returning created_at"
    async with site.app.services.database.transaction(SERVICE) as tx:
        old = await tx.fetchval(age, digest)
    await person.http.head(f"/api/blobs/{digest.hex()}")
    async with site.app.services.database.transaction(SERVICE) as tx:
        assert await tx.fetchval("select created_at from public.blobs where digest = $1", digest) > old


async def test_the_quota_counts_what_a_user_keeps(postgres: Postgres, tmp_path: Path) -> None:
    async for site in run(await postgres.create(), tmp_path, blob_quota_bytes=1_000):
        headers = dict(site.operator.headers)
        async with httpx2.AsyncClient(base_url=site.url, headers=headers) as person:
            for content, status in ((b"a" * 600, 200), (b"b" * 401, 409), (b"c" * 400, 200), (b"d", 409)):
                digest = sha256(content).hexdigest()
                answer = await person.put(f"/api/blobs/{digest}", content=pieces(content))
                assert answer.status_code == status, answer.text
            assert answer.json()["code"] == "blob_quota"
            assert not site.app.services.blobs.has(sha256(b"d").digest())
