"""Simulated nodes for benchmarks: real WebSockets, real protocol, no sandbox. The answer is the argument, some lie.

Runs as a process of its own. Reads one JSON object from standard input: {"url", "tokens", "window", "bundle",
"liars", "lie_share"}; prints "ready" when every node is registered; ends on SIGTERM.
"""

import asyncio
import gc
import json
import random
import signal
import sys

import picows
import uvloop

from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.protocol import outcome
from we1web.protocol.codec import decode_server, encode
from we1web.protocol.limits import SUBPROTOCOL_MSGPACK
from we1web.protocol.messages import (
    Assigned,
    Complete,
    Heartbeat,
    Hello,
    Register,
    Registered,
    Report,
    ServerMessage,
    Welcome,
)

BUNDLE_US = 1_000_000
"""What every bundle claims to have taken: the coordinator aims at a second, so this fixes the bundle's size."""


class SimulatedNode(picows.WSListener):
    """One node: echoes every argument as a value, at once."""

    def __init__(self, options: dict, number: int) -> None:
        self.options = options
        self.number = number
        self.seq = 0
        self.registered = asyncio.Event()
        self.rng = random.Random(number)
        self.liar = number < options["liars"]
        self.transport: picows.WSTransport

    def say(self, message) -> None:
        self.transport.send(picows.WSMsgType.BINARY, encode(message))

    def on_ws_connected(self, transport) -> None:
        self.transport = transport
        self.say(Hello([1], self.options["tokens"][self.number], "bench"))

    def on_ws_frame(self, transport, frame) -> None:
        if frame.msg_type == picows.WSMsgType.BINARY:
            self.hear(decode_server(frame.get_payload_as_bytes()))

    def hear(self, message: ServerMessage) -> None:
        match message:
            case Assigned(leases=leases) if leases:
                self.seq += 1
                self.say(Complete(self.seq, [self.work(lease) for lease in leases]))
            case Welcome():
                runtimes = list(RUNTIME_IDS.values())
                self.say(Register("", f"bench {self.number}", 1, 1 << 34, runtimes, 1.0, self.options["window"]))
            case Registered():
                self.registered.set()

    def work(self, lease) -> Report:
        return Report(lease.bundle, [self.answer(argument) for argument in lease.arguments], self.run_us(lease))

    def run_us(self, lease) -> int:
        return BUNDLE_US * len(lease.arguments) // self.options["bundle"]

    def answer(self, argument: bytes) -> bytes:
        if self.liar and self.rng.random() < self.options["lie_share"]:
            return outcome.value(self.rng.randbytes(16))
        return outcome.value(argument[1:17])


async def main() -> None:
    options = json.loads(sys.stdin.readline())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    nodes = [SimulatedNode(options, number) for number in range(len(options["tokens"]))]
    for node in nodes:
        await picows.ws_connect(
            lambda node=node: node, options["url"], extra_headers={"Sec-WebSocket-Protocol": SUBPROTOCOL_MSGPACK}
        )
    for node in nodes:
        await node.registered.wait()
    print("ready", flush=True)
    while not stop.is_set():
        for node in nodes:
            node.say(Heartbeat(0, 0, 1.0))
        try:
            async with asyncio.timeout(5):
                await stop.wait()
        except TimeoutError:
            continue


if __name__ == "__main__":
    uvloop.run(main())
