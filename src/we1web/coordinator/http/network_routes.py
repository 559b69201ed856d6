"""Routes for everybody and for operators' machines: public numbers, liveness, readiness, metrics."""

import ipaddress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from we1web.coordinator.http.context import ServicesDep, network_numbers
from we1web.coordinator.network_schemas import Health, Network, NetworkPrice
from we1web.coordinator.queries.network import database_answers
from we1web.coordinator.refusals import Refusal

router = APIRouter(tags=["network"])


@router.get("/api/network")
async def network(request: Request) -> Network:
    """How large the network is, where it is, and what it does now; some seconds old at most."""
    return await network_numbers(request).read()


@router.get("/api/network/price")
async def price(request: Request, task_s: Annotated[float, Query(gt=0, le=86_400)]) -> NetworkPrice:
    """What one vote should pay for a task that takes so many seconds of one core; measure one to find out."""
    return await network_numbers(request).price(task_s)


@router.get("/livez")
async def livez() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health}})
async def readyz(services: ServicesDep, response: Response) -> Health:
    """It can do its work: the database answers and the market runs."""
    checks = {"database": await database_answers(services), "market": services.market.ready}
    if all(checks.values()):
        return Health(status="ok", checks=checks)
    response.status_code = 503
    return Health(status="unavailable", checks=checks)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request, services: ServicesDep) -> Response:
    """Prometheus metrics, for this machine only: put the scraper beside the coordinator, or a proxy in front."""
    if not _is_local(request):
        raise Refusal("metrics are answered on this machine only", code="local_only", hint="scrape from localhost")
    return Response(services.metrics.render(), media_type=CONTENT_TYPE_LATEST)


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
