"""Devices of strangers: how fast, how big, how far away, and when they are there.

Figures follow what volunteer networks report: speeds spread log-normally, tabs stay for minutes and vanish, desktops
stay for hours and mostly leave politely, and everybody sleeps at night. A population is a pure function of its size
and a generator; a new one is one function and one line in `POPULATIONS`.
"""

from collections.abc import Callable
from math import cos, pi
from random import Random
from typing import NamedTuple

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
GIB = 1 << 30
COUNTRIES = {"US": -6, "BR": -3, "GB": 0, "DE": 1, "IN": 5, "JP": 9}
"""Country → hours from UTC."""


class Device(NamedTuple):
    """What a device can do and when. Seconds, bytes; speed 1 does one second of work in one second a core."""

    kind: str = "server"
    speed: float = 1.0
    cores: int = 2
    memory_bytes: int = 4 * GIB
    rtt_s: float = 0.05
    bytes_per_s: float = 4e6
    gpu: str = ""
    country: str = ""
    build: str = ""
    """What it says it runs on."""
    floor_micros_per_h: int = 0
    session_s: float = 0.0
    """Median time it stays; 0: for ever."""
    gap_s: float = 0.0
    """Median time it is away, by day."""
    nights: float = 0.0
    """How much less likely it comes back at night: 0 not at all, 1 never at 3 o'clock."""
    politeness: float = 1.0
    """Chance that it gives back what it holds when it leaves."""
    slow_share: float = 0.0
    """Share of its bundles that take ten times as long: somebody plays a game."""


BUILDS = {"linux-x86_64": 45, "windows-x86_64": 35, "macos-arm64": 15, "linux-aarch64": 5}
"""What nodes say they run on → share in per cent: strangers often say the same."""
Population = Callable[[int, Random], list[Device]]


def steady(n: int, random: Random) -> list[Device]:
    """Always there, of different speeds: what attacks are measured on."""
    return [
        Device(
            "server",
            random.lognormvariate(0, 0.4),
            random.choice((1, 2, 2, 4)),
            rtt_s=random.uniform(0.01, 0.2),
            build=_build(random),
        )
        for _ in range(n)
    ]


def volunteers(n: int, random: Random) -> list[Device]:
    """Half tabs, three tenths desktops, the rest phones and small servers, around the world."""
    kinds = random.choices((tab, desktop, phone, server), (50, 30, 12, 8), k=n)
    return [kind(random) for kind in kinds]


def tabs(n: int, random: Random) -> list[Device]:
    """Nothing but browser tabs that are opened and closed."""
    return [tab(random) for _ in range(n)]


def tab(random: Random) -> Device:
    return _placed(
        random,
        Device("tab", random.lognormvariate(-0.3, 0.5), random.choice((2, 4, 8)), 2 * GIB, politeness=0.3),
        session_s=8 * 60.0,
        gap_s=2 * HOUR_S,
    )


def desktop(random: Random) -> Device:
    device = Device(
        "desktop",
        random.lognormvariate(0.2, 0.4),
        random.choice((4, 8, 16)),
        random.choice((8, 16, 32)) * GIB,
        gpu="discrete" if random.random() < 0.3 else "",
        politeness=0.8,
        slow_share=0.02,
    )
    return _placed(random, device, session_s=3 * HOUR_S, gap_s=8 * HOUR_S)


def phone(random: Random) -> Device:
    return _placed(
        random,
        Device("phone", random.lognormvariate(-0.9, 0.4), 2, 2 * GIB, politeness=0.2, slow_share=0.05),
        session_s=20 * 60.0,
        gap_s=6 * HOUR_S,
    )


def server(random: Random) -> Device:
    return _placed(random, Device("server", random.lognormvariate(0.1, 0.2), 4, 16 * GIB, bytes_per_s=40e6))


def _placed(random: Random, device: Device, session_s: float = 0.0, gap_s: float = 0.0) -> Device:
    """Somewhere in the world, with the connection and the habits of its kind."""
    return device._replace(
        country=random.choice(list(COUNTRIES)),
        build=_build(random),
        rtt_s=random.lognormvariate(-2.8, 0.7),
        bytes_per_s=device.bytes_per_s * random.lognormvariate(0, 0.8),
        session_s=session_s,
        gap_s=gap_s,
        nights=0.8 if session_s else 0.0,
    )


def _build(random: Random) -> str:
    return random.choices(list(BUILDS), list(BUILDS.values()))[0]


POPULATIONS: dict[str, Population] = {"steady": steady, "volunteers": volunteers, "tabs": tabs}


def online_at_start(device: Device, random: Random) -> bool:
    """Whether it is there when the simulation begins."""
    return random.random() < share_online(device)


def share_online(device: Device) -> float:
    """Of the time, by day."""
    return device.session_s / (device.session_s + device.gap_s) if device.session_s else 1.0


def stays_s(device: Device, random: Random) -> float:
    """How long it stays this time."""
    return random.lognormvariate(0, 1.0) * device.session_s if device.session_s else float("inf")


def away_s(device: Device, now: float, random: Random) -> float:
    """How long it is away: candidates are drawn until one falls where its owner is awake."""
    waited = 0.0
    while True:
        waited += random.lognormvariate(0, 0.7) * device.gap_s
        if random.random() < awake(device, now + waited):
            return waited


def awake(device: Device, now: float) -> float:
    """Chance that somebody uses the device at this time (seconds since midnight UTC), 1 by day."""
    local_h = now / HOUR_S + COUNTRIES.get(device.country, 0)
    night = (1 + cos(2 * pi * (local_h - 3) / 24)) / 2
    return 1.0 - device.nights * night
