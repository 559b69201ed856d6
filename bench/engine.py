"""What one event costs the engine, from a thousand to a million queued tasks and from a hundred to 100,000 nodes.

The engine alone, in one thread, without network or database: a lease placed and its report counted is one event, three
of them verify a task. CPU time of this process; setting up the queue and the nodes is not part of it.

usage: ./run bench engine [--json] [--events N] [--runs N] [--tasks N ...] [--nodes N ...]
"""

import argparse
import gc
import json
import statistics
import sys
import time

from we1web.domain.policy import POLICIES
from we1web.domain.reputation import Evidence
from we1web.domain.strategy import STRATEGIES
from we1web.engine.reactor import Engine
from we1web.engine.state import Job, Node
from we1web.protocol import outcome
from we1web.protocol.messages import Limits, Register

RUNTIME = "wasm-1"
WINDOW = 8
LIMITS = Limits(1_000, 1 << 20, 1 << 16, 0)
ARGUMENT = [outcome.inline(b"x")]
ANSWER = [outcome.value(b"y")]
KNOWN = Evidence(passes=500.0)
"""A settled network: what newcomers agree on would only be held, and nothing would end."""
QUEUED = (1_000, 10_000, 100_000, 1_000_000)
NODES = (100, 1_000, 10_000, 100_000)
OTHER_QUEUED, OTHER_NODES = 10_000, 1_000
"""What is kept while the other figure grows."""


def build(queued: int, nodes: int) -> tuple[Engine, Job]:
    engine = Engine(1)
    for key in range(1, nodes + 1):
        register = Register("", f"node {key}", 4, 1 << 34, [RUNTIME], 1.0, WINDOW)
        node = engine.know(key, key)
        engine.recall(node, RUNTIME, KNOWN, False)
        engine.join(node, register, True, (), 0.0)
    job = Job(1, 0, RUNTIME, POLICIES["classic"], STRATEGIES["reliability_weighted"], 1, 1 << 50, LIMITS)
    engine.add_job(job)
    job.task_s = 0.001
    for place in range(queued):
        engine.add_bundle(job, (1 << 20) + place, ARGUMENT, 0.0)
    return engine, job


def run(queued: int, nodes: int, events: int) -> float:
    """Microseconds of CPU for one event while `queued` bundles stay open: what ends is replaced."""
    engine, job = build(queued, nodes)
    gc.collect()
    gc.freeze()
    serial, done, spent_s, now = queued, 0, 0.0, 1.0
    while done < events:
        now += 0.001
        started = time.process_time()
        given = engine.place(now)
        for node, leases in given.items():
            done += report(engine, node, [bundle.id for bundle, _ in leases], now)
        ended = len(engine.take_settled())
        spent_s += time.process_time() - started
        engine.take_changed()
        for _ in range(ended):
            engine.add_bundle(job, (1 << 20) + serial, ARGUMENT, now)
            serial += 1
    gc.unfreeze()
    return spent_s / done * 1e6


def report(engine: Engine, node: Node, bundles: list[int], now: float) -> int:
    """One frame of results."""
    for bundle_id in bundles:
        engine.report(node, bundle_id, ANSWER, 1_000, now)
    engine.reported(node, now)
    return len(bundles)


def median(queued: int, nodes: int, options: argparse.Namespace) -> float:
    figures = [run(queued, nodes, options.events) for _ in range(options.runs)]
    figure = round(statistics.median(figures), 2)
    print(f"{queued:>9,} queued  {nodes:>7,} nodes  {figure:>7.2f} us an event", file=sys.stderr)
    return figure


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tasks", type=int, nargs="*", default=list(QUEUED))
    parser.add_argument("--nodes", type=int, nargs="*", default=list(NODES))
    return parser.parse_args()


def main() -> None:
    options = parse()
    by_queue = {queued: median(queued, OTHER_NODES, options) for queued in options.tasks}
    by_nodes = {nodes: median(OTHER_QUEUED, nodes, options) for nodes in options.nodes}
    figures = {
        "measured": "CPU microseconds of the engine for one lease placed and reported; a task takes three",
        "events": options.events,
        "runs": options.runs,
        "us_per_event_by_queued_tasks": by_queue,
        "us_per_event_by_nodes": by_nodes,
        "growth_queued": round(max(by_queue.values()) / min(by_queue.values()), 2),
        "growth_nodes": round(max(by_nodes.values()) / min(by_nodes.values()), 2),
    }
    print(json.dumps(figures) if options.json else figures)


if __name__ == "__main__":
    main()
