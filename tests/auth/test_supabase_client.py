"""The real Supabase client against the real server: sign up, log in, refresh, claims, errors, log out."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import uvicorn
from supabase import AsyncClient, acreate_client
from supabase_auth.errors import AuthApiError, AuthInvalidJwtError, AuthWeakPasswordError
from tests.auth.conftest import PASSWORD, application
from tests.moved_clock import MovedClock

from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.storage.database import Database


@pytest_asyncio.fixture
async def base_url(database: Database, auth: Auth) -> AsyncIterator[str]:
    """A uvicorn on a free port; its socket listens before the server runs, so nothing has to be waited for."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(database, auth), log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await running
    listener.close()


@pytest_asyncio.fixture
async def supabase(base_url: str) -> AsyncIterator[AsyncClient]:
    client = await acreate_client(base_url, "sb_publishable_test")
    yield client
    await client.auth.sign_out({"scope": "local"})


async def test_sign_up_log_in_refresh_and_claims(supabase: AsyncClient, address: str) -> None:
    signed_up = await supabase.auth.sign_up(
        {"email": address, "password": PASSWORD, "options": {"data": {"display_name": "Ada"}}}
    )
    assert signed_up.user is not None
    assert signed_up.user.email == address
    logged_in = await supabase.auth.sign_in_with_password({"email": address, "password": PASSWORD})
    assert logged_in.session is not None
    refreshed = await supabase.auth.refresh_session()
    assert refreshed.session is not None
    assert refreshed.session.refresh_token != logged_in.session.refresh_token
    claims = await supabase.auth.get_claims()
    assert claims is not None
    assert claims["claims"]["sub"] == signed_up.user.id
    assert (claims["claims"]["role"], claims["claims"]["aud"]) == ("authenticated", "authenticated")
    current = await supabase.auth.get_user()
    assert current is not None
    assert current.user.user_metadata == {"display_name": "Ada"}


async def test_update_user_merges_metadata(supabase: AsyncClient, address: str) -> None:
    await supabase.auth.sign_up({"email": address, "password": PASSWORD, "options": {"data": {"a": 1}}})
    updated = await supabase.auth.update_user({"data": {"lang": "de"}})
    assert updated.user.user_metadata == {"a": 1, "lang": "de"}


async def test_errors_arrive_as_the_clients_own(supabase: AsyncClient, address: str) -> None:
    await supabase.auth.sign_up({"email": address, "password": PASSWORD})
    with pytest.raises(AuthApiError) as taken:
        await supabase.auth.sign_up({"email": address, "password": PASSWORD})
    assert (taken.value.status, taken.value.code) == (422, "user_already_exists")
    with pytest.raises(AuthWeakPasswordError) as weak:
        await supabase.auth.sign_up({"email": f"x{address}", "password": "short"})
    assert weak.value.reasons == ["length"]
    with pytest.raises(AuthApiError) as wrong:
        await supabase.auth.sign_in_with_password({"email": address, "password": "wrong horse"})
    assert (wrong.value.status, wrong.value.code) == (400, "invalid_credentials")
    with pytest.raises(AuthApiError) as anonymous:
        await supabase.auth.sign_in_anonymously()
    assert anonymous.value.code == "anonymous_provider_disabled"


async def test_reused_refresh_token_ends_the_session(supabase: AsyncClient, address: str, clock: MovedClock) -> None:
    first = (await supabase.auth.sign_up({"email": address, "password": PASSWORD})).session
    assert first is not None
    second = (await supabase.auth.refresh_session()).session
    assert second is not None
    clock.advance(seconds=60)
    with pytest.raises(AuthApiError) as reused:
        await supabase.auth.refresh_session(first.refresh_token)
    assert reused.value.code == "refresh_token_already_used"
    with pytest.raises(AuthApiError) as killed:
        await supabase.auth.refresh_session(second.refresh_token)
    assert killed.value.code == "refresh_token_not_found"


async def test_forged_signature_is_refused_by_the_client_with_our_keys(supabase: AsyncClient, address: str) -> None:
    session = (await supabase.auth.sign_up({"email": address, "password": PASSWORD})).session
    assert session is not None
    head, payload, signature = session.access_token.split(".")
    forged = ".".join([head, payload, ("A" if signature[0] != "A" else "B") + signature[1:]])
    with pytest.raises(AuthInvalidJwtError):
        await supabase.auth.get_claims(jwt=forged)


async def test_after_signing_out_there_is_no_user(supabase: AsyncClient, address: str) -> None:
    session = (await supabase.auth.sign_up({"email": address, "password": PASSWORD})).session
    assert session is not None
    await supabase.auth.sign_out()
    assert await supabase.auth.get_session() is None
    with pytest.raises(AuthApiError) as gone:
        await supabase.auth.get_user(session.access_token)
    assert gone.value.code == "session_not_found"
