"""When a node pauses, and why: conditions in, a reason out. Pure; the contributor always reads the reason.

It must never flap: a pause for something that comes and goes lasts until the thing has stayed away for a while.
"""

from dataclasses import dataclass
from enum import StrEnum


class When(StrEnum):
    IDLE = "idle"
    """Work only while nobody uses the machine, it is on mains power and other programs leave it alone."""
    ALWAYS = "always"
    """Work whatever else happens on the machine."""


class Reason(StrEnum):
    DRAINING = "draining"
    EXPELLED = "expelled"
    OWNER_PAUSED = "owner_paused"
    FAILING = "failing"
    ON_BATTERY = "on_battery"
    USER_PRESENT = "user_present"
    CPU_BUSY = "cpu_busy"


WORDS: dict[Reason, str] = {
    Reason.DRAINING: "leaving: finishing what runs",
    Reason.EXPELLED: "expelled: too many wrong results; see the node's page",
    Reason.OWNER_PAUSED: "paused by its owner",
    Reason.FAILING: "work fails on this machine; trying again soon",
    Reason.ON_BATTERY: "the machine runs on battery",
    Reason.USER_PRESENT: "somebody uses the machine",
    Reason.CPU_BUSY: "other programs need the processor",
}
"""What a contributor reads."""

PRESENT_S = 120.0
"""Input this recent means that somebody is there."""
BUSY_SHARE, CALM_SHARE = 0.5, 0.25
"""Pause above, go on below: share of all cores that other programs use."""
HOLD_S: dict[Reason, float] = {Reason.ON_BATTERY: 30.0, Reason.USER_PRESENT: 0.0, Reason.CPU_BUSY: 20.0}
"""How long the cause must have stayed away. (Presence is slow by itself: it takes PRESENT_S to end.)"""


@dataclass(frozen=True)
class Conditions:
    """What is known now. None means unknown, and unknown never pauses a node."""

    status: str = "active"
    draining: bool = False
    failing: bool = False
    on_battery: bool | None = None
    user_idle_s: float | None = None
    others_share: float | None = None


@dataclass(frozen=True)
class Pause:
    """The verdict: a reason, or None to work. `seen_at` is when the cause was last seen."""

    reason: Reason | None = None
    seen_at: float = 0.0


def judge(before: Pause, now: float, when: When, conditions: Conditions) -> Pause:
    """The next verdict. Causes that somebody decided count at once, both ways; the others with hysteresis."""
    reason = _decided(conditions) or (_sensed(before.reason, conditions) if when is When.IDLE else None)
    if reason is not None:
        return Pause(reason, now)
    hold_s = HOLD_S.get(before.reason, 0.0) if before.reason and when is When.IDLE else 0.0
    return before if now - before.seen_at < hold_s else Pause()


def _decided(conditions: Conditions) -> Reason | None:
    if conditions.draining:
        return Reason.DRAINING
    if conditions.status == "expelled":
        return Reason.EXPELLED
    if conditions.status != "active":
        return Reason.OWNER_PAUSED
    return Reason.FAILING if conditions.failing else None


def _sensed(before: Reason | None, conditions: Conditions) -> Reason | None:
    if conditions.on_battery:
        return Reason.ON_BATTERY
    if conditions.user_idle_s is not None and conditions.user_idle_s < PRESENT_S:
        return Reason.USER_PRESENT
    limit = CALM_SHARE if before is Reason.CPU_BUSY else BUSY_SHARE
    if conditions.others_share is not None and conditions.others_share > limit:
        return Reason.CPU_BUSY
    return None


@dataclass
class Troubles:
    """Counts what went wrong on this machine in a row, so that a broken node does not take work only to return it."""

    tolerated: int = 3
    first_rest_s: float = 10.0
    longest_rest_s: float = 600.0
    in_a_row: int = 0
    resting_until: float = 0.0

    def failed(self, now: float) -> None:
        self.in_a_row += 1
        excess = self.in_a_row - self.tolerated
        if excess >= 0:
            self.resting_until = now + min(self.longest_rest_s, self.first_rest_s * 2.0 ** min(excess, 16))

    def succeeded(self) -> None:
        self.in_a_row = 0

    def failing(self, now: float) -> bool:
        return now < self.resting_until
