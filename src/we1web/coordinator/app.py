"""The composition root: makes every part of a coordinator, starts it, stops it. The only module that knows them all."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from we1web.coordinator import instance, stripe_client
from we1web.coordinator.actions import accounts, payout_reading
from we1web.coordinator.auth.auth import Auth
from we1web.coordinator.auth.errors import AuthError
from we1web.coordinator.auth.identity import identify
from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.clock import Clock, SystemClock
from we1web.coordinator.config import Config, ConfigError
from we1web.coordinator.http import api
from we1web.coordinator.loops.blob_garbage import BlobGarbage
from we1web.coordinator.loops.blob_orphans import BlobOrphans
from we1web.coordinator.loops.funding_reads import FundingReads, FundingRefunds
from we1web.coordinator.loops.fx_rates import FxRates
from we1web.coordinator.loops.idempotency_keys import IdempotencyKeys
from we1web.coordinator.loops.job_deadlines import JobDeadlines
from we1web.coordinator.loops.ledger_fold import LedgerFold
from we1web.coordinator.loops.login_sessions import LoginSessions
from we1web.coordinator.loops.loop import Loop, Runner
from we1web.coordinator.loops.old_notices import OldNotices
from we1web.coordinator.loops.payout_account_reads import PayoutAccountReads
from we1web.coordinator.loops.payout_plans import PayoutPlans
from we1web.coordinator.loops.payout_reads import PayoutReads
from we1web.coordinator.loops.payout_sender import PayoutSender
from we1web.coordinator.loops.pool_pots import PoolPots
from we1web.coordinator.loops.rail_notices import RailNotices
from we1web.coordinator.loops.rail_reconcile import RailReconcile
from we1web.coordinator.market.market import Market as RealMarket
from we1web.coordinator.rails import Rails
from we1web.coordinator.services import Market, Services
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.embedded import EmbeddedPostgres
from we1web.coordinator.storage.migrate import migrate
from we1web.coordinator.telemetry import Metrics, logger
from we1web.coordinator.usage import UsageCache
from we1web.coordinator.ws.route import WebSocketApp
from we1web.protocol.errors import We1webError
from we1web.protocol.limits import MAX_FRAME_BYTES

BACKLOG = 2_048
KEEP_ALIVE_S = 30
WATCH_S = 0.5
OPERATOR_TOKEN_FILE = "operator.token"

MarketMaker = Callable[[Clock, Database, BlobStore], tuple[Market, ASGIApp]]
"""Makes the market and what answers on its WebSocket; tests pass a small one."""
LoopMaker = Callable[[Services], list[Loop]]
"""Makes the background duties; tests that run one at a time pass none."""


def make_real_market(clock: Clock, database: Database, blobs: BlobStore) -> tuple[Market, ASGIApp]:
    """The market, seeded anew at each start: who votes on what must not be predictable."""
    market = RealMarket(database, blobs, seed=clock.new_id().int)
    return market, WebSocketApp(database, market)


class Application:
    """One coordinator in this process: `create`, `start`, `stop`."""

    def __init__(
        self,
        services: Services,
        asgi: ASGIApp,
        runner: Runner,
        listener: socket.socket,
        embedded: EmbeddedPostgres | None,
        resources: AsyncExitStack,
    ):
        self.services = services
        self.asgi = asgi
        self.url = url_of(services.config, listener)
        self._runner = runner
        self._listener = listener
        self._embedded = embedded
        self._resources = resources
        self._server = _server(asgi, services.config)
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def create(
        cls,
        config: Config,
        *,
        clock: Clock | None = None,
        make_market: MarketMaker = make_real_market,
        make_loops: LoopMaker | None = None,
    ) -> "Application":
        """Everything but serving: the port is taken, the database runs and is migrated. Undone when it fails."""
        async with AsyncExitStack() as stack:
            listener = stack.enter_context(listen(config.host, config.port))
            embedded, dsn = await _database_server(config, stack)
            services, websocket = await _services(config, clock or SystemClock(), dsn, listener, make_market, stack)
            runner = Runner(services, (make_loops or loops_of)(services))
            return cls(services, api.build(services, websocket), runner, listener, embedded, stack.pop_all())
        raise AssertionError("an exit stack of ours swallows nothing")

    @property
    def operator_token_path(self) -> Path:
        return self.services.config.data_dir / OPERATOR_TOKEN_FILE

    async def start(self) -> None:
        """Serves. What was left by an earlier life is taken up first, so no request meets a half-awake market."""
        if self._embedded is not None:
            self._tasks.append(asyncio.create_task(_keep_alive(self._embedded), name="postgres watch"))
        await self._keep_operator_token()
        await self.services.market.start()
        self._runner.start()
        serving = asyncio.create_task(self._server.serve([self._listener]), name="http server")
        self._tasks.append(serving)
        await self._server.ready.wait()
        logger.info("listening", url=self.url)

    async def stop(self) -> None:
        """Finishes what is being answered (for a while), then stops every part in the opposite order."""
        self._server.should_exit = True
        await self._runner.stop()
        for task in self._tasks:
            if task.get_name() != "http server":
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.services.market.stop()
        await self._resources.aclose()

    async def _keep_operator_token(self) -> None:
        """The operator's token of an earlier life goes on; a fresh one is made when there is none that works.

        Where accounts are another issuer's, the database's owner says who is an operator, and nothing is made here.
        """
        if not self.services.auth.verifier.local:
            return
        try:
            token = (await asyncio.to_thread(self.operator_token_path.read_text, encoding="ascii")).strip()
            if (await identify(self.services.database, token)).is_operator:
                return
        except (FileNotFoundError, UnicodeDecodeError, AuthError):
            pass
        token = await accounts.operator_token(self.services.auth)
        await asyncio.to_thread(_write_private, self.operator_token_path, token + "\n")


class _Server(uvicorn.Server):
    """Uvicorn, without its grip on signals (they are the command line's), and with an event when it serves."""

    def __init__(self, config: uvicorn.Config):
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()


def _server(app: ASGIApp, config: Config) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_max_size=MAX_FRAME_BYTES,
            ws_per_message_deflate=False,
            access_log=False,
            log_config=None,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=round(config.shutdown_grace_s),
            forwarded_allow_ips=config.trusted_proxies,
        )
    )


@contextlib.contextmanager
def listen(host: str, port: int) -> Generator[socket.socket, None, None]:
    """The listening socket: taken first, because a port in use is the most common mistake.

    Its protocol is named because asyncio sends small answers at once (TCP_NODELAY) only on sockets that name it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            hint = "choose another with --port or WE1WEB_PORT; 0 takes any free one"
            raise ConfigError(f"cannot listen on {host} port {port}: {error.strerror}", hint=hint) from None
        listener.listen(BACKLOG)
        listener.setblocking(False)
        yield listener


def url_of(config: Config, listener: socket.socket) -> str:
    """Where clients reach us: what the operator says, or what we listen on."""
    host, port = listener.getsockname()[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return config.public_url.rstrip("/") or f"http://{name}:{port}"


async def _database_server(config: Config, stack: AsyncExitStack) -> tuple[EmbeddedPostgres | None, str]:
    """The operator's server, or one of our own in the data directory."""
    await asyncio.to_thread(config.data_dir.mkdir, parents=True, exist_ok=True)
    if config.database_url is not None:
        return None, config.database_url.get_secret_value()
    embedded = EmbeddedPostgres(config.data_dir)
    stack.push_async_callback(asyncio.to_thread, embedded.stop)
    return embedded, await asyncio.to_thread(embedded.start)


async def _services(
    config: Config,
    clock: Clock,
    dsn: str,
    listener: socket.socket,
    make_market: MarketMaker,
    stack: AsyncExitStack,
) -> tuple[Services, ASGIApp]:
    applied = await migrate(dsn)
    logger.info("database ready", applied=applied)
    database = await Database.open(dsn)
    stack.push_async_callback(database.close)
    public_url, jwks_url = url_of(config, listener), config.auth_jwks_url
    auth = await Auth.open(database, clock=clock, public_url=public_url, jwks_url=jwks_url)
    stack.callback(auth.close)
    blobs = BlobStore(config.data_dir / "blobs")
    await asyncio.to_thread(blobs.prepare)
    market, websocket = make_market(clock, database, blobs)
    metrics = Metrics()
    metrics.watch(market.numbers)
    rails = Rails(public_url, await stack.enter_async_context(stripe_client.opened(config, clock)))
    name = stack.enter_context(instance.held(config.data_dir, clock.new_id))
    return Services(config, clock, database, auth, blobs, market, metrics, UsageCache(), rails, name), websocket


def loops_of(services: Services) -> list[Loop]:
    """Every background duty of this program."""
    config = services.config
    return [
        IdempotencyKeys(config.idempotency_keep_s),
        LoginSessions(),
        PoolPots(),
        BlobGarbage(services.blobs, config.blob_keep_s),
        BlobOrphans(services.blobs),
        JobDeadlines(services.market.cancel_job),
        LedgerFold(),
        FundingReads(services),
        *([FxRates(services, config.rates)] if config.rates else ()),
        *payout_loops(services),
        *(stripe_loops(services) if services.rails.stripe else ()),
    ]


def payout_loops(services: Services) -> list[Loop]:
    """The duties that pay people."""
    rails = payout_reading.rails_of(services)
    return [PayoutPlans(services), PayoutSender(services, rails), PayoutReads(services, rails)]


def stripe_loops(services: Services) -> list[Loop]:
    """The duties that there are with a Stripe account only."""
    return [
        RailNotices(services),
        OldNotices(),
        FundingRefunds(services),
        RailReconcile(services),
        PayoutAccountReads(services),
    ]


async def _keep_alive(embedded: EmbeddedPostgres) -> None:
    """Restarts the embedded server when it dies; everything else meets a lost connection and tries again."""
    while True:
        await asyncio.sleep(WATCH_S)
        try:
            if await asyncio.to_thread(lambda: embedded.pid) is None:
                logger.warning("the embedded PostgreSQL is gone, restarting it")
                await asyncio.to_thread(embedded.ensure)
        except We1webError as error:
            logger.warning("the embedded PostgreSQL does not start yet", error=str(error))
        except Exception:
            logger.exception("watching the embedded PostgreSQL failed")


def _write_private(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
