"""Requests that survive a bad connection: repeated with patience when repeating is harmless, refused by type if not.

Every request here may be repeated: reads and deletions by nature, creations by their Idempotency-Key, batches of
tasks by their sequence number. What may not is sent with `repeatable=False`.
"""

from collections.abc import Awaitable, Callable, Mapping
from copy import copy

import httpx2

from we1web import __version__
from we1web.sdk.clock import Pacing
from we1web.sdk.errors import ApiError, Unavailable, from_problem
from we1web.sdk.models import read_json

TIMEOUT_S = 60.0
MAX_RETRY_AFTER_S = 60.0
_NOT_NOW = frozenset({429, 502, 503, 504})
TokenSource = Callable[[], Awaitable[str]]


class Transport:
    """One coordinator over HTTP."""

    def __init__(
        self, url: str, token: TokenSource, pacing: Pacing, http: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._token = token
        self._pacing = pacing
        self._url = url
        limits = httpx2.Limits(max_connections=16)
        headers = {"User-Agent": f"we1web/{__version__}"}
        self._http = httpx2.AsyncClient(
            base_url=url, timeout=TIMEOUT_S, limits=limits, headers=headers, transport=http, follow_redirects=False
        )

    async def close(self) -> None:
        await self._http.aclose()

    def of_a_job(self) -> "Transport":
        """The same connections, with the patience of a running job."""
        patient = copy(self)
        patient._pacing = self._pacing.of_a_job()
        return patient

    async def request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        repeatable: bool = True,
        absent_is_fine: bool = False,
    ) -> httpx2.Response:
        """The answer, if it is a good one (or 404 where that is fine). Raises ApiError."""
        failures = 0
        started_s = self._pacing.now_s()
        while True:
            delay_s, error = 0.0, None
            try:
                response = await self._send(method, path, content, headers, params)
            except httpx2.TransportError as lost:
                error = self._unreachable(lost)
                certainly_not_done = isinstance(lost, httpx2.ConnectError | httpx2.ConnectTimeout)
                worth_repeating = repeatable or certainly_not_done
            except Unavailable as unrenewed:  # the token's renewal met the outage first: nothing was sent
                error, worth_repeating = unrenewed, True
            else:
                if response.is_success or (absent_is_fine and response.status_code == 404):
                    return response
                error = from_problem(response.status_code, read_json(response.content))
                worth_repeating = response.status_code in _NOT_NOW or (error.retryable and repeatable)
                delay_s = _retry_after_s(response)
            failures += 1
            if not worth_repeating or self._pacing.now_s() - started_s >= self._pacing.patience_s:
                raise error
            await self._pacing.sleep(max(delay_s, self._pacing.delay_s(failures - 1)))

    async def _send(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
    ) -> httpx2.Response:
        token = await self._token()
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return await self._http.request(
            method, path, content=content, headers={**bearer, **(headers or {})}, params=params
        )

    def _unreachable(self, lost: httpx2.TransportError) -> ApiError:
        reason = str(lost) or type(lost).__name__
        return Unavailable(
            f"{self._url} is not reachable: {reason}", hint="is the coordinator running? `we1web doctor`"
        )


def _retry_after_s(response: httpx2.Response) -> float:
    """What the coordinator asks us to wait, in whole seconds; dates are not worth a calendar here."""
    text = response.headers.get("retry-after", "")
    return min(float(text), MAX_RETRY_AFTER_S) if text.isdigit() else 0.0
