"""What a test put into the fake coordinator to be read: disputes (and contests of them), reasons why things wait."""

from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from we1web.testing.fake_coordinator import FakeMarket

NOW = "2026-01-01T00:00:00Z"


def routes(market: "FakeMarket") -> list[Route]:
    """Disputes: list, read, contest. Reasons: of a task, a job or a node."""

    async def why(request: Request) -> Response:
        kind, id = request.path_params["kind"], request.path_params["id"]
        found = market.reasons.get(f"{kind}/{id}")
        return _refused(404, "not_found") if found is None else _json(found)

    async def listed(request: Request) -> Response:
        return _json({"items": list(market.disputes.values()), "next_cursor": None})

    async def one(request: Request) -> Response:
        found = market.disputes.get(int(request.path_params["dispute"]))
        return _refused(404, "not_found") if found is None else _json(found)

    async def contest(request: Request) -> Response:
        found = market.disputes[int(request.path_params["dispute"])]
        if found.get("contest"):
            return _refused(409, "already_contested")
        found |= {"contest": {"state": "waiting", "created_at": NOW}, "contestable_until": None}
        return _json(found)

    return [
        Route("/api/{kind:str}/{id:str}/why", why),
        Route("/api/disputes", listed),
        Route("/api/disputes/{dispute}", one),
        Route("/api/disputes/{dispute}/contest", contest, methods=["POST"]),
    ]


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _refused(status: int, code: str) -> Response:
    body = {"status": status, "code": code, "detail": f"refused: {code}", "hint": f"what to do about {code}"}
    return Response(msgspec.json.encode(body), status, media_type="application/problem+json")
