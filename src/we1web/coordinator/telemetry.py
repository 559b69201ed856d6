"""Structured logs and metrics. Must never print a secret: keys that name one are masked, tokens inside text too."""

import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_SECRET_KEY = re.compile(r"password|secret|token|authorization|cookie|api_?key|dsn", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"we1_[\w-]{20,}|(?:sk|rk)_(?:live|test)_\w+|whsec_\w+|eyJ[\w-]{10,}\.[\w.-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
_MASK = "[masked]"

Event = MutableMapping[str, Any]
logger = structlog.stdlib.get_logger("we1web")


def mask_secrets(_logger: object, _method: str, event: Event) -> Event:
    """Masks values whose key names a secret, and tokens and passwords of URLs inside any text."""
    for key, value in event.items():
        if _SECRET_KEY.search(key):
            event[key] = _MASK
        elif isinstance(value, str):
            event[key] = _SECRET_TEXT.sub(_MASK, value)
    return event


def configure_logging(level: str = "info", form: str = "auto") -> None:
    """One format for our logs and the libraries': JSON lines, or colours when a terminal reads them."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    renderer = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    shared = _shared_processors(console)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    _route_stdlib(level, shared, renderer)


def _shared_processors(console: bool) -> list[structlog.types.Processor]:
    """`mask_secrets` is last: by then a traceback is text, and is masked like any other."""
    tracebacks = [] if console else [structlog.processors.format_exc_info]
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *tracebacks,
        mask_secrets,
    ]


def _route_stdlib(level: str, shared: list[structlog.types.Processor], renderer: Any) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask_secrets, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())


class _Numbers(Collector):
    """The market's own numbers as gauges, read at the moment somebody asks."""

    def __init__(self, read: Callable[[], Mapping[str, float]]):
        self._read = read

    def collect(self) -> Iterable[Metric]:
        for name, value in sorted(self._read().items()):
            yield GaugeMetricFamily(f"we1web_market_{name}", f"The market's {name.replace('_', ' ')}.", value=value)


class Metrics:
    """Counters of one coordinator, in a registry of their own (tests run several in one process)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        labels = ("method", "route", "status")
        self.requests = Counter("we1web_http_requests", "HTTP requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "we1web_http_request_seconds",
            "Time from the first byte of a request to the end of its answer.",
            ("route",),
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=self.registry,
        )
        self.limited = Counter("we1web_http_limited", "Requests refused with 429.", ("by",), registry=self.registry)
        self.notices = Counter(
            "we1web_rail_notices", "Notices of payment rails, by what became of them.", ("end",), registry=self.registry
        )
        rail = ("rail", "currency")
        self.rail_difference = Gauge(
            "we1web_rail_difference_micros",
            "A rail's movements plus our clearing account.",
            rail,
            registry=self.registry,
        )
        self.rail_unexplained = Gauge(
            "we1web_rail_unexplained", "Movements of a rail that no posting explains.", rail, registry=self.registry
        )
        self.payouts = Counter(
            "we1web_payout_answers",
            "Answers of payment rails about payouts, by rail and kind.",
            ("rail", "answer"),
            registry=self.registry,
        )
        self.loops = Counter("we1web_loop_runs", "Runs of a background loop.", ("loop", "end"), registry=self.registry)

    def watch(self, read: Callable[[], Mapping[str, float]]) -> None:
        """Adds the market's numbers to what /metrics answers."""
        self.registry.register(_Numbers(read))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def render(self) -> bytes:
        return generate_latest(self.registry)
