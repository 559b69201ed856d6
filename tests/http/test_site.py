"""The web app on the coordinator's port: what each path answers, in which form and under which rules."""

import gzip
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from tests.http.conftest import Site, no_websocket

from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.coordinator.config import Config
from we1web.coordinator.http import api, site_files, site_headers
from we1web.coordinator.http.site import SiteFiles, choose
from we1web.coordinator.http.site_files import Form, read_site
from we1web.coordinator.services import Services

RUNTIME_ID = RUNTIME_IDS["python"]
PAGE = b"<!doctype html><title>WE1WEB</title>"
SCRIPT = b"console.log('hello');" * 200
FRAME = b"<!doctype html><script>1</script>"
LARGE = bytes(range(256)) * (site_files.MAX_IN_MEMORY_BYTES // 128)
SNAPSHOT = b"memory" * 1_000
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br, zstd"}
PLAIN = {"Accept-Encoding": "identity"}


def write(folder: Path, files: dict[str, bytes], **more: object) -> None:
    """A folder as the build leaves it: files, and a manifest with their digests."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    digests = {name: sha256(content).hexdigest() for name, content in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"files": digests} | more))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A made-up app and a made-up runtime, both built."""
    site, runtime = tmp_path_factory.mktemp("app"), tmp_path_factory.mktemp("runtime")
    app = {
        "index.html": PAGE,
        "sw.js": b"self.skipWaiting()",
        "manifest.webmanifest": b"{}",
        "assets/index-abcdefgh.js": SCRIPT,
        "assets/index-abcdefgh.js.br": b"as if by brotli",
        "assets/index-abcdefgh.js.gz": gzip.compress(SCRIPT),
        "assets/large-abcdefgh.wasm": LARGE,
        "sandbox/frame.html": FRAME,
        "sandbox/python_worker-abcdefgh.js": b"postMessage(1)",
        "sandbox/wasm_worker.js": b"postMessage(2)",
        f"runtime/{RUNTIME_ID}/snapshot.bin.gz": gzip.compress(SNAPSHOT),
        f"runtime/{RUNTIME_ID}/pyodide.mjs.gz": gzip.compress(b"of another build"),
    }
    compressed = {"snapshot.bin": sha256(SNAPSHOT).hexdigest(), "pyodide.mjs": "of another build"}
    write(site, app, runtime=compressed)
    write(runtime, {"snapshot.bin": SNAPSHOT, "pyodide.mjs": b"export {}"}, runtime=RUNTIME_ID)
    (site / "secret.txt").write_text("not in the manifest")
    return site, runtime


@pytest_asyncio.fixture(loop_scope="session")
async def browser(site: Site, folders: tuple[Path, Path]) -> AsyncIterator[httpx2.AsyncClient]:
    """Talks to the real application around the made-up app."""
    app = api.build(site.app.services, no_websocket, read_site(*folders))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_a_route_of_the_app_gets_its_page_and_everything_else_the_api(browser: httpx2.AsyncClient) -> None:
    for path in ("/", "/index.html", "/jobs", "/jobs/0198/tasks", "/apiary"):
        answer = await browser.get(path, headers=BROWSER)
        assert (answer.status_code, answer.content) == (200, PAGE), path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for path in (
        "/api/nothing",
        "/auth/x",
        "/ws",
        "/assets/old.js",
        "/runtime/x/y",
        "/sandbox/x.html",
    ):
        answer = await browser.get(path, headers=BROWSER)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert (await browser.get("/jobs")).json()["code"] == "not_found", "a program that asks for no page"
    assert (await browser.get("/livez", headers=BROWSER)).json()["status"] == "ok"
    assert (await browser.post("/", headers=BROWSER)).status_code == 404


async def test_only_what_the_build_lists_exists(browser: httpx2.AsyncClient) -> None:
    for path in ("/secret.txt", "/manifest.json", "/assets/..%2fsecret.txt", "/assets/../secret.txt", "/%2e%2e/site.py",
                 "/assets/index-abcdefgh.js.br", "/assets/", "/assets", "/sandbox/..%2findex.html"):  # fmt: skip
        assert (await browser.get(path, headers={"Accept": "*/*"})).status_code == 404, path


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"), ("br", "br"), ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("*", "br"),
        ("br;q=0.2, gzip;q=0.8", "gzip"), ("br;q=0, gzip", "gzip"), ("br;q=0, *;q=0.5", "gzip"),
        ("identity, gzip;q=0.5", "identity"), ("gzip;q=0.5", "gzip"), ("*;q=0", "identity"),
        ("identity;q=0, *;q=0", "identity"), ("GZIP ; Q=1.0", "gzip"), ("br;q=nan, gzip;q=0.001", "gzip"),
        ("br;q=2, zstd;;;=,,;q", "identity"), ("deflate", "identity"),
    ],
)  # fmt: skip
def test_the_client_chooses_the_coding(accepted: str, coding: str) -> None:
    offered = {name: Form(b"", "", []) for name in ("br", "gzip", "identity")}
    assert choose(accepted, offered) == coding


async def test_each_coding_is_a_form_of_its_own(browser: httpx2.AsyncClient) -> None:
    tags = set()
    for coding, length in (("br", 15), ("gzip", len(gzip.compress(SCRIPT))), ("identity", len(SCRIPT))):
        answer = await browser.head("/assets/index-abcdefgh.js", headers={"Accept-Encoding": coding})
        assert answer.headers.get("content-encoding", "identity") == coding
        assert int(answer.headers["content-length"]) == length
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.content == b""
        tags.add(answer.headers["etag"])
    assert len(tags) == 3
    answer = await browser.get("/assets/index-abcdefgh.js", headers={"Accept-Encoding": "gzip"})
    assert answer.content == SCRIPT, "and the client unpacked it"


async def test_what_the_client_holds_is_not_sent_again(browser: httpx2.AsyncClient) -> None:
    tag = (await browser.get("/", headers=BROWSER)).headers["etag"]
    for held in (tag, f'"x", W/{tag}', "*"):
        answer = await browser.get("/jobs", headers=BROWSER | {"If-None-Match": held})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["content-security-policy"] == site_headers.APP_POLICY
        assert "content-length" not in answer.headers
    assert (await browser.get("/", headers=BROWSER | {"If-None-Match": '"x"'})).status_code == 200


async def test_what_is_named_by_its_content_is_kept_for_ever(browser: httpx2.AsyncClient) -> None:
    hashed = ("/assets/index-abcdefgh.js", f"/runtime/{RUNTIME_ID}/snapshot.bin", "/sandbox/python_worker-abcdefgh.js")
    for path in hashed:
        assert (await browser.get(path)).headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in ("/", "/sw.js", "/manifest.webmanifest", "/sandbox/frame.html", "/sandbox/wasm_worker.js"):
        assert (await browser.get(path)).headers["cache-control"] == "no-cache", path


async def test_the_sandbox_has_rules_of_its_own(browser: httpx2.AsyncClient) -> None:
    frame = await browser.get("/sandbox/frame.html", headers=BROWSER)
    assert frame.content == FRAME
    assert frame.headers.get_list("content-security-policy") == [site_headers.SANDBOX_POLICY]
    assert "connect-src 'none'" in site_headers.SANDBOX_POLICY
    assert site_headers.SANDBOX_POLICY.startswith("sandbox allow-scripts;"), "and no allow-same-origin"
    for path in ("/", "/sw.js", "/assets/index-abcdefgh.js", "/sandbox/python_worker-abcdefgh.js"):
        answer = await browser.get(path, headers=BROWSER)
        assert answer.headers.get_list("content-security-policy") == [site_headers.APP_POLICY]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "strict-transport-security" not in answer.headers
    worker = await browser.get("/sandbox/python_worker-abcdefgh.js")
    assert worker.headers["content-type"].startswith("text/plain"), "the app hands it in and cannot run it itself"


def test_behind_https_browsers_are_told_to_stay_there(folders: tuple[Path, Path]) -> None:
    assert "Strict-Transport-Security" in site_headers.headers_of("/index.html", https=True)
    page = read_site(*folders, https=True).page
    assert b"strict-transport-security" in dict(page.forms["identity"].headers)


async def test_large_files_come_from_disk_whole(browser: httpx2.AsyncClient, folders: tuple[Path, Path]) -> None:
    form = read_site(*folders).files["/assets/large-abcdefgh.wasm"].forms["identity"]
    assert isinstance(form.content, Path)
    answer = await browser.get("/assets/large-abcdefgh.wasm", headers=BROWSER)
    assert answer.content == LARGE
    assert int(answer.headers["content-length"]) == len(LARGE)
    assert answer.headers["content-type"] == "application/wasm"
    head = await browser.head("/assets/large-abcdefgh.wasm", headers=BROWSER)
    assert head.content == b"" and int(head.headers["content-length"]) == len(LARGE)


async def test_the_python_runtime_comes_compressed_when_the_forms_are_of_these_files(
    browser: httpx2.AsyncClient,
) -> None:
    snapshot = await browser.get(f"/runtime/{RUNTIME_ID}/snapshot.bin", headers=BROWSER)
    assert (snapshot.content, snapshot.headers["content-encoding"]) == (SNAPSHOT, "gzip")
    raw = await browser.get(f"/runtime/{RUNTIME_ID}/snapshot.bin", headers=PLAIN)
    assert raw.content == SNAPSHOT and "content-encoding" not in raw.headers
    stale = await browser.get(f"/runtime/{RUNTIME_ID}/pyodide.mjs", headers=BROWSER)
    assert stale.content == b"export {}" and "content-encoding" not in stale.headers
    assert stale.headers["content-type"].startswith("text/javascript")
    assert (await browser.get("/runtime/pyodide-0-of-yesterday/snapshot.bin")).status_code == 404


def test_a_runtime_of_another_version_is_not_offered(folders: tuple[Path, Path], tmp_path: Path) -> None:
    write(tmp_path, {"snapshot.bin": b"old"}, runtime="pyodide-0-yesterday")
    for runtime in (tmp_path, tmp_path / "not built"):
        site = read_site(folders[0], runtime)
        assert site.page.status == 200
        assert not [path for path in site.files if path.startswith("/runtime/")]


async def test_without_a_build_one_page_says_how_and_the_api_works(site: Site, tmp_path: Path) -> None:
    half = tmp_path / "half"
    write(half, {"index.html": PAGE, "assets/index-abcdefgh.js": SCRIPT})
    (half / "assets/index-abcdefgh.js").unlink()
    for folder in (tmp_path / "nothing", half):
        app = api.build(site.app.services, no_websocket, read_site(folder, folder))
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
            answer = await client.get("/")
            assert answer.status_code == 503
            assert "build/web" in answer.text and "./run up" in answer.text
            assert (await client.get("/jobs", headers=BROWSER)).status_code == 503
            assert (await client.get("/livez")).status_code == 200
            assert (await client.get("/api/network")).status_code == 200


async def test_pages_have_a_limit_of_their_own(site: Site, folders: tuple[Path, Path]) -> None:
    services = limited(site.app.services, rate_ip_burst=1, rate_ip_per_s=0.01, rate_site_burst=5, rate_site_per_s=0.01)
    app = api.build(services, no_websocket, read_site(*folders))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        pages = [await client.get("/") for _ in range(6)]
        assert [page.status_code for page in pages] == [200] * 5 + [429]
        assert "ratelimit-limit" not in pages[0].headers
        assert pages[5].json()["code"] == "rate_limited" and int(pages[5].headers["retry-after"]) > 0
        assert (await client.get("/api/network")).status_code == 200, "the pages did not use it up"
        assert (await client.get("/api/network")).status_code == 429


def limited(services: Services, **rates: float) -> Services:
    config = Config(data_dir=services.config.data_dir, **rates)  # type: ignore[arg-type]
    parts = {name: getattr(services, name) for name in services.__dataclass_fields__}
    return Services(**parts | {"config": config})


async def test_metrics_know_one_route_for_all_of_it(browser: httpx2.AsyncClient) -> None:
    await browser.get("/jobs/a-path-of-a-stranger", headers=BROWSER)
    text = (await browser.get("/metrics")).text
    assert 'route="site",status="200"' in text
    assert "a-path-of-a-stranger" not in text


async def test_no_database_and_no_session_is_touched(site: Site, folders: tuple[Path, Path]) -> None:
    async def unreachable(_scope: object, _receive: object, _send: object) -> None:
        raise AssertionError("the site asked the API")

    files = SiteFiles(unreachable, read_site(*folders), site.app.services)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(files), base_url="http://test") as client:
        for path in ("/", "/assets/index-abcdefgh.js", "/assets/large-abcdefgh.wasm", "/sandbox/frame.html"):
            assert (await client.get(path, headers=BROWSER | {"Accept-Encoding": "gzip"})).status_code == 200
