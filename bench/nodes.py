"""Simulated nodes for benchmarks: real WebSockets, real protocol, no sandbox. The answer is the argument, some lie.

A task keeps one of the node's cores busy for about as long as is said, as far as anybody can tell from outside.

Runs as a process of its own. Reads one JSON object from standard input: {"url", "tokens", "cores", "task_s", "liars",
"lie_share"}; prints "ready" when every node is registered; ends on SIGTERM with {"leases", "tasks", "frames"}, what it
answered.
"""

import asyncio
import gc
import heapq
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
    Lease,
    Register,
    Registered,
    Report,
    ServerMessage,
    Welcome,
)

PREFETCH = 2
"""Leases a node wants for each core: while one runs, the next is on its way."""
TICK_S = 0.02
"""A node tells so often what is ready."""


class SimulatedNode(picows.WSListener):
    """One node: echoes every argument as a value, at once."""

    def __init__(self, options: dict, number: int) -> None:
        self.options = options
        self.number = number
        self.seq = 0
        self.registered = asyncio.Event()
        self.rng = random.Random(number)
        self.liar = number < options["liars"]
        self.leases = self.tasks = self.frames = 0
        self.free_at = [0.0] * options["cores"]
        self.running: list[tuple[float, int, Lease, int]] = []
        """When it ends, a number to tell equals apart, the lease and how many microseconds it takes: a heap."""
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
                self.begin(leases, asyncio.get_running_loop().time())
            case Welcome():
                runtimes = list(RUNTIME_IDS.values())
                cores = self.options["cores"]
                window = PREFETCH * cores
                self.say(Register("", f"bench {self.number}", cores, 1 << 44, runtimes, 1.0, window))
            case Registered():
                self.registered.set()
                self.tick()

    def begin(self, leases, now: float) -> None:
        """Each runs on the core that is free first."""
        for lease in leases:
            self.leases += 1
            run_s = len(lease.arguments) * self.options["task_s"] * (0.5 + self.rng.random())
            ends_at = max(now, self.free_at[0]) + run_s
            heapq.heapreplace(self.free_at, ends_at)
            heapq.heappush(self.running, (ends_at, self.leases, lease, int(run_s * 1e6)))

    def tick(self) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(TICK_S, self.tick)
        now, done = loop.time(), []
        while self.running and self.running[0][0] <= now:
            _, _, lease, run_us = heapq.heappop(self.running)
            done.append(self.report(lease, run_us))
        if done:
            self.seq += 1
            self.frames += 1
            self.say(Complete(self.seq, done))

    def report(self, lease, run_us: int) -> Report:
        self.tasks += len(lease.arguments)
        return Report(lease.bundle, [self.outcome(argument) for argument in lease.arguments], run_us)

    def outcome(self, argument: bytes) -> bytes:
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
    print(json.dumps({name: sum(getattr(node, name) for node in nodes) for name in ("leases", "tasks", "frames")}))


if __name__ == "__main__":
    uvloop.run(main())
