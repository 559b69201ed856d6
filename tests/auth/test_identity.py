"""identify(): logins and API tokens that are right get in; forged, expired, ended, foreign ones do not."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from tests.auth.conftest import PASSWORD
from tests.moved_clock import MovedClock

from we1web.coordinator.actions import accounts
from we1web.coordinator.actions.accounts import Login
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import AuthError, NoSuchToken, TooManyTokens
from we1web.coordinator.auth.identity import ALL_SCOPES, Identity, identify
from we1web.coordinator.storage.database import Database


async def registered(auth: Auth, address: str) -> tuple[Login, Identity]:
    login = await accounts.sign_up(auth, address, PASSWORD, {"display_name": "Ada"})
    return login, await identify(auth.database, login.access_token)


async def refusal(database: Database, bearer: str) -> str:
    with pytest.raises(AuthError) as refused:
        await identify(database, bearer)
    return refused.value.code


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def claims_in(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return decoded


async def test_a_login_has_every_scope(auth: Auth, address: str) -> None:
    login, who = await registered(auth, address)
    assert who.user_id == login.account.id
    assert (who.email, who.display_name, who.scopes, who.is_operator) == (address, "Ada", ALL_SCOPES, False)
    assert who.session_id is not None
    assert who.user_key > 0


async def test_expired_token(auth: Auth, address: str, clock: MovedClock) -> None:
    login, _ = await registered(auth, address)
    clock.advance(hours=1, seconds=31)
    assert await refusal(auth.database, login.access_token) == "token_expired"


async def test_logged_out_token_is_revoked_at_once(auth: Auth, address: str) -> None:
    login, who = await registered(auth, address)
    other = await accounts.log_in(auth, address, PASSWORD)
    await accounts.log_out(auth, who, "local")
    assert await refusal(auth.database, login.access_token) == "token_revoked"
    assert (await identify(auth.database, other.access_token)).user_id == who.user_id


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "", "HS256", "RS256", "ES384"])
async def test_other_algorithms_are_refused(auth: Auth, address: str, alg: str) -> None:
    login, _ = await registered(auth, address)
    head = encoded({"alg": alg, "typ": "JWT", "kid": auth.keys.public()["keys"][0]["kid"]})
    _, payload, signature = login.access_token.split(".")
    for tail in ("", signature):
        assert await refusal(auth.database, f"{head}.{payload}.{tail}") == "token_invalid"


async def test_hs256_signed_with_our_public_key_is_refused(auth: Auth, address: str) -> None:
    """The classic confusion: the public key, which everybody has, taken for a shared secret."""
    login, _ = await registered(auth, address)
    public = json.dumps(auth.keys.public()["keys"][0]).encode()
    secret = OctKey.import_key(public)
    forged = jwt.encode({"alg": "HS256"}, claims_in(login.access_token), secret, algorithms=["HS256"])
    assert await refusal(auth.database, forged) == "token_invalid"


async def test_a_key_inside_the_token_is_not_believed(auth: Auth, address: str) -> None:
    login, _ = await registered(auth, address)
    own = ECKey.generate_key("P-256", auto_kid=True)
    kid = auth.keys.public()["keys"][0]["kid"]
    for header in ({"kid": own.kid}, {"kid": kid}, {}, {"kid": kid, "jwk": own.as_dict(private=False)}):
        forged = jwt.encode({"alg": "ES256"} | header, claims_in(login.access_token), own, algorithms=["ES256"])
        assert await refusal(auth.database, forged) == "token_invalid"


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "anon"},
        {"role": "service_role"},
        {"sub": "not-a-uuid"},
        {"sub": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30},
        {"session_id": None},
        {"session_id": 7},
    ],
)
async def test_well_signed_but_wrong_claims(auth: Auth, address: str, change: dict[str, Any]) -> None:
    login, _ = await registered(auth, address)
    claims = {key: value for key, value in (claims_in(login.access_token) | change).items() if value is not None}
    assert await refusal(auth.database, auth.keys.sign(claims)) == "token_invalid"


async def test_a_session_of_somebody_else_does_not_help(auth: Auth, address: str) -> None:
    ours, _ = await registered(auth, address)
    theirs, _ = await registered(auth, f"other-{address}")
    mixed = claims_in(ours.access_token) | {"sub": str(theirs.account.id)}
    assert await refusal(auth.database, auth.keys.sign(mixed)) == "token_revoked"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bearer=st.one_of(st.text(max_size=200), st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){0,5}")))
async def test_any_text_is_refused_with_a_code(auth: Auth, bearer: str) -> None:
    assert await refusal(auth.database, bearer) == "token_invalid"


async def test_hostile_headers_are_refused_with_a_code(auth: Auth) -> None:
    deep = "[" * 5_000
    for head in ({"alg": ["ES256"]}, {"alg": {"a": 1}}, {"kid": []}, [], 7, {"alg": "ES256", "crit": ["x"]}, deep):
        text = encoded(head) if not isinstance(head, str) else base64.urlsafe_b64encode(head.encode()).decode()
        assert await refusal(auth.database, f"{text}.{encoded({})}.AAAA") == "token_invalid"
    assert await refusal(auth.database, "a" * 100_000) == "token_invalid"


async def test_api_token_has_its_scopes_until_it_is_revoked(auth: Auth, address: str) -> None:
    _, who = await registered(auth, address)
    made, token = await accounts.create_token(auth, who, "laptop", ["node"])
    assert token.startswith("we1_") and len(token) == 47
    found = await identify(auth.database, token)
    assert (found.user_id, found.scopes, found.session_id) == (who.user_id, frozenset({"node"}), None)
    found.require("node")
    with pytest.raises(AuthError) as lacking:
        found.require("jobs")
    assert lacking.value.code == "scope_missing"
    assert [t.last_used_at is not None for t in await accounts.list_tokens(auth, who)] == [True]
    await accounts.revoke_token(auth, who, made.id)
    await accounts.revoke_token(auth, who, made.id)
    assert await refusal(auth.database, token) == "token_revoked"
    assert await accounts.list_tokens(auth, who) == []


async def test_api_token_expires(auth: Auth, address: str, clock: MovedClock) -> None:
    _, who = await registered(auth, address)
    _, token = await accounts.create_token(auth, who, "short", ["jobs"], clock.now() + timedelta(minutes=5))
    assert (await identify(auth.database, token)).scopes == {"jobs"}
    clock.advance(minutes=6)
    assert await refusal(auth.database, token) == "token_expired"


async def test_an_api_token_cannot_make_another_or_end_sessions(auth: Auth, address: str) -> None:
    _, who = await registered(auth, address)
    made, token = await accounts.create_token(auth, who, "laptop", ["node", "jobs"])
    by_token = await identify(auth.database, token)
    for attempt in (
        accounts.create_token(auth, by_token, "more", ["node"]),
        accounts.revoke_token(auth, by_token, made.id),
        accounts.log_out(auth, by_token, "global"),
        accounts.change(auth, by_token, {}, "another password"),
    ):
        with pytest.raises(AuthError) as refused:
            await attempt
        assert refused.value.code == "scope_missing"


async def test_tokens_of_others_look_unknown(auth: Auth, address: str) -> None:
    _, who = await registered(auth, address)
    _, thief = await registered(auth, f"thief-{address}")
    made, token = await accounts.create_token(auth, who, "laptop", ["node"])
    with pytest.raises(NoSuchToken):
        await accounts.revoke_token(auth, thief, made.id)
    assert (await identify(auth.database, token)).user_id == who.user_id
    assert await refusal(auth.database, token[:-1] + ("A" if token[-1] != "A" else "B")) == "token_invalid"


async def test_number_of_tokens_is_limited(auth: Auth, address: str) -> None:
    _, who = await registered(auth, address)
    for number in range(100):
        await accounts.create_token(auth, who, f"t{number}", ["node"])
    with pytest.raises(TooManyTokens):
        await accounts.create_token(auth, who, "one more", ["node"])


async def test_operator_comes_in_by_a_token_and_only_by_the_last_one(auth: Auth) -> None:
    first = await accounts.operator_token(auth)
    second = await accounts.operator_token(auth)
    assert (await identify(auth.database, second)).is_operator
    assert await refusal(auth.database, first) == "token_revoked"
