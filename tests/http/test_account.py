"""A person's own account over HTTP: public name, preferences that two tabs share, sessions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx2
from tests.http.conftest import Newcomer, Person, Site

NAME = "/api/account"
PREFERENCES = "/api/account/preferences"
SESSIONS = "/api/account/sessions"


@asynccontextmanager
async def login(site: Site, person: Person, agent: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with site.client() as client:
        body = {"email": person.email, "password": "correct horse battery"}
        answer = await client.post("/api/auth/login", json=body, headers={"User-Agent": agent})
        client.headers["Authorization"] = f"Bearer {answer.json()['session']['access_token']}"
        yield client


async def test_a_public_name_is_set_and_taken_back(newcomer: Newcomer) -> None:
    person = await newcomer()
    for name, shown in (("Ada", "Ada"), ("Grace", "Grace"), ("", None)):
        answer = await person.http.patch(NAME, json={"display_name": name})
        assert answer.json() == {"id": person.id, "email": person.email, "display_name": shown}
        session = (await person.http.get("/api/auth/session")).json()
        assert session["user"]["display_name"] == shown
    for wrong in ("a\nb", "x" * 101, 3):
        assert (await person.http.patch(NAME, json={"display_name": wrong})).json()["code"] == "invalid_request"


async def test_two_tabs_do_not_overwrite_each_other(newcomer: Newcomer) -> None:
    person, other = await newcomer(), await newcomer()
    empty = {"version": 0, "document": {}, "updated_at": None}
    assert (await person.http.get(PREFERENCES)).json() == empty
    first = (await person.http.put(PREFERENCES, json={"version": 0, "document": {"cores": 2}})).json()
    assert (first["version"], first["document"]) == (1, {"cores": 2})
    for stale in (0, 2, 7):
        late = await person.http.put(PREFERENCES, json={"version": stale, "document": {}})
        assert (late.status_code, late.json()["code"]) == (409, "preferences_changed")
    second = (await person.http.put(PREFERENCES, json={"version": 1, "document": {"cores": 4}})).json()
    assert (await person.http.get(PREFERENCES)).json() == second | {"version": 2}
    assert (await other.http.get(PREFERENCES)).json() == empty
    unknown = await other.http.put(PREFERENCES, json={"version": 5, "document": {}})
    assert unknown.json()["code"] == "preferences_changed"


async def test_preferences_that_cannot_be_kept_are_refused(newcomer: Newcomer) -> None:
    person = await newcomer()
    for document, code in (
        ({"x": "y" * (16 << 10)}, "body_too_large"),
        ({"x": "\0"}, "invalid_request"),
        ([1], "invalid_request"),
        (None, "invalid_request"),
    ):
        answer = await person.http.put(PREFERENCES, json={"version": 0, "document": document})
        assert answer.json()["code"] == code
    raw = b'{"version": 0, "document": {"x": "\\ud800"}}'
    answer = await person.http.put(PREFERENCES, content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


async def test_sessions_are_seen_and_ended_from_elsewhere(site: Site, newcomer: Newcomer) -> None:
    person, stranger = await newcomer(), await newcomer()
    async with login(site, person, "Firefox/144 (Linux)") as phone:
        listed = (await phone.get(SESSIONS)).json()["items"]
        assert [(item["user_agent"], item["current"]) for item in listed if item["current"]] == [
            ("Firefox/144 (Linux)", True)
        ]
        assert len(listed) == 2
        (here,) = [item["id"] for item in listed if item["current"]]
        answer = await stranger.http.delete(f"{SESSIONS}/{here}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert (await person.http.delete(f"{SESSIONS}/{here}")).status_code == 204
        ended = await phone.get(SESSIONS)
        assert (ended.status_code, ended.json()["code"]) == (401, "token_revoked")
    assert (await person.http.delete(f"{SESSIONS}/{uuid4()}")).status_code == 404
    assert len((await person.http.get(SESSIONS)).json()["items"]) == 1


async def test_an_api_token_manages_no_account(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    order = {"name": "t", "scopes": ["node", "jobs"]}
    token = (await person.http.post("/api/auth/tokens", json=order)).json()["token"]
    async with site.client(token) as limited:
        for answer in (
            await limited.get(SESSIONS),
            await limited.delete(f"{SESSIONS}/{uuid4()}"),
            await limited.patch(NAME, json={"display_name": "Eve"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_a_new_password_ends_the_other_sessions(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    async with login(site, person, "phone") as phone:
        changed = await phone.put("/auth/v1/user", json={"password": "another horse battery"})
        assert changed.status_code == 200
        assert [item["current"] for item in (await phone.get(SESSIONS)).json()["items"]] == [True]
    assert (await person.http.get(SESSIONS)).json()["code"] == "token_revoked"
