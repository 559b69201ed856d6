"""A receiver of events."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """Where events go, and which."""

    url: str
    secret: str
    events: tuple[str, ...] = ("*",)
    thin: bool = False
    """Thin events of the second version instead of snapshots."""
    connect: bool = False
    """Snapshots of what happens at connected accounts instead of at the platform."""

    def wants(self, kind: str, *, thin: bool, of_connected_account: bool) -> bool:
        if self.thin != thin or (not thin and self.connect != of_connected_account):
            return False
        return "*" in self.events or kind in self.events
