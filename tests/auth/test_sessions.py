"""Logging in and refreshing: rotation, the grace, the death of a session whose token was used twice."""

import asyncio

import pytest
from tests.auth.conftest import PASSWORD
from tests.moved_clock import MovedClock

from we1web.coordinator.actions import accounts
from we1web.coordinator.auth import sessions
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import CredentialsInvalid, EmailTaken, RefreshRefused, SamePassword
from we1web.coordinator.auth.identity import identify
from we1web.coordinator.storage.principal import SERVICE


async def refused(auth: Auth, token: str) -> str:
    with pytest.raises(RefreshRefused) as refusal:
        await accounts.refresh(auth, token)
    return refusal.value.code


async def test_each_refresh_gives_another_token(auth: Auth, address: str) -> None:
    login = await accounts.sign_up(auth, address, PASSWORD, {})
    seen = {login.refresh_token}
    for _ in range(3):
        login = await accounts.refresh(auth, login.refresh_token)
        seen.add(login.refresh_token)
        assert (await identify(auth.database, login.access_token)).user_id == login.account.id
    assert len(seen) == 4


async def test_asking_twice_at_once_is_forgiven(auth: Auth, address: str) -> None:
    login = await accounts.sign_up(auth, address, PASSWORD, {})
    both = await asyncio.gather(*(accounts.refresh(auth, login.refresh_token) for _ in range(2)))
    for each in both:
        assert (await accounts.refresh(auth, each.refresh_token)).account.id == login.account.id


async def test_reuse_after_the_grace_ends_the_session_and_no_other(auth: Auth, address: str, clock: MovedClock) -> None:
    stolen = await accounts.sign_up(auth, address, PASSWORD, {})
    elsewhere = await accounts.log_in(auth, address, PASSWORD)
    current = await accounts.refresh(auth, stolen.refresh_token)
    clock.advance(seconds=11)
    assert await refused(auth, stolen.refresh_token) == "refresh_token_used"
    assert await refused(auth, current.refresh_token) == "refresh_token_invalid"
    with pytest.raises(accounts.AuthError) as ended:
        await identify(auth.database, current.access_token)
    assert ended.value.code == "token_revoked"
    assert (await identify(auth.database, elsewhere.access_token)).user_id == stolen.account.id


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "nul\0", "\ud800"])
async def test_invented_refresh_tokens(auth: Auth, token: str) -> None:
    assert await refused(auth, token) == "refresh_token_invalid"


async def test_idle_sessions_end_and_are_swept(auth: Auth, address: str, clock: MovedClock) -> None:
    login = await accounts.sign_up(auth, address, PASSWORD, {})
    clock.advance(days=61)
    assert await refused(auth, login.refresh_token) == "refresh_token_invalid"
    again = await accounts.log_in(auth, address, PASSWORD)
    clock.advance(days=61)
    async with auth.database.transaction(SERVICE) as connection:
        await sessions.sweep(connection, clock.now())
    with pytest.raises(accounts.AuthError):
        await identify(auth.database, again.access_token)


async def test_wrong_password_and_unknown_address_look_the_same(auth: Auth, address: str) -> None:
    await accounts.sign_up(auth, address, PASSWORD, {})
    said = []
    for email, password in ((address, "wrong horse"), (f"no-{address}", PASSWORD), ("no address", PASSWORD)):
        with pytest.raises(CredentialsInvalid) as refusal:
            await accounts.log_in(auth, email, password)
        said.append(str(refusal.value))
    assert len(set(said)) == 1


async def test_an_address_registers_once_whatever_its_case(auth: Auth, address: str) -> None:
    outcomes = await asyncio.gather(
        *(accounts.sign_up(auth, spelling, PASSWORD, {}) for spelling in (address, address.upper(), f" {address} ")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [EmailTaken, EmailTaken]
    assert (await accounts.log_in(auth, address.upper(), PASSWORD)).account.email == address


async def test_a_new_password_ends_the_other_sessions(auth: Auth, address: str) -> None:
    here = await accounts.sign_up(auth, address, PASSWORD, {})
    there = await accounts.log_in(auth, address, PASSWORD)
    who = await identify(auth.database, here.access_token)
    with pytest.raises(SamePassword):
        await accounts.change(auth, who, {}, PASSWORD)
    await accounts.change(auth, who, {}, "another horse")
    assert (await identify(auth.database, here.access_token)).user_id == who.user_id
    assert await refused(auth, there.refresh_token) == "refresh_token_invalid"
    assert (await accounts.log_in(auth, address, "another horse")).account.id == who.user_id


async def test_nothing_secret_is_stored_or_shown(auth: Auth, address: str) -> None:
    login = await accounts.sign_up(auth, address, PASSWORD, {})
    who = await identify(auth.database, login.access_token)
    _, token = await accounts.create_token(auth, who, "laptop", ["node"])
    secrets = [PASSWORD, login.refresh_token, login.access_token, token]
    async with auth.database.transaction(SERVICE) as connection:
        rows = [
            *await connection.fetch("select u::text as row from auth.users u"),
            *await connection.fetch("select r::text as row from auth.refresh_tokens r"),
            *await connection.fetch("select t::text as row from public.api_tokens t"),
        ]
    shown = "".join(row["row"] for row in rows) + repr(login) + repr(login.account) + repr(auth.keys)
    assert [secret for secret in [*secrets, login.account.password_hash] if secret in shown] == [
        login.account.password_hash  # in the table, and nowhere else
    ]
    assert login.account.password_hash not in repr(login)
