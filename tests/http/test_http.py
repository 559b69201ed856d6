"""What every request meets: problem answers, limits on size and rate, request ids, health, metrics, no traces."""

import asyncio
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Newcomer, Site, raw, run

from we1web.coordinator.http import problems
from we1web.coordinator.http.middleware import BodyLimit, Outermost, RateLimit
from we1web.coordinator.http.problems import MEDIA_TYPE
from we1web.coordinator.telemetry import mask_secrets
from we1web.protocol.errors import We1webError

SOURCE = Path(problems.__file__).parents[2]


async def test_whatever_is_not_there_answers_with_a_problem(site: Site) -> None:
    async with site.client() as stranger:
        for method, path, status, code in (
            ("GET", "/nothing", 404, "not_found"),
            ("GET", "/api/nothing", 404, "not_found"),
            ("PATCH", "/api/jobs", 405, "method_not_allowed"),
            ("GET", "/api/auth/login", 405, "method_not_allowed"),
            ("GET", "/api/jobs", 401, "token_missing"),
            ("DELETE", "/api/tasks/5", 401, "token_missing"),
            ("POST", "/api/jobs/estimate", 422, "invalid_request"),
        ):
            answer = await stranger.request(method, path)
            body = answer.json()
            assert (answer.status_code, body["code"], body["status"]) == (status, code, status), path
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert body["request_id"] == answer.headers["x-request-id"]
            assert body["type"] == f"urn:we1web:error:{code}"


async def test_tokens_that_are_none(site: Site) -> None:
    for token in ("x", "we1_" + "A" * 43, "eyJhbGciOiJub25lIn0.e30.", "a.b.c", "\x7f"):
        async with site.client(token) as client:
            answer = await client.get("/api/jobs")
            assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid"), token
            assert token not in answer.text


async def test_a_refused_value_is_not_repeated(site: Site) -> None:
    async with site.client() as stranger:
        answer = await stranger.post("/api/auth/login", json={"email": "a@b.c", "password": ["hunter2"]})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


async def test_bodies_that_are_no_json(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    for body in (b"", b"{", b"[" * 200_000, b"\xff", b"null", b"[]", b'{"name": NaN}', b'{"n":' + b"9" * 5_000 + b"}"):
        answer = await person.http.post("/api/jobs", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), body[:20]
        assert answer.headers["content-type"] == MEDIA_TYPE


async def test_a_body_above_the_limit_stops_at_the_limit(site: Site) -> None:
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    announced = await raw(site, head + b"Content-Length: 99999999999\r\n\r\n")
    assert announced.startswith(b"HTTP/1.1 413") and b"body_too_large" in announced
    piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    counted = await raw(site, head + b"Transfer-Encoding: chunked\r\n\r\n" + piece * 12 + b"1\r\nx\r\n")
    assert counted.startswith(b"HTTP/1.1 413") and b"body_too_large" in counted


async def test_a_zip_bomb_is_not_unpacked(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    bomb = gzip.compress(bytes(100 << 20))
    for path in ("/api/jobs", f"/api/blobs/{'0' * 64}"):
        method = "PUT" if "blobs" in path else "POST"
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        answer = await person.http.request(method, path, content=bomb, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_requests_above_the_rate_are_told_when_to_come_back(postgres: Postgres, tmp_path: Path) -> None:
    settings = {"rate_user_burst": 3, "rate_user_per_s": 0.01, "rate_login_burst": 2, "rate_login_per_s": 0.01}
    async for site in run(await postgres.create(), tmp_path, **settings):
        answers = [await site.operator.get("/api/jobs") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert [a.headers["ratelimit-remaining"] for a in answers] == ["2", "1", "0", "0"]
        assert answers[0].headers["ratelimit-limit"] == "3"
        assert answers[3].json()["code"] == "rate_limited" and answers[3].json()["retryable"]
        assert 90 <= int(answers[3].headers["retry-after"]) <= 100
        async with site.client() as stranger:
            guess = {"email": "a@example.com", "password": "wrong horse battery"}
            tries = [await stranger.post("/api/auth/login", json=guess) for _ in range(3)]
            assert [t.status_code for t in tries] == [401, 401, 429]
            assert int(tries[2].headers["retry-after"]) > 0
            assert (await stranger.get("/livez")).status_code == 200


async def test_health_and_metrics(site: Site) -> None:
    async with site.client() as stranger:
        assert (await stranger.get("/livez")).json()["status"] == "ok"
        ready = await stranger.get("/readyz")
        assert ready.json() == {"status": "ok", "checks": {"database": True, "market": True}}
        site.market.ready = False
        assert (await stranger.get("/readyz")).status_code == 503
        site.market.ready = True
        await stranger.get("/api/no/such/route")
        text = (await stranger.get("/metrics")).text
        assert 'we1web_http_requests_total{method="GET",route="/readyz",status="200"}' in text
        assert 'route="unmatched"' in text and "/api/no/such" not in text
        assert "we1web_market_submissions" in text
        numbers = (await stranger.get("/api/network")).json()["numbers"]
        assert numbers["nodes_online"] == 0 and "tasks_verified" in numbers
        elsewhere = await stranger.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "local_only")


async def test_a_bug_answers_500_without_a_trace(site: Site) -> None:
    async def broken(_scope: object, _receive: object, _send: object) -> None:
        raise RuntimeError("secret detail")

    context = site.app.services
    app = Outermost(RateLimit(BodyLimit(broken, context), context), context)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret detail" not in answer.text and "Traceback" not in answer.text


async def test_a_client_that_goes_in_the_middle_of_a_body_harms_nobody(site: Site) -> None:
    host, port = site.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()
    async with site.client() as stranger:
        assert (await stranger.get("/livez")).status_code == 200


def test_secrets_are_masked_in_logs() -> None:
    event = {
        "event": "took we1_" + "a" * 43 + " from postgresql://me:hunter2@host/db",
        "password": "x",
        "Authorization": "Bearer y",
        "operator_token": "z",
        "trace": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.sig-nature",
        "n": 3,
    }
    masked = mask_secrets(None, "info", event)
    assert masked["event"] == "took [masked] from postgresql://[masked]@host/db"
    assert [masked[k] for k in ("password", "Authorization", "operator_token", "trace")] == ["[masked]"] * 4
    assert masked["n"] == 3


def every_error() -> Iterator[type[We1webError]]:
    todo = [We1webError]
    while todo:
        kind = todo.pop()
        yield kind
        todo += kind.__subclasses__()


def codes_in(folder: str) -> set[str]:
    text = "\n".join(path.read_text() for path in (SOURCE / folder).rglob("*.py"))
    return set(re.findall(r'code(?:: str)? ?= ?"([a-z_]+)"', text))


START_ONLY = {"bad_setting", "embedded_postgres_failed", "data_directory_busy", "migration_error", "no_server_account"}
"""Refusals to start: no request can meet them."""
GOTRUE_ONLY = {"anonymous_disabled", "change_refused", "bad_grant"}
"""Answered in GoTrue's shape by gotrue_routes.py."""
SOCKET_ONLY = {"protocol_error", "frame_too_large", "error"}
"""Sent as error messages on the WebSocket."""


def test_every_code_has_its_status() -> None:
    found = codes_in("coordinator/http") | codes_in("coordinator/actions") | codes_in("coordinator/queries")
    found |= codes_in("coordinator/auth") | codes_in("coordinator/storage") | codes_in("domain")
    missing = found - problems.STATUS.keys() - START_ONLY - GOTRUE_ONLY - SOCKET_ONLY
    assert not missing, f"add these codes to STATUS in http/problems.py: {sorted(missing)}"


def test_an_unlisted_code_is_the_callers_fault() -> None:
    assert problems.status_of(We1webError("x", code="never_listed")) == 400


@pytest.mark.parametrize("code", sorted(problems.STATUS))
def test_statuses_are_errors(code: str) -> None:
    assert 400 <= problems.STATUS[code] <= 503
