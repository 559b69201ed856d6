"""Token buckets in bounded memory: how many requests one key may still make now. Must never await or read a clock."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from math import ceil

MAX_KEYS = 50_000
"""Buckets kept; the least recently used is forgotten first (it is the fullest, so forgetting it costs little)."""


@dataclass(frozen=True)
class Allowance:
    """The answer for one request, and what the RateLimit headers say."""

    limit: int
    remaining: int
    reset_s: int
    """Seconds until the bucket is full again."""
    retry_after_s: int
    """0: granted. Otherwise how long to wait for the next request."""

    @property
    def granted(self) -> bool:
        return self.retry_after_s == 0

    def headers(self) -> dict[str, str]:
        fields = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_s),
        }
        return fields if self.granted else fields | {"Retry-After": str(self.retry_after_s)}


class Buckets:
    """One bucket a key, refilled at `per_s`, holding at most `burst`. Only the time it is full again is stored."""

    def __init__(self, per_s: float, burst: int, max_keys: int = MAX_KEYS):
        self._cost_s = 1 / per_s
        self._burst = burst
        self._max_keys = max_keys
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str, now_s: float) -> Allowance:
        """Takes one token of `key` if there is one. A refused request costs nothing."""
        full_at = max(self._full_at.pop(key, now_s), now_s) + self._cost_s
        wait_s = full_at - now_s - self._burst * self._cost_s
        if wait_s > 1e-9:
            full_at -= self._cost_s
        self._full_at[key] = full_at
        if len(self._full_at) > self._max_keys:
            self._full_at.popitem(last=False)
        return self._allowance(full_at - now_s, wait_s)

    def _allowance(self, empty_s: float, wait_s: float) -> Allowance:
        remaining = max(0, int(self._burst - empty_s / self._cost_s + 1e-6))
        retry_after_s = max(1, ceil(wait_s)) if wait_s > 1e-9 else 0
        return Allowance(self._burst, remaining, ceil(empty_s), retry_after_s)


def address_key(host: str) -> str:
    """The key of a peer's address: IPv6 users own a /64 at least, so its addresses share one bucket."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(ipaddress.ip_network((address, 64), strict=False))
