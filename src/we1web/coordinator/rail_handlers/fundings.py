"""Notices about money that comes in. Filled below."""

from we1web.coordinator.rail_handler import Handler

HANDLERS: dict[str, Handler] = {}
