"""The HTTP application: routes, error answers, limits, documentation. It owns no service and starts nothing."""

from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

import we1web
from we1web.coordinator.http import (
    auth_routes,
    blob_routes,
    gotrue_routes,
    job_routes,
    network_routes,
    node_routes,
    openapi,
    operator_routes,
    payment_routes,
    problems,
    task_routes,
)
from we1web.coordinator.http.context import Caller
from we1web.coordinator.http.middleware import BodyLimit, Outermost, RateLimit
from we1web.coordinator.http.rates import Buckets
from we1web.coordinator.queries.network import NetworkNumbers
from we1web.coordinator.services import Services

ROUTERS = (
    node_routes.router,
    job_routes.router,
    task_routes.router,
    blob_routes.router,
    payment_routes.router,
    operator_routes.router,
    network_routes.router,
)


def build(services: Services, more_routes: list[BaseRoute]) -> ASGIApp:
    """Everything that answers on the coordinator's port; `more_routes` are those outside HTTP (the WebSocket)."""
    app = FastAPI(title="WE1WEB", version=we1web.__version__, docs_url=None, redoc_url=None)
    app.state.services = services
    app.state.network = NetworkNumbers(services)
    app.state.user_buckets = Buckets(services.config.rate_user_per_s, services.config.rate_user_burst)
    auth = auth_routes.routes(services.database, services.auth, Caller())
    gotrue = gotrue_routes.routes(services.database, services.auth)
    for router in (auth, gotrue, *ROUTERS):
        app.include_router(router)
    app.router.routes.extend(more_routes)
    problems.install(app)
    openapi.install(app)
    return Outermost(RateLimit(BodyLimit(app, services), services), services)
