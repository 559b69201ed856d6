"""Inputs to tasks, lazily: a thread walks the inputs, batches form by themselves while the one before is on its way.

It must never hold more than a few batches, however many inputs there are.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from we1web.protocol import outcome, values
from we1web.protocol.limits import INLINE_BYTES, MAX_BLOB_BYTES
from we1web.sdk.api import Api
from we1web.sdk.errors import BadInput

BATCH_TASKS = 1_000
BATCH_BYTES = 4 << 20
PARALLEL_UPLOADS = 8
_END = object()
Encode = Callable[[tuple[Any, ...]], bytes]


def encode_python(arguments: tuple[Any, ...]) -> bytes:
    """The payload of a call. Raises CodecError."""
    return values.dumps(list(arguments))


def encode_bytes(arguments: tuple[Any, ...]) -> bytes:
    """The standard input of a WebAssembly module. Raises CodecError for anything but bytes."""
    match arguments:
        case (bytes() | bytearray() | memoryview() as data,):
            return bytes(data)
        case (str() as text,):
            return text.encode()
    raise values.CodecError("a WebAssembly module takes bytes: encode the input first")


@dataclass(frozen=True)
class Batch:
    """Some payloads in input order; `last` when no input follows them."""

    payloads: list[bytes]
    last: bool


class Batches:
    """The inputs as batches. The inputs are walked in a thread of their own, because they may be slow."""

    def __init__(self, inputs: Iterable[tuple[Any, ...]], encode: Encode, *, known: int | None) -> None:
        self._inputs = inputs
        self._encode = encode
        # A known number of inputs: wait for all of them and their end, so that a small job is one request.
        self._wanted_first = min(known + 1, BATCH_TASKS) if known is not None else 1
        self._queue: queue.Queue[Any] = queue.Queue(maxsize=2 * BATCH_TASKS)
        self._stopped = threading.Event()
        self._left_over: bytes | None = None
        threading.Thread(target=self._walk, name="we1web-inputs", daemon=True).start()

    def stop(self) -> None:
        """No further inputs, please: also wakes the thread that waits for room."""
        self._stopped.set()
        while not self._queue.empty():
            self._queue.get_nowait()

    async def take(self) -> Batch:
        """The next batch: what has gathered by now, at least one. Raises what the inputs raised, or BadInput."""
        wanted, self._wanted_first = self._wanted_first, 1
        return await asyncio.to_thread(self._take, wanted)

    def _walk(self) -> None:
        try:
            for payload in self._payloads():
                self._queue.put(payload)
                if self._stopped.is_set():
                    return
            self._queue.put(_END)
        except BaseException as error:  # whatever the requester's own iterator raises belongs to the requester
            self._queue.put(error)

    def _payloads(self) -> Iterator[bytes]:
        for index, arguments in enumerate(self._inputs):
            try:
                payload = self._encode(arguments)
            except values.CodecError as error:
                raise BadInput(f"input {index}: {error}", hint="send plain values; see docs/errors.md") from None
            if len(payload) > MAX_BLOB_BYTES:
                raise BadInput(f"input {index} is above {MAX_BLOB_BYTES} bytes", hint="split it")
            yield payload

    def _take(self, wanted: int) -> Batch:
        payloads: list[bytes] = []
        size = 0
        while len(payloads) < BATCH_TASKS:
            item = self._next(wait=len(payloads) < wanted)
            if item is None:
                break
            if item is _END:
                return Batch(payloads, last=True)
            if isinstance(item, BaseException):
                raise item
            if payloads and size + len(item) > BATCH_BYTES:
                self._left_over = item
                break
            payloads.append(item)
            size += len(item)
        return Batch(payloads, last=self._is_at_end())

    def _next(self, *, wait: bool) -> Any:
        if self._left_over is not None:
            item, self._left_over = self._left_over, None
            return item
        try:
            return self._queue.get(block=wait)
        except queue.Empty:
            return None

    def _is_at_end(self) -> bool:
        """A peek, so that the last batch can say that it is the last."""
        with self._queue.mutex:
            return self._left_over is None and bool(self._queue.queue) and self._queue.queue[0] is _END


async def to_arguments(api: Api, payloads: list[bytes]) -> list[bytes]:
    """Encoded arguments: small ones inline, large ones as names of blobs that are uploaded first, several at once."""
    gate = asyncio.Semaphore(PARALLEL_UPLOADS)

    async def encoded(payload: bytes) -> bytes:
        if len(payload) <= INLINE_BYTES:
            return outcome.inline(payload)
        async with gate:
            return outcome.reference(await api.put_blob(payload), len(payload))

    if all(len(payload) <= INLINE_BYTES for payload in payloads):
        return [outcome.inline(payload) for payload in payloads]
    return list(await asyncio.gather(*map(encoded, payloads)))
