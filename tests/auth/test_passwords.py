"""Hashing off the event loop, bounded, and honest about what it refuses."""

import asyncio

import pytest
from argon2 import PasswordHasher

from we1web.coordinator.auth.accounts import checked_metadata, normal_email
from we1web.coordinator.auth.errors import AuthBusy, EmailInvalid, ProfileInvalid, WeakPassword
from we1web.coordinator.auth.passwords import Passwords


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(threads=1, max_waiting=3)


async def test_right_and_wrong(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    assert stored.startswith("$argon2id$")
    assert await passwords.verify(stored, "correct horse")
    assert not await passwords.verify(stored, "correct horsf")
    assert not await passwords.verify(None, "correct horse")
    assert not await passwords.verify("garbage", "correct horse")
    assert not await passwords.verify(stored, "\ud800")


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1_025, "ü" * 513, "\ud800" * 10])
async def test_unusable_passwords(passwords: Passwords, password: str) -> None:
    with pytest.raises(WeakPassword):
        await passwords.hash(password)


async def test_weaker_hashes_are_outdated(passwords: Passwords) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse")
    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(await passwords.hash("correct horse"))


async def test_a_flood_is_refused_and_those_in_line_are_served(passwords: Passwords) -> None:
    outcomes = await asyncio.gather(*(passwords.verify(None, "flood") for _ in range(10)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [bool] * 3 + [AuthBusy] * 7
    assert not await passwords.verify(None, "after")


@pytest.mark.parametrize(
    "email", ["", "a", "a@b", "a@b.", "@b.c", "a b@c.de", "a@b@c.de", "a@b.c\0", "\ud800@b.de", "x" * 300 + "@b.de"]
)
def test_no_addresses(email: str) -> None:
    with pytest.raises(EmailInvalid):
        normal_email(email)


def test_addresses_are_stored_in_lower_case() -> None:
    assert normal_email(" Ada.Lovelace+x@Example.COM ") == "ada.lovelace+x@example.com"


@pytest.mark.parametrize("metadata", [{"a": "\0"}, {"\0": 1}, {"a": "\ud800"}, {"a": "x" * 20_000}, {"a": object()}])
def test_metadata_that_cannot_be_kept(metadata: dict[str, object]) -> None:
    with pytest.raises(ProfileInvalid):
        checked_metadata(metadata)
