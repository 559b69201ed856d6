"""`/api/auth/*` and `/auth/v1/*` over HTTP: shapes, statuses, and nothing secret in a refusal."""

from typing import Any

import httpx2
import pytest
from tests.auth.conftest import PASSWORD


async def register(client: httpx2.AsyncClient, address: str) -> dict[str, Any]:
    body = {"email": address, "password": PASSWORD, "display_name": "Ada"}
    answer = await client.post("/api/auth/register", json=body)
    assert answer.status_code == 201, answer.text
    registered: dict[str, Any] = answer.json()
    return registered


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_register_login_and_session(client: httpx2.AsyncClient, address: str) -> None:
    registered = await register(client, address)
    assert registered["user"] == {"id": registered["user"]["id"], "email": address, "display_name": "Ada"}
    assert registered["session"]["token_type"] == "bearer"
    login = (await client.post("/api/auth/login", json={"email": address, "password": PASSWORD})).json()
    assert 3_590 <= login["session"]["expires_in"] <= 3_600
    session = (await client.get("/api/auth/session", headers=bearer(login["session"]["access_token"]))).json()
    assert (session["user"], session["scopes"]) == (registered["user"], ["node", "jobs"])


async def test_tokens_are_made_listed_and_revoked(client: httpx2.AsyncClient, address: str) -> None:
    mine = bearer((await register(client, address))["session"]["access_token"])
    made = (await client.post("/api/auth/tokens", headers=mine, json={"name": "pi", "scopes": ["node"]})).json()
    listed = (await client.get("/api/auth/tokens", headers=mine)).json()["items"]
    assert [(item["id"], item["name"], "token" in item) for item in listed] == [(made["id"], "pi", False)]
    session = await client.get("/api/auth/session", headers=bearer(made["token"]))
    assert session.json()["scopes"] == ["node"]
    assert (await client.delete(f"/api/auth/tokens/{made['id']}", headers=mine)).status_code == 204
    gone = await client.get("/api/auth/session", headers=bearer(made["token"]))
    assert (gone.status_code, gone.json()["code"]) == (401, "token_revoked")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": "x", "password": PASSWORD}, 422, "email_invalid"),
        ({"email": "x@example.com", "password": "short"}, 422, "weak_password"),
        ({"email": "x@example.com"}, 422, "invalid_request"),
        ({"email": "x@example.com", "password": PASSWORD, "admin": True}, 422, "invalid_request"),
        ({"email": "x@example.com", "password": PASSWORD, "display_name": "a\0b"}, 422, "invalid_request"),
    ],
)
async def test_refused_registrations(client: httpx2.AsyncClient, body: dict[str, Any], status: int, code: str) -> None:
    answer = await client.post("/api/auth/register", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert PASSWORD not in answer.text


async def test_without_a_token(client: httpx2.AsyncClient) -> None:
    for path in ("/api/auth/session", "/api/auth/tokens"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
    answer = await client.get("/auth/v1/user")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "no_authorization")


async def test_gotrue_speaks_both_error_dialects(client: httpx2.AsyncClient) -> None:
    wrong = {"email": "nobody@example.com", "password": "wrong horse"}
    path = "/auth/v1/token?grant_type=password"
    old = await client.post(path, json=wrong)
    assert old.json() == {"code": 400, "error_code": "invalid_credentials", "msg": "Invalid login credentials"}
    new = await client.post(path, json=wrong, headers={"X-Supabase-Api-Version": "2024-01-01"})
    assert new.json() == {"code": "invalid_credentials", "message": "Invalid login credentials"}
    assert new.headers["X-Supabase-Api-Version"] == "2024-01-01"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/auth/v1/token?grant_type=magic", {}),
        ("/auth/v1/token", {}),
        ("/auth/v1/token?grant_type=refresh_token", {}),
        ("/auth/v1/token?grant_type=password", {"email": "a@example.com"}),
        ("/auth/v1/signup", {"email": 7}),
        ("/auth/v1/signup", []),
        ("/auth/v1/signup", {"email": "nul@example.com", "password": PASSWORD, "data": {"a": "\0"}}),
        ("/auth/v1/signup", {"email": "no address", "password": PASSWORD}),
    ],
)
async def test_gotrue_refuses_in_its_own_shape(client: httpx2.AsyncClient, path: str, body: Any) -> None:
    answer = await client.post(path, json=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "error_code", "msg"}


async def test_public_documents(client: httpx2.AsyncClient) -> None:
    keys = (await client.get("/auth/v1/.well-known/jwks.json")).json()["keys"]
    assert [(key["kty"], key["alg"], "d" in key) for key in keys] == [("EC", "ES256", False)]
    assert (await client.get("/auth/v1/settings")).json()["external"]["email"] is True
    assert (await client.get("/auth/v1/health")).json()["name"] == "GoTrue"


async def test_an_email_cannot_be_changed(client: httpx2.AsyncClient, address: str) -> None:
    mine = bearer((await register(client, address))["session"]["access_token"])
    answer = await client.put("/auth/v1/user", headers=mine, json={"email": f"new-{address}"})
    assert (answer.status_code, answer.json()["error_code"]) == (422, "validation_failed")
