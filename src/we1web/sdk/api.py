"""The coordinator's HTTP interface as typed calls. No decisions: each method is one request."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Literal, TypeVar

import msgspec

from we1web.sdk.clock import fresh_key
from we1web.sdk.errors import BadAnswer
from we1web.sdk.models import (
    ApiToken,
    ApiTokens,
    Balances,
    Dispute,
    DisputePage,
    Estimate,
    Job,
    JobPage,
    Login,
    Nothing,
    PriceSuggestion,
    ResultPage,
    Session,
    Tokens,
    decode,
)
from we1web.sdk.transport import Transport

Model = TypeVar("Model")
_MSGPACK = "application/msgpack"
_JSON = {"Content-Type": "application/json"}


class Api:
    """Everything a requester asks a coordinator."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def close(self) -> None:
        await self._transport.close()

    async def _json(
        self, method: str, path: str, kind: type[Model], body: Any = None, *, key: str = "", repeatable: bool = True
    ) -> Model:
        content = None if body is None else msgspec.json.encode(body)
        headers = {**(_JSON if content is not None else {}), **({"Idempotency-Key": key} if key else {})}
        response = await self._transport.request(method, path, content=content, headers=headers, repeatable=repeatable)
        return decode(response.content or b"{}", kind)

    # --- jobs

    async def create_job(self, order: dict[str, Any], arguments: Sequence[bytes], *, complete: bool) -> Job:
        """Creates a job once, however often the answer gets lost."""
        body = {**order, "arguments": [b64encode(a).decode() for a in arguments], "complete": complete}
        return await self._json("POST", "/api/jobs", Job, body, key=fresh_key())

    async def add_tasks(self, job: str, sequence: int, arguments: Sequence[bytes], *, complete: bool) -> None:
        body = msgspec.msgpack.encode({"sequence": sequence, "arguments": arguments, "complete": complete})
        headers = {"Content-Type": _MSGPACK}
        await self._transport.request("POST", f"/api/jobs/{job}/tasks", content=body, headers=headers)

    async def close_job(self, job: str) -> Job:
        return await self._json("POST", f"/api/jobs/{job}/close", Job)

    async def cancel_job(self, job: str) -> Job:
        return await self._json("DELETE", f"/api/jobs/{job}", Job)

    async def job(self, job: str) -> Job:
        return await self._json("GET", f"/api/jobs/{job}", Job)

    async def jobs(self, limit: int = 50, cursor: str | None = None) -> JobPage:
        return await self._json("GET", f"/api/jobs?limit={limit}" + (f"&cursor={cursor}" if cursor else ""), JobPage)

    async def estimate(
        self, n: int, price_micros: int, policy: str, bonus_micros: int = 0, currency: str | None = None
    ) -> Estimate:
        body: dict[str, Any] = {"n": n, "price_micros": price_micros, "policy": policy}
        if bonus_micros:
            body["bonus_micros"] = bonus_micros
        if currency:
            body["currency"] = currency
        return await self._json("POST", "/api/jobs/estimate", Estimate, body)

    async def price(self, task_s: float) -> PriceSuggestion:
        return await self._json("GET", f"/api/network/price?task_s={task_s!r}", PriceSuggestion)

    async def results(self, job: str, cursor: str | None, limit: int = 1_000) -> ResultPage:
        params = {"limit": str(limit), **({"cursor": cursor} if cursor else {})}
        path = f"/api/jobs/{job}/results"
        response = await self._transport.request("GET", path, headers={"Accept": _MSGPACK}, params=params)
        return decode(response.content, ResultPage, msgpack=True)

    async def outcome(self, task: str) -> bytes:
        """The full bytes of one task's outcome."""
        return (await self._transport.request("GET", f"/api/tasks/{task}/outcome")).content

    async def why(self, kind: Literal["tasks", "jobs", "nodes"], id: str) -> dict[str, Any]:
        """Why one's own task, job or node waits: a code, words, and the figures behind them."""
        return await self._json("GET", f"/api/{kind}/{id}/why", dict[str, Any])

    # --- disputes

    async def disputes(self, limit: int = 50, cursor: str | None = None) -> DisputePage:
        """Those of one's jobs, and those one's nodes voted in, newest first."""
        path = f"/api/disputes?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        return await self._json("GET", path, DisputePage)

    async def dispute(self, dispute: int) -> Dispute:
        return await self._json("GET", f"/api/disputes/{dispute}", Dispute)

    async def contest(self, dispute: int) -> Dispute:
        """Says that an unpaid vote was right; a second time is refused, so a lost answer is not asked for again."""
        return await self._json("POST", f"/api/disputes/{dispute}/contest", Dispute, repeatable=False)

    # --- blobs

    async def put_blob(self, content: bytes) -> bytes:
        """Uploads a blob unless it is there already; returns its digest."""
        digest = sha256(content).digest()
        path = f"/api/blobs/{digest.hex()}"
        there = await self._transport.request("HEAD", path, absent_is_fine=True)
        if there.status_code == 404:
            await self._transport.request("PUT", path, content=content)
        return digest

    # --- money and accounts

    async def balances(self) -> Balances:
        return await self._json("GET", "/api/payments/earnings", Balances)

    async def credit(self, email: str, amount_micros: int, memo: str) -> Balances:
        """Puts money into somebody's wallet (operators only)."""
        body = {"email": email, "amount_micros": amount_micros, "memo": memo}
        return await self._json("POST", "/api/operator/credits", Balances, body, key=fresh_key())

    async def session(self) -> Session:
        return await self._json("GET", "/api/auth/session", Session)

    async def register(self, email: str, password: str) -> Login:
        body = {"email": email, "password": password}
        return await self._json("POST", "/api/auth/register", Login, body, repeatable=False)

    async def login(self, email: str, password: str) -> Login:
        body = {"email": email, "password": password}
        return await self._json("POST", "/api/auth/login", Login, body, repeatable=False)

    async def refresh(self, refresh_token: str) -> Tokens:
        """The next tokens of a login. A refresh token works once, so a lost answer is not asked for again."""
        path = "/auth/v1/token?grant_type=refresh_token"
        return await self._json("POST", path, Tokens, {"refresh_token": refresh_token}, repeatable=False)

    async def create_token(self, name: str, scopes: Sequence[str]) -> ApiToken:
        body = {"name": name, "scopes": list(scopes)}
        made = await self._json("POST", "/api/auth/tokens", ApiToken, body, repeatable=False)
        if not made.token:
            raise BadAnswer("the coordinator made a token and did not show it")
        return made

    async def tokens(self) -> ApiTokens:
        return await self._json("GET", "/api/auth/tokens", ApiTokens)

    async def revoke_token(self, token_id: str) -> None:
        await self._json("DELETE", f"/api/auth/tokens/{token_id}", Nothing)

    async def ready(self) -> bool:
        """Whether the coordinator says that it can work."""
        return (await self._transport.request("GET", "/readyz")).is_success
