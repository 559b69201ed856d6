"""A whole coordinator whose accounts are a Supabase project's: set by one setting, proven over HTTP."""

from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import SecretStr
from tests.fixtures_postgres import Postgres
from tests.http.conftest import no_websocket
from tests.http.market import MemoryMarket
from tests.moved_clock import MovedClock

from we1web.coordinator.app import Application
from we1web.coordinator.auth.verifiers import JwksVerifier
from we1web.coordinator.config import Config


async def test_tokens_of_the_project_let_in_and_nobody_registers_here(postgres: Postgres, tmp_path: Path) -> None:
    dsn, clock = await postgres.create(), MovedClock()
    url = "http://127.0.0.1:9/auth/v1/.well-known/jwks.json"
    config = Config(database_url=SecretStr(dsn), port=0, data_dir=tmp_path, auth_jwks_url=url)
    app = await Application.create(
        config, clock=clock, make_market=lambda _clock, database, _blobs: (MemoryMarket(database), no_websocket)
    )
    key, user_id = ECKey.generate_key("P-256", auto_kid=True), uuid4()

    async def fetch(_url: str) -> dict[str, object]:
        return dict(KeySet([key]).as_dict(private=False))

    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "insert into auth.users (id, email, encrypted_password) values ($1, $2, '')", user_id, "ada@example.com"
    )
    await connection.close()
    verifier = app.services.auth.verifier
    assert isinstance(verifier, JwksVerifier)
    app.services.auth.verifier = JwksVerifier(url, clock, fetch)
    claims = {"sub": str(user_id), "aud": "authenticated", "role": "authenticated", "iss": "http://127.0.0.1:9/auth/v1"}
    claims["session_id"] = str(uuid4())
    claims["exp"] = int(clock.now().timestamp()) + 60  # type: ignore[assignment]
    token = jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])
    try:
        await app.start()
        async with httpx2.AsyncClient(base_url=app.url, headers={"Authorization": f"Bearer {token}"}) as client:
            session = await client.get("/api/auth/session")
            assert session.json()["user"]["email"] == "ada@example.com"
            made = await client.post("/api/auth/tokens", json={"name": "pi", "scopes": ["node"]})
            assert made.status_code == 201
            refused = await client.post(
                "/api/auth/register", json={"email": "x@example.com", "password": "long enough"}
            )
            assert refused.json()["code"] == "auth_elsewhere"
    finally:
        await app.stop()
    assert not app.operator_token_path.exists()
