"""Waiting for what another process does: asks again until the answer is there, or says what it waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
INTERVAL_S = 0.05


async def eventually(ask: Callable[[], Awaitable[T | None]], what: str, timeout_s: float = 60.0) -> T:
    """The first answer that is not None. Raises TimeoutError naming `what` after `timeout_s`."""
    try:
        async with asyncio.timeout(timeout_s):
            while (answer := await ask()) is None:  # noqa: ASYNC110 (no event reaches us from another process)
                await asyncio.sleep(INTERVAL_S)
            return answer
    except TimeoutError:
        raise TimeoutError(f"not within {timeout_s} s: {what}") from None
