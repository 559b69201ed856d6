"""Puts a node together: state, probe, benchmark, runtimes, session, link; runs it; takes it apart again.

The composition root of the agent: the only module that chooses which clock, which network and which runtimes are used.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx2
import msgspec
import structlog
from msgspec.structs import replace

from we1web import __version__
from we1web.agent import address, benchmark, clock, slots
from we1web.agent.artifacts import Artifacts
from we1web.agent.backoff import Backoff
from we1web.agent.link import Link, Refused
from we1web.agent.node import Node
from we1web.agent.pausing import Conditions, When
from we1web.agent.probe import CpuMeter, Machine, on_battery, probe, user_idle_s
from we1web.agent.runtime import Runtime, RuntimeBroken
from we1web.agent.state import Identity, StateDir
from we1web.agent.workshop import Workshop
from we1web.protocol import limits
from we1web.protocol.messages import Register
from we1web.protocol.session import NodeSession

log = structlog.get_logger("we1web.agent")

HTTP_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Options:
    """What a contributor decides."""

    join: str
    token: str
    cores: int | None = None
    name: str = ""
    when: When = When.ALWAYS
    state_dir: Path | None = None
    country: str = ""
    """ISO 3166-1 alpha-2; empty: not told."""
    floor_micros_per_h: int = 0
    """What an hour of one core must bring at least."""
    referee: str = ""
    """'*' on the operator's machines, or the id of one's own job: a judge instead of a voter."""


MakeRuntimes = Callable[[int, Path], Sequence[Runtime]]


@asynccontextmanager
async def open_node(options: Options, make_runtimes: MakeRuntimes) -> AsyncIterator[tuple[Node, Link]]:
    """A node that is ready to run; everything it holds is released at the end.

    Raises AddressError, Refused (the token is not good) or RuntimeBroken (no runtime works here).
    """
    where = address.parse(options.join)
    state = StateDir(options.state_dir)
    machine = probe()
    cores = options.cores or machine.cores
    http = httpx2.AsyncClient(
        base_url=where.http, headers={"Authorization": f"Bearer {options.token}"}, timeout=HTTP_TIMEOUT_S
    )
    runtimes = make_runtimes(cores, state.runtimes)
    identity = None
    try:
        speed, working = await asyncio.gather(asyncio.to_thread(benchmark.speed_of, state.benchmark), _start(runtimes))
        owner = await _owner(http, options.token)
        identity = state.identity(where.http, f"{owner}|judge" if options.referee else owner)
        offer = _offer(options, machine, cores, identity, speed, working)
        yield _assemble(
            options, where.websocket, offer, working, Artifacts(state.blobs, http, backoff=_backoff), identity
        )
    finally:
        if identity is not None:
            identity.release()
        await asyncio.gather(*(runtime.close() for runtime in runtimes), return_exceptions=True)
        await http.aclose()


def _offer(
    options: Options, machine: Machine, cores: int, identity: Identity, speed: float, runtimes: Sequence[Runtime]
) -> Register:
    return Register(
        node=identity.node,
        name=(options.name or machine.name)[: limits.MAX_NAME_CHARS],
        cores=cores,
        memory_bytes=machine.memory_bytes,
        runtimes=[runtime.id for runtime in runtimes],
        speed=speed,
        window=slots.window(cores),
        platform=machine.platform,
        gpu=machine.gpu,
        country=options.country,
        floor_micros_per_h=options.floor_micros_per_h,
        referee=options.referee,
    )


def _assemble(
    options: Options, url: str, offer: Register, runtimes: Sequence[Runtime], artifacts: Artifacts, identity: Identity
) -> tuple[Node, Link]:
    session = NodeSession(options.token, offer, software=f"we1web/{__version__}")
    node = Node(
        session,
        Workshop(runtimes, artifacts),
        slots.Slots(offer.cores),
        identity,
        when=options.when,
        sense=_sensor(),
        now=clock.now_s,
        now_us=clock.now_us,
    )

    def renew(offer: Register) -> Register:
        return replace(offer, cached=artifacts.kept(limits.MAX_CACHED))

    return node, Link(url, session, node.handle, backoff=_backoff(), now=clock.now_s, renew=renew)


async def _start(runtimes: Sequence[Runtime]) -> list[Runtime]:
    """Those that work on this machine. Raises RuntimeBroken when none does."""
    outcomes = await asyncio.gather(*(runtime.start() for runtime in runtimes), return_exceptions=True)
    working = []
    for runtime, failure in zip(runtimes, outcomes, strict=True):
        if failure is None:
            working.append(runtime)
        elif isinstance(failure, RuntimeBroken):
            log.warning("runtime_left_out", runtime=runtime.id, why=str(failure))
        else:
            raise failure
    if not working:
        raise RuntimeBroken("no runtime works on this machine", hint="run `we1web doctor` to see why")
    return working


async def _owner(http: httpx2.AsyncClient, token: str) -> str:
    """Who owns the token, so that a renewed token finds the same node id; waits for the coordinator to be up."""
    backoff = _backoff()
    while True:
        try:
            answer = await http.get("/api/auth/session")
        except httpx2.TransportError as error:
            log.info("coordinator_unreachable", error=str(error), attempt=backoff.attempts)
        else:
            if answer.status_code == 401:
                raise Refused("the coordinator does not accept this token", code="token_invalid", hint=TOKEN_HINT)
            if answer.status_code < 500 and answer.status_code != 429:
                return owner_in(answer.content) or owner_in_jwt(token) or sha256(token.encode()).hexdigest()[:16]
        await asyncio.sleep(backoff.next_s())


TOKEN_HINT = "make one with `we1web token create --scope node`, or log in again"


class _User(msgspec.Struct):
    id: str


class _Session(msgspec.Struct):
    user: _User


class _Claims(msgspec.Struct):
    sub: str


def owner_in(body: bytes) -> str:
    """The user's id in the answer of GET /api/auth/session; empty when there is none."""
    try:
        return msgspec.json.decode(body, type=_Session).user.id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def owner_in_jwt(token: str) -> str:
    """The subject a JWT names, unverified: it only chooses which file to read."""
    try:
        payload = token.split(".")[1]
        claims = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return msgspec.json.decode(claims, type=_Claims).sub
    except (IndexError, ValueError, msgspec.DecodeError):
        return ""


def _backoff() -> Backoff:
    return Backoff(clock.fresh_rng())


def _sensor() -> Callable[[], Conditions]:
    meter = CpuMeter()

    def sense() -> Conditions:
        _, others = meter.read(clock.now_s())
        return Conditions(on_battery=on_battery(), user_idle_s=user_idle_s(clock.wall_s()), others_share=others)

    return sense
