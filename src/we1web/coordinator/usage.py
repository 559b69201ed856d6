"""How many bytes each user keeps, remembered for a minute: summing a user's blobs at every upload would grow with them.

Bounded, approximate within that minute across processes; the exact sum is the database's.
"""

from collections import OrderedDict

MAX_USERS = 10_000
FRESH_S = 60.0


class UsageCache:
    """user key → (bytes, when they were counted)."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[int, float]] = OrderedDict()

    def get(self, user_key: int, now_s: float) -> int | None:
        """The bytes, or None when they must be counted again."""
        used, counted_s = self._known.get(user_key, (0, -FRESH_S))
        return used if now_s - counted_s < FRESH_S else None

    def put(self, user_key: int, used_bytes: int, now_s: float) -> None:
        self._known[user_key] = (used_bytes, now_s)
        self._known.move_to_end(user_key)
        if len(self._known) > MAX_USERS:
            self._known.popitem(last=False)

    def add(self, user_key: int, more_bytes: int) -> None:
        """An upload happened; the time of counting stays."""
        if user_key in self._known:
            used, counted_s = self._known[user_key]
            self._known[user_key] = (used + more_bytes, counted_s)
