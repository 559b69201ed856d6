"""Frames over the standard pipes of a confined process of ours: the inner end of agent/sandbox.py."""

import os
import sys
from typing import NoReturn

_INPUT, _OUTPUT = 0, 1


def read() -> bytes:
    """The next frame. Ends the process when the agent closed the pipe."""
    return _exactly(int.from_bytes(_exactly(4), "little"))


def write(body: bytes) -> None:
    view = memoryview(len(body).to_bytes(4, "little") + body)
    while view:
        view = view[os.write(_OUTPUT, view) :]


def _exactly(size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = os.read(_INPUT, min(size - len(data), 1 << 20))
        if not part:
            _leave()
        data += part
    return bytes(data)


def _leave() -> NoReturn:
    sys.exit(0)
