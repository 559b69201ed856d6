"""How many verified tasks a second the coordinator dispatches, and where the CPU time goes.

Real parts only: `we1web up` with its embedded PostgreSQL (fsync on) in its own process, simulated nodes of distinct
owners in another over real WebSockets, jobs submitted over HTTP before the clock starts. The nodes' cores only pretend
to work: what is measured is placing, voting, recording and paying, in the middle of the run, when as much work comes
back as can be taken. After each run every task, vote and cent is checked.

usage: ./run bench dispatch [--json] [--tasks N] [--nodes N] [--cores N] [--task-s S] [--liars N] [--runs N]
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import httpx2
import msgspec
import wasmtime

import cpu
from we1web.protocol import outcome

HERE = Path(__file__).parent
NOTHING = bytes(wasmtime.wat2wasm('(module (memory (export "memory") 1) (func (export "_start")))'))
PRICE_MICROS = 100
CHUNK = 1_000
FUNDS_MICROS = 10**12
POLL_S = 0.05
EDGE = 0.1
"""Share of the tasks, at either end of a run, that is not measured."""
LEAST_MOMENTS = 5


def argument(index: int) -> bytes:
    """64 bytes; the answer is their first 16."""
    return sha256(index.to_bytes(8, "little")).digest() * 2


class Coordinator:
    """`we1web up` on a free port in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        environment = os.environ | {
            "WE1WEB_RATE_LOGIN_BURST": "100000",
            "WE1WEB_RATE_IP_PER_S": "100000",
            "WE1WEB_RATE_IP_BURST": "100000",
            "WE1WEB_RATE_USER_PER_S": "100000",
            "WE1WEB_RATE_USER_BURST": "100000",
            "WE1WEB_LOG_LEVEL": "warning",
        }
        command = [sys.executable, "-m", "we1web", "up", "--port", str(port), "--data-dir", str(folder)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=sys.stderr)

    def wait(self, http: httpx2.Client) -> None:
        """Until it is ready to serve."""
        for _ in range(600):
            if self.process.poll() is not None:
                raise SystemExit("the coordinator did not start")
            with contextlib.suppress(httpx2.HTTPError):
                if http.get(f"{self.url}/readyz").status_code == 200:
                    return
            time.sleep(0.1)
        raise SystemExit("the coordinator did not become ready in a minute")

    def token(self) -> str:
        return (self.folder / "operator.token").read_text().strip()

    def parts(self) -> dict[str, list[int]]:
        """Process ids by part."""
        everyone = cpu.family(self.process.pid)
        postgres = sorted(set(cpu.named("postgres", everyone) + _orphans(self.folder)))
        return {"coordinator": [pid for pid in everyone if pid not in postgres], "postgres": postgres}

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _orphans(folder: Path) -> list[int]:
    """The embedded server's processes: they are nobody's children."""
    found = list(folder.rglob("postmaster.pid"))
    return cpu.family(int(found[0].read_text().split()[0])) if found else []


class Office:
    """A requester and the owners of the nodes, over HTTP."""

    def __init__(self, url: str, http: httpx2.Client, operator: str) -> None:
        self.url, self.http, self.operator = url, http, operator

    def post(self, path: str, body: object, token: str = "", **headers: str) -> dict:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = self.http.post(self.url + path, json=body, headers=headers)
        if answer.is_error:
            raise SystemExit(f"{path}: {answer.text}")
        return answer.json()

    def account(self, name: str) -> str:
        body = {"email": f"{name}@bench.example", "password": "correct horse battery"}
        return self.post("/api/auth/register", body)["session"]["access_token"]

    def node_token(self, name: str) -> str:
        return self.post("/api/auth/tokens", {"name": name, "scopes": ["node"]}, self.account(name))["token"]

    def requester(self) -> str:
        token = self.account("requester")
        credit = {"email": "requester@bench.example", "amount_micros": FUNDS_MICROS, "memo": "bench"}
        self.post("/api/operator/credits", credit, self.operator, **{"Idempotency-Key": "bench"})
        return token

    def submit(self, token: str, tasks: int) -> str:
        """Everything is stored before a node is there; returns the job's id."""
        digest = sha256(NOTHING).hexdigest()
        headers = {"Authorization": f"Bearer {token}"}
        self.http.put(f"{self.url}/api/blobs/{digest}", content=NOTHING, headers=headers).raise_for_status()
        order = {
            "name": "dispatch",
            "runtime": "wasm",
            "program": digest,
            "price_micros": PRICE_MICROS,
            "hold_s": 0,  # else what newcomers agree on comes all at once, ten seconds after the work was done
            "budget_micros": tasks * PRICE_MICROS * 5,
        }
        job = self.post("/api/jobs", order, token, **{"Idempotency-Key": f"bench-{tasks}"})["id"]
        headers["Content-Type"] = "application/msgpack"
        for sequence, first in enumerate(range(0, tasks, CHUNK)):
            arguments = [outcome.inline(argument(i)) for i in range(first, min(tasks, first + CHUNK))]
            body = {"sequence": sequence, "arguments": arguments, "complete": first + CHUNK >= tasks}
            answer = self.http.post(
                f"{self.url}/api/jobs/{job}/tasks", content=msgspec.msgpack.encode(body), headers=headers
            )
            if answer.is_error:
                raise SystemExit(answer.text)
        return job

    def job(self, token: str, job: str) -> dict:
        return self.http.get(f"{self.url}/api/jobs/{job}", headers={"Authorization": f"Bearer {token}"}).json()

    def market(self, name: str) -> float:
        """One of the market's own numbers."""
        found = re.search(rf"^we1web_market_{name} (\S+)$", self.http.get(f"{self.url}/metrics").text, re.MULTILINE)
        if not found:
            raise SystemExit(f"/metrics does not tell {name}")
        return float(found[1])

    def ledger_sum(self) -> int:
        books = self.http.get(f"{self.url}/api/operator/books", headers={"Authorization": f"Bearer {self.operator}"})
        return sum(total["balance_micros"] for total in books.json()["totals"])

    def results(self, token: str, job: str) -> Iterator[dict]:
        cursor = None
        while True:
            parameters = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/msgpack"}
            answer = self.http.get(f"{self.url}/api/jobs/{job}/results", params=parameters, headers=headers)
            page = msgspec.msgpack.decode(answer.content)
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return


def run_once(options: argparse.Namespace) -> dict:
    """One run in fresh folders; everything it started is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="we1web-bench-", dir=options.folder))
    folder.chmod(0o755)
    coordinator = Coordinator(folder / "data")
    nodes = None
    try:
        with httpx2.Client(timeout=60) as http:
            coordinator.wait(http)
            office = Office(coordinator.url, http, coordinator.token())
            token = office.requester()
            tokens = [office.node_token(f"owner{n}") for n in range(options.nodes)]
            job = office.submit(token, options.tasks)
            nodes = _start_nodes(coordinator.url, tokens, options)
            return _measure(coordinator, nodes, office, token, job, options)
    finally:
        if nodes is not None:
            nodes.kill()
        coordinator.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _start_nodes(url: str, tokens: list[str], options: argparse.Namespace) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, str(HERE / "nodes.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    settings = {
        "url": url.replace("http", "ws", 1) + "/ws",
        "tokens": tokens,
        "cores": options.cores,
        "task_s": options.task_s,
        "liars": options.liars,
        "lie_share": 0.2,
    }
    assert process.stdin is not None
    process.stdin.write(json.dumps(settings) + "\n")
    process.stdin.flush()
    return process


def _measure(
    coordinator: Coordinator, nodes: subprocess.Popen, office: Office, token: str, job: str, options: argparse.Namespace
) -> dict:
    assert nodes.stdout is not None
    parts = coordinator.parts()
    parts["nodes"] = [nodes.pid]
    nodes.stdout.readline()
    begin, end = _window(office, token, job, parts, options)
    tasks, wall_s = end.verified - begin.verified, end.at_s - begin.at_s
    return {
        "verified_tasks_per_s": tasks / wall_s,
        "wall_s": wall_s,
        "tasks_measured": tasks,
        "cpu_us_per_task": {part: (end.cpu_s[part] - begin.cpu_s[part]) / tasks * 1e6 for part in parts},
        **_shape(nodes),
        **_check(office, token, job, options.tasks),
    }


def _shape(nodes: subprocess.Popen) -> dict[str, float]:
    """How the work came to the nodes."""
    nodes.terminate()
    told, _ = nodes.communicate(timeout=20)
    answered = json.loads(told.splitlines()[-1])
    return {
        "leases_per_frame": answered["leases"] / answered["frames"],
        "tasks_per_lease": answered["tasks"] / answered["leases"],
    }


class Moment(NamedTuple):
    """How far a job is."""

    at_s: float
    verified: int
    """Tasks whose result is durable."""
    cpu_s: dict[str, float]


def _window(
    office: Office, token: str, job: str, parts: dict[str, list[int]], options: argparse.Namespace
) -> tuple[Moment, Moment]:
    """The middle of the run, once it has ended: nodes that join and work that runs out are no steady state."""
    moments = []
    limit = time.perf_counter() + options.limit_s
    while True:
        asked_s = time.perf_counter()
        state = office.job(token, job)
        at_s = (asked_s + time.perf_counter()) / 2
        moments.append(Moment(at_s, state["verified"], {name: cpu.seconds(pids) for name, pids in parts.items()}))
        if state["state"] == "done":
            break
        if at_s > limit:
            raise SystemExit(f"not done in {options.limit_s} s: {state}")
        time.sleep(POLL_S)
    middle = [moment for moment in moments if EDGE <= moment.verified / options.tasks <= 1 - EDGE]
    if len(middle) < LEAST_MOMENTS:
        raise SystemExit(f"over too soon to measure: give it more than --tasks {options.tasks}")
    return middle[0], middle[-1]


def _check(office: Office, token: str, job: str, tasks: int) -> dict:
    """Every task once, right, with three agreeing owners; the books closed to the cent."""
    votes = wrong = agreed = 0
    seen = set()
    for item in office.results(token, job):
        seen.add(item["index"])
        wrong += item["outcome"] != outcome.value(argument(item["index"])[:16])
        votes += len(item["votes"])
        agreed += sum(vote["agreed"] for vote in item["votes"])
        assert len({vote["node"] for vote in item["votes"] if vote["agreed"]}) >= 3, item
    assert seen == set(range(tasks)), f"{len(seen)} of {tasks} tasks have results"
    spent = office.job(token, job)["spent_micros"]
    assert spent >= agreed * PRICE_MICROS, (spent, agreed)
    return {"wrong_accepted": wrong, "votes_per_task": votes / tasks, "ledger_sum_micros": office.ledger_sum()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line of standard output")
    parser.add_argument("--tasks", type=int, default=200_000)
    parser.add_argument("--nodes", type=int, default=60)
    parser.add_argument("--cores", type=int, default=100, help="of each node")
    parser.add_argument("--task-s", type=float, default=0.1, help="seconds a task takes on a core")
    parser.add_argument("--liars", type=int, default=3, help="nodes that lie in a fifth of their answers")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit-s", type=float, default=120)
    parser.add_argument("--folder", default=None, help="where databases are made; must be on a real disk")
    options = parser.parse_args()
    runs = []
    for number in range(options.runs):
        runs.append(run_once(options))
        print(f"run {number + 1}: {runs[-1]}", file=sys.stderr, flush=True)
    rates = [run["verified_tasks_per_s"] for run in runs]
    middle = sorted(runs, key=lambda run: run["verified_tasks_per_s"])[len(runs) // 2]
    result = {
        "bench": "dispatch",
        "verified_tasks_per_s": round(statistics.median(rates)),
        "runs": [round(rate) for rate in rates],
        "votes_per_task": round(middle["votes_per_task"], 3),
        "wrong_accepted": sum(run["wrong_accepted"] for run in runs),
        "durable": True,
        "nodes": options.nodes,
        "tasks": options.tasks,
        "cores_per_node": options.cores,
        "task_s": options.task_s,
        "leases_per_frame": round(middle["leases_per_frame"], 1),
        "tasks_per_lease": round(middle["tasks_per_lease"], 3),
        "cpu_us_per_task": {name: round(used, 1) for name, used in middle["cpu_us_per_task"].items()},
        "cores": os.cpu_count(),
    }
    print(json.dumps(result) if options.json else json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
