"""How the agent speaks: JSON lines for machines, short coloured lines for a person at a terminal. Always on stderr.

It must never print a token: callers log codes and ids, not what they were given.
"""

import logging
import sys

import structlog


def configure(*, for_people: bool, verbose: bool = False) -> None:
    """People are told what they should act on, log collectors what happens, the curious about every bundle too."""
    level = logging.DEBUG if verbose else logging.WARNING if for_people else logging.INFO
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(pad_event_to=0) if for_people else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso" if not for_people else "%H:%M:%S"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked for at every line, because a status line replaces sys.stderr while it is shown.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
