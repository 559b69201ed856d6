"""The HTTP application: routes, error answers, limits, documentation. It owns no service and starts nothing."""

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

import we1web
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.http import (
    account_routes,
    auth_routes,
    blob_routes,
    dispute_routes,
    exchange_routes,
    funding_routes,
    gotrue_routes,
    job_routes,
    network_routes,
    node_routes,
    openapi,
    operator_routes,
    payment_routes,
    payout_account_routes,
    payout_batch_routes,
    payout_routes,
    pool_routes,
    problems,
    task_routes,
    webhook_routes,
)
from we1web.coordinator.http.context import Caller
from we1web.coordinator.http.middleware import BodyLimit, Outermost, RateLimit
from we1web.coordinator.http.rates import Buckets
from we1web.coordinator.http.site import SiteFiles
from we1web.coordinator.http.site_files import Site, read_site
from we1web.coordinator.queries.network import NetworkNumbers
from we1web.coordinator.services import Services
from we1web.coordinator.storage.database import Database

WEBSOCKET_PATH = "/ws"
ROUTERS = (
    node_routes.router,
    job_routes.router,
    task_routes.router,
    blob_routes.router,
    dispute_routes.router,
    payment_routes.router,
    payout_routes.router,
    payout_account_routes.router,
    payout_batch_routes.router,
    pool_routes.router,
    operator_routes.router,
    network_routes.router,
    account_routes.router,
    webhook_routes.router,
    funding_routes.router,
    exchange_routes.router,
)


class Door:
    """WebSockets go straight to their application: no layer of HTTP between a frame and the market."""

    def __init__(self, http: ASGIApp, websocket: ASGIApp):
        self._http = http
        self._websocket = websocket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == WEBSOCKET_PATH:
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)


def routed(database: Database, auth: Auth) -> FastAPI:
    """Every route and the document about them; nothing is touched before a request comes."""
    app = FastAPI(
        title="WE1WEB",
        version=we1web.__version__,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
    )
    logins = auth_routes.routes(database, auth, Caller())
    for router in (logins, gotrue_routes.routes(database, auth), *ROUTERS):
        app.include_router(router)
    problems.install(app)
    openapi.install(app)
    return app


def build(services: Services, websocket: ASGIApp, site: Site | None = None) -> ASGIApp:
    """Everything that answers on the coordinator's port. Without `site` the web app is the one that was built here."""
    app = routed(services.database, services.auth)
    app.state.services = services
    app.state.network = NetworkNumbers(services)
    app.state.user_buckets = Buckets(services.config.rate_user_per_s, services.config.rate_user_burst)
    site = site or read_site(https=services.config.public_url.startswith("https://"))
    limited = RateLimit(BodyLimit(app, services), services)
    return Door(Outermost(SiteFiles(limited, site, services), services), websocket)
