"""`we1web up`: a whole coordinator on this machine, database included, until it is told to stop."""

import asyncio
import gc
import signal
import sys
from pathlib import Path

import uvloop
from rich.console import Console

from we1web.coordinator import config as settings
from we1web.coordinator.app import Application
from we1web.coordinator.config import Config, ConfigError
from we1web.coordinator.telemetry import configure_logging
from we1web.protocol.errors import We1webError

FAILED = 1
BAD_SETTING = 2
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def command(*, host: str | None = None, port: int | None = None, data_dir: Path | None = None) -> None:
    """Run a coordinator: HTTP API, WebSocket for nodes, and its database.

    Without DATABASE_URL an embedded PostgreSQL runs in the data directory. Ctrl-C or SIGTERM stop it cleanly; a second
    one stops it at once. Everything else is set in the environment: docs/settings.md.
    Exit codes: 0 stopped, 1 could not start, 2 a setting is wrong.

    Parameters
    ----------
    host
        Address to listen on (WE1WEB_HOST); 0.0.0.0 lets other machines in.
    port
        Port to listen on (WE1WEB_PORT); 0 takes any free one.
    data_dir
        Where the database, the blobs and the operator's token are kept (WE1WEB_DATA_DIR).
    """
    try:
        config = settings.load(host=host, port=port, data_dir=data_dir)
        configure_logging(config.log_level, config.log_format)
        uvloop.run(_serve(config))
    except We1webError as error:
        Console(stderr=True).print(f"we1web up: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(BAD_SETTING if isinstance(error, ConfigError) else FAILED)


async def _serve(config: Config) -> None:
    stopping = _stop_on_signals()
    app = await Application.create(config)
    try:
        await app.start()
        _announce(app)
        _settle_memory()
        await stopping.wait()
    finally:
        _listen_no_more()
        await app.stop()


def _stop_on_signals() -> asyncio.Event:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    return stopping


def _listen_no_more() -> None:
    """A second signal then ends the process at once: what was acknowledged is on disk."""
    for number in SIGNALS:
        asyncio.get_running_loop().remove_signal_handler(number)


def _settle_memory() -> None:
    """What is loaded now stays; the collector need not walk it, nor run at every handful of messages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _announce(app: Application) -> None:
    """What somebody needs next, on standard output."""
    lines = (
        f"WE1WEB listens on {app.url}",
        f"  join a node      we1web node --join {app.url} --token TOKEN",
        f"  operator token   {app.operator_token_path.resolve()}",
        f"  web app          open {app.url} in a browser",
        "  stop             Ctrl-C",
    )
    print("\n".join(lines), flush=True)
