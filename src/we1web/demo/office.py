"""The coordinator's HTTP interface as the demonstration uses it: accounts, credits, and the records it judges by.

Asks only what any client with the same token could ask; it never looks into the database.
"""

import socket
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx2

from we1web.demo.processes import DemoFailed

TIMEOUT_SECONDS = 30.0
PAGE = 500
PASSWORD = "correct horse battery staple"


class Person(NamedTuple):
    """An account of this demonstration."""

    name: str
    email: str
    token: str


class Office:
    def __init__(self, url: str, client: httpx2.Client | None = None) -> None:
        self.url = url
        self._http = client or httpx2.Client(base_url=url, timeout=TIMEOUT_SECONDS)

    def close(self) -> None:
        self._http.close()

    def is_ready(self) -> bool:
        try:
            return self._http.get("/readyz").status_code == httpx2.codes.OK
        except httpx2.TransportError:
            return False

    def register(self, name: str) -> Person:
        email = f"{name}@demo.example"
        answer = self._post("/api/auth/register", {"email": email, "password": PASSWORD, "display_name": name})
        return Person(name, email, answer["session"]["access_token"])

    def api_token(self, person: Person, scope: str) -> str:
        order = {"name": f"demo {scope}", "scopes": [scope]}
        return str(self._post("/api/auth/tokens", order, person.token)["token"])

    def fund(self, operator_token: str, person: Person, micros: int) -> None:
        order = {"email": person.email, "amount_micros": micros, "memo": "demonstration"}
        key = {"Idempotency-Key": f"demo-{person.name}"}
        self._post("/api/operator/credits", order, operator_token, key)

    def nodes(self, person: Person) -> list[dict[str, Any]]:
        return list(self._pages("/api/nodes/my-nodes", person.token))

    def earned_micros(self, person: Person) -> int:
        balances = self._get("/api/payments/earnings", person.token)["balances"]
        return sum(int(balance["earnings_micros"]) for balance in balances)

    def job(self, person: Person, job_id: str) -> dict[str, Any]:
        return self._get(f"/api/jobs/{job_id}", person.token)

    def results(self, person: Person, job_id: str) -> list[dict[str, Any]]:
        return list(self._pages(f"/api/jobs/{job_id}/results", person.token))

    def fee_micros(self, person: Person, price_micros: int) -> int:
        """The platform's share of one vote's price."""
        order = {"n": 1, "price_micros": price_micros}
        return int(self._post("/api/jobs/estimate", order, person.token)["fee_micros"])

    def books(self, operator_token: str) -> list[dict[str, Any]]:
        """The totals of the ledger, one for each kind of account."""
        return list(self._get("/api/operator/books", operator_token)["totals"])

    def _pages(self, path: str, token: str) -> Iterator[dict[str, Any]]:
        cursor: dict[str, str] = {}
        while True:
            page = self._get(path, token, limit=PAGE, **cursor)
            yield from page["items"]
            if page["next_cursor"] in (None, cursor.get("cursor")):
                return
            cursor = {"cursor": page["next_cursor"]}

    def _get(self, path: str, token: str, **query: Any) -> dict[str, Any]:
        return _body(self._http.get(path, headers=_bearer(token), params=query))

    def _post(self, path: str, body: Any, token: str = "", headers: dict[str, str] | None = None) -> dict[str, Any]:
        return _body(self._http.post(path, json=body, headers=_bearer(token) | (headers or {})))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _body(response: httpx2.Response) -> dict[str, Any]:
    if response.is_error:
        raise DemoFailed(f"{response.request.method} {response.request.url.path}: {response.text[:500]}")
    body: dict[str, Any] = response.json()
    return body


def free_port() -> int:
    """A port of this machine that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
