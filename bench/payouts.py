"""How surely and how soon people are paid: payouts over a Stripe that fails in every way it can.

Real parts: a whole coordinator with its embedded PostgreSQL (fsync on) and all its loops at their own pace, HTTP, the
real Stripe SDK at the real limit of requests; Stripe itself is the simulator, never the real one. Every kind of fault
happens to a share of all requests, notices are duplicated, delayed, shuffled and lost, and some banks send the money
back. Payouts are asked for at a steady pace; then both clocks are moved on until banks have answered. At the end what
Stripe transferred is compared with what was asked for, and what it holds with the ledger.

usage: ./run bench payouts [--json] [--payouts N] [--people N] [--per-s R] [--fault-share S]
"""

import argparse
import asyncio
import itertools
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from pydantic import SecretStr

from we1web.coordinator import telemetry
from we1web.coordinator.app import Application
from we1web.coordinator.clock import SystemClock
from we1web.coordinator.config import Config
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.currency import from_minor
from we1web.domain.ledger import AccountKind, AccountRef, Actor, ActorKind, Posting, Transaction
from we1web.testing.stripe_simulator.faults import KINDS
from we1web.testing.stripe_simulator.server import BackgroundSimulator
from we1web.testing.stripe_simulator.simulator import Simulator
from we1web.testing.stripe_simulator.store import PLATFORM

SECRET = "whsec_bench"
BY = Actor(ActorKind.LOOP, "bench", "bench")
EACH_MICROS = 3_000_000
RARE = "http_500_kept"
"""A failure that Stripe replays for the payout's key: it is sent again when nothing can be under way, minutes later."""
RARE_SHARE = 0.05
"""So much rarer than the others it is."""
BAD_BANKS = (None, *["000123456789"] * 17, "000111111116", "000111111113")
STEP = timedelta(minutes=6)
DAYS = 9


class MovedClock(SystemClock):
    """The machine's clock, and how far it was moved on."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Stage:
    """The coordinator, the simulator in a thread of its own, and the people."""

    def __init__(self, app: Application, stripe: BackgroundSimulator, clock: MovedClock) -> None:
        self.app, self.stripe, self.clock = app, stripe, clock
        self.people: list[Person] = []

    def advance(self, time_: timedelta) -> None:
        self.clock.ahead += time_
        self.stripe.run(lambda simulator: simulator.advance(time_.total_seconds()))


class Person:
    """A contributor with an account at the rail."""

    def __init__(self, http: httpx2.AsyncClient, id_: str) -> None:
        self.http, self.id, self.account = http, id_, ""
        self.refused: Counter[str] = Counter()

    @classmethod
    async def join(cls, url: str, number: int) -> "Person":
        http = httpx2.AsyncClient(base_url=url, timeout=60)
        login = {"email": f"bench{number}@example.com", "password": "correct horse battery"}
        told = (await http.post("/api/auth/register", json=login)).raise_for_status().json()
        http.headers["Authorization"] = f"Bearer {told['session']['access_token']}"
        token = await http.post("/api/auth/tokens", json={"name": "bench", "scopes": ["node"]})
        http.headers["Authorization"] = f"Bearer {token.raise_for_status().json()['token']}"
        return cls(http, told["user"]["id"])

    async def open(self) -> None:
        order = {"rail": "stripe", "country": "US", "currency": "usd"}
        self.account = (await self.http.post("/api/payments/accounts", json=order)).raise_for_status().json()["id"]

    async def ready(self) -> None:
        """Back from Stripe's onboarding."""
        seen = (await self.http.post(f"/api/payments/accounts/{self.account}/link")).raise_for_status().json()
        assert seen["status"] == "active", seen

    async def ask(self, key: str) -> str:
        """Asks as a careful client does: again, with the same key, when the coordinator says that it may."""
        order = {"account_id": self.account, "currency": "usd", "amount_micros": EACH_MICROS}
        while True:
            answer = await self.http.post("/api/payments/payout", json=order, headers={"Idempotency-Key": key})
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                return str(answer.raise_for_status().json()["id"])
            self.refused[answer.json()["code"]] += 1
            await asyncio.sleep(0.2)

    async def payouts(self) -> list[dict[str, Any]]:
        answer = await self.http.get("/api/payments/payouts", params={"limit": 1000})
        found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return found


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    clock = MovedClock()
    simulator = Simulator(seed=7)
    with BackgroundSimulator(simulator) as stripe:
        config = Config(
            port=0,
            data_dir=folder,
            stripe_secret_key=SecretStr("sk_test_bench"),
            stripe_webhook_secrets=SecretStr(SECRET),
            stripe_api_url=stripe.url,
            **dict.fromkeys(("rate_login_burst", "rate_ip_burst", "rate_user_burst"), 1_000_000),
            **dict.fromkeys(("rate_login_per_s", "rate_ip_per_s", "rate_user_per_s"), 100_000.0),
        )
        app = await Application.create(config, clock=clock)
        try:
            await app.start()
            yield Stage(app, stripe, clock)
        finally:
            await app.stop()
        assert simulator.off_spec == [], simulator.off_spec[:3]


async def prepare(at: Stage, people: int, payouts: int) -> None:
    """People with accounts that are ready and with earnings, and enough at Stripe to pay them."""
    at.people = [await Person.join(at.app.url, number) for number in range(people)]
    await few_at_once(person.open for person in at.people)

    def onboard(simulator: Simulator) -> None:
        banks = itertools.cycle(bank or "000123456789" for bank in BAD_BANKS)
        for account, bank in zip(list(simulator.state.accounts), banks, strict=False):
            simulator.world.onboard(account, bank)

    at.stripe.run(onboard)
    await few_at_once(person.ready for person in at.people)
    each = -(-payouts // people) * EACH_MICROS
    world = AccountRef(AccountKind.WORLD)  # what the operator sends to Stripe is booked from Stripe's own movements
    earned = [
        Transaction(f"bench:{person.id}", "bench", (Posting(world, -each), Posting(_earnings(person), each)))
        for person in at.people
    ]
    async with at.app.services.database.transaction(SERVICE) as tx:
        await ledger.post_many(tx, earned, BY)
    at.stripe.run(lambda simulator: simulator.world.add_funds("usd", each * people // 10_000))


async def few_at_once(steps: Iterable[Callable[[], Awaitable[None]]]) -> None:
    """Preparing must not be what meets the limit of Stripe's requests."""
    gate = asyncio.Semaphore(5)

    async def take(step: Callable[[], Awaitable[None]]) -> None:
        async with gate:
            await step()

    await asyncio.gather(*map(take, steps))


def _earnings(person: Person) -> AccountRef:
    return AccountRef(AccountKind.EARNINGS, owner=UUID(person.id))


def break_everything(at: Stage, share: float) -> None:
    """Every fault for a share of all requests, and notices as unreliable as they get."""

    def work(simulator: Simulator) -> None:
        for kind in KINDS:
            simulator.faults.add(kind, probability=share * (RARE_SHARE if kind == RARE else 1), seconds=0.5)
        simulator.state.unsent.clear()  # of the onboarding, whose end is known already
        trouble = simulator.mail.trouble
        trouble.duplicated, trouble.delayed, trouble.lost, trouble.shuffled = 0.3, 0.2, 0.2, True
        for connect, thin in ((False, False), (True, False), (False, True)):
            simulator.endpoint(f"{at.app.url}/api/payments/webhook", SECRET, connect=connect, thin=thin)

    at.stripe.run(work)


async def deliver(at: Stage, stop: asyncio.Event) -> None:
    """Stripe tells what happened, all the time. Its signatures carry the receiver's time."""
    while not stop.is_set():
        await asyncio.to_thread(at.stripe.deliver)
        await asyncio.sleep(0.2)


async def ask_for_all(at: Stage, payouts: int, per_s: float) -> list[str]:
    """Payouts at a steady pace, one person after the other."""
    began, asked = time.monotonic(), []
    for number, person in zip(range(payouts), itertools.cycle(at.people), strict=False):
        await asyncio.sleep(max(0.0, began + number / per_s - time.monotonic()))
        asked.append(asyncio.create_task(person.ask(f"payout-{number}")))
    return list(await asyncio.gather(*asked))


async def seen(at: Stage) -> list[dict[str, Any]]:
    return [payout for person in at.people for payout in await person.payouts()]


async def until(at: Stage, states: Iterable[str], seconds: float) -> bool:
    """Whether every payout reached one of the states in so many real seconds."""
    wanted, end = set(states), time.monotonic() + seconds
    while time.monotonic() < end:
        if {payout["state"] for payout in await seen(at)} <= wanted:
            return True
        await asyncio.sleep(1.0)
    return False


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def books(at: Stage, held_micros: int) -> tuple[int, int, int]:
    """Clearing, in flight, and Stripe's movements that nothing explains, once the reconciler has seen the last one."""
    token = at.app.operator_token_path.read_text().strip()
    async with httpx2.AsyncClient(base_url=at.app.url, headers={"Authorization": f"Bearer {token}"}) as operator:
        for _ in range(30):
            at.app.services.bells.ring("rail_reconcile")
            await asyncio.sleep(1)
            totals = (await operator.get("/api/operator/books")).raise_for_status().json()["totals"]
            of = {row["kind"]: row["balance_micros"] for row in totals if row["currency"] == "usd"}
            report = (await operator.get("/api/operator/money")).raise_for_status().json()
            if of.get("clearing", 0) == -held_micros and not report["unexplained"]:
                break
    return of.get("clearing", 0), of.get("in_flight", 0), len(report["unexplained"])


async def verdict(at: Stage, asked: list[str]) -> dict[str, Any]:
    """What Stripe did against what was asked for, and the ledger against what Stripe holds."""
    payouts = {payout["id"]: payout for payout in await seen(at)}

    def look(simulator: Simulator) -> tuple[list[dict[str, Any]], dict[str, dict[str, int]], dict[str, int]]:
        sent = [dict(row.body) for row in simulator.state.store.of(PLATFORM, "transfer")]
        return sent, simulator.world.balance(), simulator.faults.happened

    bodies, held, happened = at.stripe.run(look)
    groups = Counter(body["transfer_group"].removeprefix("payout:") for body in bodies)
    right = {b["transfer_group"].removeprefix("payout:"): from_minor(b["amount"], b["currency"]) for b in bodies}
    micros = from_minor(sum(held["usd"].values()), "usd")
    clearing, in_flight, unexplained = await books(at, micros)
    waits = [
        (datetime.fromisoformat(p["transferred_at"]) - datetime.fromisoformat(p["requested_at"])).total_seconds()
        for p in payouts.values()
        if p["transferred_at"]
    ]
    return {
        "payouts": len(asked),
        "paid_once": sum(groups[id_] == 1 and right[id_] == payouts[id_]["net_micros"] for id_ in asked),
        "paid_twice": sum(groups[id_] > 1 for id_ in asked),
        "lost": sum(groups[id_] == 0 and payouts[id_]["state"] != "failed" for id_ in asked),
        "states": dict(Counter(payout["state"] for payout in payouts.values())),
        "request_to_transfer_p50_s": round(quantile(waits, 0.5), 3),
        "request_to_transfer_p99_s": round(quantile(waits, 0.99), 3),
        "request_to_transfer_max_s": round(max(waits), 3),
        "clearing_difference_micros": abs(micros + clearing),
        "unexplained_movements": unexplained,
        "in_flight_micros": in_flight,
        "faults": happened,
        "asked_again": dict(sum((person.refused for person in at.people), Counter())),
    }


async def measure(folder: Path, told: argparse.Namespace) -> dict[str, Any]:
    async with stage(folder) as at:
        await prepare(at, told.people, told.payouts)
        break_everything(at, told.fault_share)
        stop = asyncio.Event()
        delivering = asyncio.create_task(deliver(at, stop))
        asked = await ask_for_all(at, told.payouts, told.per_s)
        left = ("transferred", "paid", "failed", "returned")
        for _ in range(8):
            if await until(at, left, 15):
                break
            at.advance(STEP)  # what met a replayed failure waits for minutes
        for _ in range(DAYS):
            at.advance(timedelta(days=1))
            await asyncio.sleep(2)
        for _ in range(20):
            if await until(at, left[1:], 20):
                break
            at.advance(timedelta(minutes=30))
        stop.set()
        await delivering
        return await verdict(at, asked)


def main() -> None:
    parser = argparse.ArgumentParser(description="Pays people over a Stripe that fails in every way it can.")
    parser.add_argument("--payouts", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--per-s", type=float, default=6.0)
    parser.add_argument("--fault-share", type=float, default=0.02, help="of each kind of fault (http_500_kept: a 20th)")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    telemetry.configure_logging("error", "json")
    folder = Path(tempfile.mkdtemp(prefix="we1web-bench-"))
    try:
        result = asyncio.run(measure(folder, told))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if told.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:>28}  {value}")
    sound = result["paid_once"] == result["payouts"] and not result["clearing_difference_micros"]
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
