"""Writes spec/vectors/*.json from the Python implementation; `--check` only compares. Run it after a deliberate change.

A vector that changes without a new protocol version breaks every node in the field: think twice.
"""

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from we1web.agent.runtime import Work, seed_of
from we1web.protocol import outcome, values
from we1web.protocol.codec import encode
from we1web.protocol.effects import Effect, Send
from we1web.protocol.messages import (
    Assigned,
    Cancel,
    Complete,
    Completed,
    Drain,
    ErrorMessage,
    Failed,
    Heartbeat,
    Held,
    Hello,
    JobInfo,
    JobProgress,
    Lease,
    Limits,
    PaymentProcessed,
    Refusal,
    Register,
    Registered,
    Report,
    Subscribe,
    Unsubscribe,
    Welcome,
)
from we1web.protocol.session import NodeSession

FOLDER = Path(__file__).parent / "vectors"

LIMITS = Limits(10_000, 256 << 20, 1 << 20, 0)
JOB = JobInfo(7, "wasm-1", bytes(range(32)), "_start", LIMITS, "Ada", "tiles", "a map of quiet streets")
BUNDLE = 3 << 20
LEASES = [
    Lease(BUNDLE, 7, [outcome.inline(b"a"), outcome.inline(b"b")], 30_000),
    Lease(BUNDLE + 2, 7, [b"\x04"], 30_000),
]
GRANT = bytes(range(16))
OFFER = Register("", "attic", 4, 8 << 30, ["wasm-1"], 5_000.5, 13, "linux-x86_64")
HELD = Held(GRANT, [BUNDLE, BUNDLE + 2], [BUNDLE + 2])
FAILURE = outcome.RemoteFailure("ValueError", "no", "Traceback ...")

CLIENT: dict[str, Any] = {
    "hello": Hello([1], "we1_token", "we1web/0.1.0"),
    "register": OFFER,
    "register again": msgspec.structs.replace(OFFER, node="5f0c", resume=[HELD]),
    "heartbeat": Heartbeat(2, 1, 0.5),
    "pause": Heartbeat(0, 0, 0.0, False, "user_present"),
    "complete": Complete(1, [Report(BUNDLE, [outcome.value(b"x", 5), outcome.error(FAILURE)], 1_234)]),
    "failed": Failed([BUNDLE], "runtime_broken", "it does not start"),
    "drain": Drain("SIGTERM"),
    "subscribe": Subscribe("00000000-0000-0000-0000-000000000001"),
    "unsubscribe": Unsubscribe("00000000-0000-0000-0000-000000000001"),
}
SERVER: dict[str, Any] = {
    "welcome": Welcome(1, 10.0, "we1web/0.1.0"),
    "registered": Registered("5f0c", "attic", "active", [BUNDLE + 2]),
    "assigned": Assigned(0, LEASES, [JOB], GRANT),
    "acknowledged": Assigned(3, refused=[Refusal(BUNDLE, "not_leased")]),
    "cancel": Cancel([BUNDLE], "job_cancelled"),
    "completed for a requester": Completed("j", [0, 4], ["verified", "failed"], [b"\0" * 9, b"\x03time_limit"], [3, 4]),
    "completed for a node": Completed("j", paid=2, rejected=1, earned_micros=900),
    "progress": JobProgress("j", "running", 10, 2, 1, 1_500, 9, "no node offers wasm-1"),
    "payment": PaymentProcessed("00000000-0000-0000-0000-000000000002", "transferred", "eur", 9_990_000, 9_710_000),
    "error": ErrorMessage("token_invalid", "the token is not good", "log in again", True),
}
REFUSED_BY_COORDINATOR: dict[str, bytes] = {
    "empty": b"",
    "not msgpack": b"\xc1",
    "not an array": msgspec.msgpack.encode({"hello": 1}),
    "unknown tag": msgspec.msgpack.encode(["node:explode", 1]),
    "a server's message": encode(SERVER["welcome"]),
    "wrong type": msgspec.msgpack.encode(["hello", "one", "token"]),
    "missing field": msgspec.msgpack.encode(["hello", [1]]),
    "trailing bytes": encode(CLIENT["drain"]) + b"\0",
    "no cores": encode(msgspec.structs.replace(OFFER, cores=0)),
    "name of 101 characters": encode(msgspec.structs.replace(OFFER, name="n" * 101)),
    "negative sequence": msgspec.msgpack.encode(["task:complete", -1, []]),
    "report without outcomes": msgspec.msgpack.encode(["task:complete", 1, [[1, [], 1]]]),
    "load that is no number": encode(Heartbeat(0, 0, float("nan"))),
}

JSON_VALUES: dict[str, tuple[str, str]] = {
    "null": ("null", "None"),
    "true": ("true", "True"),
    "false": ("false", "False"),
    "integers by width": (
        "[0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 18446744073709551615]",
        "[0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 18446744073709551615]",
    ),
    "negative integers by width": (
        "[-1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9223372036854775808, -0]",
        "[-1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9223372036854775808, 0]",
    ),
    "big integers": (
        "[18446744073709551616, -9223372036854775809, 1000000000000000000000000000000000000000]",
        "[18446744073709551616, -9223372036854775809, 1000000000000000000000000000000000000000]",
    ),
    "floats": ("[1.0, -0.0, 0.1, 1e300, 5e-324, 1.5E2]", "[1.0, -0.0, 0.1, 1e+300, 5e-324, 150.0]"),
    "floats beyond numbers": ("[NaN, Infinity, -Infinity, 1e999]", "[nan, inf, -inf, inf]"),
    "empty text": ('""', '""'),
    "text": ('"Zoë \\u20ac \\ud83d\\ude00 \\"x\\" \\n"', '"Zoë € 😀 \\"x\\" \\n"'),
    "text of 32 bytes": (json.dumps("x" * 32), json.dumps("x" * 32)),
    "text of 300 bytes": (json.dumps("x" * 300), json.dumps("x" * 300)),
    "lists": ("[[], [1, [2, [3]]]]", "[[], [1, [2, [3]]]]"),
    "list of 16": (json.dumps([0] * 16), json.dumps([0] * 16)),
    "dict in its own order": ('{"b": 1, "a": {"c": null}, "": []}', '{"b": 1, "a": {"c": None}, "": []}'),
    "key twice": ('{"a": 1, "b": 2, "a": 3}', '{"a": 3, "b": 2}'),
    "dict of 16": (
        json.dumps({str(key): key for key in range(16)}),
        json.dumps({str(key): key for key in range(16)}),
    ),
}
"""Name to JSON text, and how a page shows the value it stands for."""
OTHER_VALUES: dict[str, tuple[Any, str]] = {
    "bytes": (b'a"\\\x00\xff', 'b"a\\"\\\\\\x00\\xff"'),
    "bytearray": (bytearray(3), "bytearray of 3 bytes"),
    "tuples": (((), (1,), (1, "x")), '((), (1,), (1, "x"))'),
    "sets": ([set(), {2, 1}, frozenset({1})], "[set(), {1, 2}, frozenset({1})]"),
    "keys of all kinds": ({1: "a", None: "b", 0.5: "c", (1, 2): "d"}, '{1: "a", None: "b", 0.5: "c", (1, 2): "d"}'),
    "complex": (1.5 - 2j, "(1.5-2j)"),
    "date": (date(2026, 2, 1), "2026-02-01"),
    "datetime": (datetime(2026, 2, 1, 12, 30), "2026-02-01T12:30:00"),
    "timedelta": (timedelta(days=-1, seconds=2), "timedelta(-1, 2, 0)"),
}
"""Values that come back and that JSON has no word for."""


def messages() -> list[dict[str, Any]]:
    """Every message: as JSON says it, and as msgpack says it."""
    return [
        {"name": name, "from": side, "json": json.loads(msgspec.json.encode(message)), "hex": encode(message).hex()}
        for side, group in (("client", CLIENT), ("coordinator", SERVER))
        for name, message in group.items()
    ]


def refused() -> list[dict[str, Any]]:
    """Frames that a coordinator refuses."""
    return [{"name": name, "hex": frame.hex(), "code": "bad_frame"} for name, frame in REFUSED_BY_COORDINATOR.items()]


def outcomes() -> list[dict[str, Any]]:
    """Outcomes with their digests; those without one are malformed."""
    large = outcome.value(bytes(70_000))
    good = {
        "value": outcome.value(b"result"),
        "empty value": outcome.value(b""),
        "metered value": outcome.value(b"result", 123_456_789_012),
        "error": outcome.error(FAILURE),
        "reference": outcome.reference(sha256(large).digest(), len(large)),
        "no outcome": outcome.none("time_limit"),
    }
    bad = {"empty": b"", "unknown kind": b"\x09", "argument": outcome.inline(b"x"), "short value": b"\0\0\0"}
    bad |= {"long reference": good["reference"] + b"\0", "code beyond ASCII": b"\x03\xff"}
    return [
        {"name": name, "hex": encoded.hex(), "digest": outcome.digest(encoded).hex()} for name, encoded in good.items()
    ] + [{"name": name, "hex": encoded.hex(), "digest": None} for name, encoded in bad.items()]


def seeds() -> list[dict[str, Any]]:
    """Seeds of tasks, as decimal strings because JSON numbers are not 64 bits wide everywhere."""
    program = bytes(range(32))
    return [
        {
            "program": program.hex(),
            "argument": argument.hex(),
            "seed": str(seed_of(Work("wasm-1", b"", program, "", LIMITS, []), argument)),
        }
        for argument in (b"", b"a", bytes(100))
    ]


def plain_values() -> list[dict[str, Any]]:
    """Values as bytes; those with `json` are what its text stands for."""
    sent = {name: (json.loads(text), text, shown) for name, (text, shown) in JSON_VALUES.items()}
    returned = {name: (value, None, shown) for name, (value, shown) in OTHER_VALUES.items()}
    return [
        {"name": name, "json": text, "shown": shown, "hex": values.dumps(value).hex()}
        for name, (value, text, shown) in (sent | returned).items()
    ]


def conversation() -> list[dict[str, Any]]:
    """A node's session, step by step: what happens to it, and every effect that follows, in order."""
    return Recorder().tell()


class Recorder:
    """Drives a NodeSession and writes down what it is told and what it answers."""

    def __init__(self) -> None:
        self._session = NodeSession("we1_token", OFFER, software="we1web/0.1.0")
        self._steps: list[dict[str, Any]] = []

    def tell(self) -> list[dict[str, Any]]:
        session, result = self._session, outcome.value(b"x")
        self._connect(0.0, [])
        self._hear(2.0, Assigned(0, LEASES, [JOB], GRANT))
        self._do(
            "finished", session.finished(BUNDLE, [result, result], 900), bundle=BUNDLE, outcomes=[result.hex()] * 2
        )
        self._do("flush", session.flush())
        self._do("tick", session.tick(12.5), now=12.5)
        self._do("disconnected", session.disconnected())
        self._do("finished", session.finished(BUNDLE + 2, [result], 800), bundle=BUNDLE + 2, outcomes=[result.hex()])
        self._connect(13.0, [BUNDLE, BUNDLE + 2])
        self._hear(14.0, Assigned(2, refused=[Refusal(BUNDLE + 2, "not_leased")]))
        third = Lease(BUNDLE + 3, 7, [b"\x04"], 5_000)
        self._hear(15.0, Assigned(2, [third, msgspec.structs.replace(third, bundle=BUNDLE + 4)], [JOB], GRANT))
        self._hear(16.0, Cancel([BUNDLE + 3, 99], "job_cancelled"))
        self._do("drain", session.drain("SIGTERM"), reason="SIGTERM")
        self._hear(17.0, Assigned(2, [msgspec.structs.replace(third, bundle=BUNDLE + 5)], [], GRANT))
        self._do("tick", session.tick(20.5), now=20.5)
        return self._steps

    def _connect(self, now: float, honoured: list[int]) -> None:
        self._do("connected", self._session.connected(now), now=now)
        self._hear(now, SERVER["welcome"])
        self._hear(now, Registered("5f0c", "attic", "active", honoured))

    def _hear(self, now: float, message: Any) -> None:
        frame = encode(message)
        self._do("received", self._session.received(frame, now), now=now, hex=frame.hex())

    def _do(self, event: str, effects: Iterable[Effect], **facts: Any) -> None:
        self._steps.append({"event": event, **facts, "effects": [_shown(effect) for effect in effects]})


def _shown(effect: Effect) -> dict[str, Any]:
    name = type(effect).__name__
    if isinstance(effect, Send):
        return {"effect": name, "hex": effect.frame.hex()}
    return {"effect": name, **json.loads(msgspec.json.encode(effect._asdict()))}


def build() -> dict[str, str]:
    """File name to content."""
    parts = {
        "messages": messages(),
        "refused": refused(),
        "outcomes": outcomes(),
        "seeds": seeds(),
        "values": plain_values(),
        "conversation": conversation(),
    }
    return {f"{name}.json": json.dumps(part, indent=1, ensure_ascii=True) + "\n" for name, part in parts.items()}


def main() -> int:
    stale = [name for name, text in build().items() if not _same(FOLDER / name, text)]
    if "--check" not in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        for name, text in build().items():
            (FOLDER / name).write_text(text)
    elif stale:
        print("stale:", *stale, file=sys.stderr)
        return 1
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    sys.exit(main())
