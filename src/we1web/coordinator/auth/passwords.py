"""Argon2id hashes of passwords, computed in a few threads so that the event loop never waits for one.

Must never log or keep a password. An unknown address costs as much time as a wrong password.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from we1web.coordinator.auth.errors import AuthBusy, WeakPassword

MIN_CHARS = 8
MAX_BYTES = 1_024
THREADS = 2
MAX_WAITING = 64
_MEMORY_KIB = 19_456
_PASSES = 2

T = TypeVar("T")


class Passwords:
    """Hashes and verifies; at most `threads` at a time, at most `max_waiting` in line, then AuthBusy."""

    def __init__(self, threads: int = THREADS, max_waiting: int = MAX_WAITING):
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._max_waiting = max_waiting
        self._waiting = 0
        self._nobody = self._hasher.hash("the hash an unknown address is checked against")

    async def hash(self, password: str) -> str:
        """The hash to store. Raises WeakPassword when the password may not be used."""
        check_strength(password)
        return await self._in_thread(lambda: self._hasher.hash(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one of that hash; `None` (no such account) takes as long and is never right."""
        if not _encodable(password):
            return False
        right = await self._in_thread(lambda: self._matches(stored or self._nobody, password))
        return right and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._max_waiting:
            raise AuthBusy("too many logins at once")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def check_strength(password: str) -> None:
    """Raises WeakPassword, which says what a password needs."""
    if len(password) < MIN_CHARS:
        raise WeakPassword("the password is too short", hint=f"use at least {MIN_CHARS} characters")
    if not _encodable(password):
        raise WeakPassword("the password is too long or no text", hint=f"use at most {MAX_BYTES} bytes of UTF-8")


def _encodable(password: str) -> bool:
    try:
        return len(password.encode()) <= MAX_BYTES
    except UnicodeEncodeError:
        return False
