"""Tokens of a Supabase project: verified by its JWKS, its users adopted, its downtime and floods survived."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, RSAKey
from tests.auth.conftest import PASSWORD
from tests.moved_clock import MovedClock

from we1web.coordinator.actions import accounts
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import AuthElsewhere, AuthError
from we1web.coordinator.auth.identity import identify
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE

ISSUER = "https://project.example/auth/v1"
URL = f"{ISSUER}/.well-known/jwks.json"


@dataclass
class Project:
    """Another issuer: its keys, and whether it answers."""

    keys: list[Key] = field(default_factory=lambda: [ECKey.generate_key("P-256", auto_kid=True)])
    down: bool = False
    asked: int = 0

    async def fetch(self, url: str) -> dict[str, Any]:
        assert url == URL
        self.asked += 1
        if self.down:
            raise httpx2.ConnectError("down")
        return dict(KeySet(self.keys).as_dict(private=False))

    def token(self, clock: MovedClock, key: Key | None = None, alg: str = "ES256", **change: Any) -> str:
        key = key or self.keys[0]
        now_s = int(clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "sub": str(uuid4()),
            "aud": "authenticated",
            "role": "authenticated",
            "email": "someone@example.com",
            "exp": now_s + 3_600,
            "session_id": str(uuid4()),
        }
        return jwt.encode({"alg": alg, "kid": key.kid}, claims | change, key, algorithms=[alg])


@pytest.fixture
def project() -> Project:
    return Project()


@pytest.fixture
async def remote(database: Database, clock: MovedClock, project: Project) -> Auth:
    clock.advance(seconds=100)
    return await Auth.open(database, clock=clock, jwks_url=URL, fetch=project.fetch)


async def project_user(database: Database) -> UUID:
    """A user as the project's own GoTrue would have made it."""
    async with database.transaction(SERVICE) as connection:
        made: UUID = await connection.fetchval(
            "insert into auth.users (email, encrypted_password) values ($1, '') returning id", f"{uuid4()}@example.com"
        )
    return made


async def refusal(database: Database, bearer: str) -> str:
    with pytest.raises(AuthError) as refused:
        await identify(database, bearer)
    return refused.value.code


async def test_es256_and_rs256_tokens_get_in(remote: Auth, project: Project, clock: MovedClock) -> None:
    project.keys.append(RSAKey.generate_key(2048, auto_kid=True))
    user = await project_user(remote.database)
    for key, alg in zip(project.keys, ("ES256", "RS256"), strict=True):
        who = await identify(remote.database, project.token(clock, key, alg, sub=str(user)))
        assert who.user_id == user
    assert project.asked == 1


async def test_others_do_not(remote: Auth, project: Project, clock: MovedClock) -> None:
    sub = str(await project_user(remote.database))
    stranger = ECKey.generate_key("P-256", {"kid": project.keys[0].kid or ""})
    shared = OctKey.generate_key(256, {"kid": project.keys[0].kid or ""})
    for token in (
        project.token(clock, stranger, sub=sub),
        project.token(clock, shared, "HS256", sub=sub),
        project.token(clock, sub=sub, iss="https://other.example/auth/v1"),
        project.token(clock, sub=sub, aud="other"),
        project.token(clock, sub=sub, role="anon"),
        project.token(clock, sub=sub, role="service_role"),
    ):
        assert await refusal(remote.database, token) == "token_invalid"


async def test_a_new_key_is_fetched_once_and_a_flood_of_invented_ones_is_not(
    remote: Auth, project: Project, clock: MovedClock
) -> None:
    user = str(await project_user(remote.database))
    await identify(remote.database, project.token(clock, sub=user))
    project.keys = [ECKey.generate_key("P-256", auto_kid=True)]
    clock.advance(seconds=20)
    await identify(remote.database, project.token(clock, sub=user))
    assert project.asked == 2
    for _ in range(20):
        invented = ECKey.generate_key("P-256", auto_kid=True)
        assert await refusal(remote.database, project.token(clock, invented, sub=user)) == "token_invalid"
    assert project.asked == 2


async def test_the_issuers_downtime_is_survived_with_known_keys(
    remote: Auth, project: Project, clock: MovedClock
) -> None:
    user = str(await project_user(remote.database))
    project.down = True
    assert await refusal(remote.database, project.token(clock, sub=user)) == "unavailable"
    project.down = False
    clock.advance(seconds=20)
    await identify(remote.database, project.token(clock, sub=user))
    project.down = True
    clock.advance(seconds=700)
    await identify(remote.database, project.token(clock, sub=user))


async def test_no_accounts_are_kept_here_then(remote: Auth, address: str) -> None:
    with pytest.raises(AuthElsewhere):
        await accounts.sign_up(remote, address, PASSWORD, {})
    with pytest.raises(AuthElsewhere):
        await accounts.log_in(remote, address, PASSWORD)


async def test_local_tokens_are_not_believed_then(
    database: Database, auth: Auth, address: str, project: Project
) -> None:
    login = await accounts.sign_up(auth, address, PASSWORD, {})
    await Auth.open(database, clock=auth.clock, jwks_url=URL, fetch=project.fetch)
    assert await refusal(database, login.access_token) in {"token_invalid", "unavailable"}
