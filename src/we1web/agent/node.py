"""A node at work: leases in, bundles run on as many cores as it may use, outcomes out. Effects of the session meet the
slots, the workshop and the pauses here.

It must survive everything a task, a runtime, a blob store or a connection does: whatever goes wrong with a bundle gives
that bundle back, with a code, and the node goes on.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from we1web.agent.link import Link
from we1web.agent.pausing import WORDS, Conditions, Pause, Reason, Troubles, When, judge
from we1web.agent.slots import Slots
from we1web.agent.state import Identity
from we1web.agent.workshop import Workshop
from we1web.protocol.effects import Effect, End, Ended, Extended, Judged, Leased, Problem, Ready
from we1web.protocol.errors import We1webError
from we1web.protocol.messages import Completed, Heartbeat
from we1web.protocol.session import NodeSession, NodeState

log = structlog.get_logger("we1web.agent")

SENSE_S = 2.0
"""How often a node looks around."""
DRAIN_S = 60.0
"""A node that leaves waits this long for its last results to be acknowledged."""


@dataclass
class Totals:
    """What this run did, in tasks unless the name says otherwise."""

    bundles: int = 0
    executed: int = 0
    acknowledged: int = 0
    refused: int = 0
    returned: int = 0
    paid: int = 0
    rejected: int = 0
    earned_micros: int = 0


@dataclass(eq=False)
class _Carried:
    """One lease from its arrival to its end."""

    leased: Leased
    ticket: int
    """Names the lease in the slots; bundles may come back while their last run is still being killed."""
    turn: asyncio.Future[None]
    task: asyncio.Task[None] | None = None
    reported: bool = field(default=False)


class Node:
    """Runs until it is drained, or refused for good."""

    def __init__(
        self,
        session: NodeSession,
        workshop: Workshop,
        slots: Slots,
        identity: Identity,
        *,
        when: When,
        sense: Callable[[], Conditions],
        now: Callable[[], float],
        now_us: Callable[[], int],
    ) -> None:
        self.totals = Totals()
        self.pause = Pause()
        self.status = "active"
        self.name = session.offer.name
        self.last_problem: Problem | None = None
        self._session = session
        self._workshop = workshop
        self._slots = slots
        self._identity = identity
        self._when = when
        self._sense = sense
        self._now = now
        self._now_us = now_us
        self._troubles = Troubles()
        self._carried: dict[int, _Carried] = {}
        self._tickets = 0
        self._dying: set[asyncio.Task[None]] = set()
        self._draining = asyncio.Event()
        self._link: Link | None = None

    @property
    def running(self) -> int:
        return self._slots.running

    @property
    def queued(self) -> int:
        return self._slots.queued

    @property
    def connected(self) -> bool:
        return self._session.state is NodeState.WORKING

    async def run(self, link: Link) -> None:
        """Until drained (or DRAIN_S after that was asked for); raises link.Refused."""
        self._link = link
        if self._draining.is_set():
            self._leave()
        duties = [asyncio.ensure_future(duty) for duty in (link.run(), self._look_around(), self._drain_deadline())]
        connected = duties[0]
        try:
            done, _ = await asyncio.wait(duties, return_when=asyncio.FIRST_COMPLETED)
            for duty in done:
                duty.result()
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)
            await self._abandon()
        if not connected.done() or connected.cancelled():
            log.warning("left_unfinished", held=self._session.held)

    def drain(self, reason: str) -> None:
        """Leaves politely: what runs is finished and reported, what waits is given back."""
        if not self._draining.is_set():
            self._draining.set()
            log.info("draining", reason=reason, running=self.running)
            if self._link is not None:
                self._leave()

    def _leave(self) -> None:
        self._look()
        self._perform(self._session.drain(Reason.DRAINING.value))

    def handle(self, effect: Effect) -> None:
        """Takes what the link does not do itself."""
        match effect:
            case Leased():
                self._take(effect)
            case Ended():
                self._end(effect)
            case Extended(bundle=bundle, deadline=deadline) if bundle in self._carried:
                self._slots.extend(self._carried[bundle].ticket, deadline)
            case Ready():
                self._ready(effect)
            case Judged(completed=completed):
                self._judged(completed)
            case Problem():
                self.last_problem = effect
                log.warning("problem", code=effect.code, message=effect.message, fatal=effect.fatal)
            case _:
                pass

    def _take(self, leased: Leased) -> None:
        self._tickets += 1
        carried = _Carried(leased, self._tickets, asyncio.get_running_loop().create_future())
        self._carried[leased.lease.bundle] = carried
        self._slots.add(carried.ticket, leased.deadline)
        carried.task = asyncio.ensure_future(self._carry(carried))
        self._dying.add(carried.task)
        carried.task.add_done_callback(lambda task: self._carried_out(carried, task))

    async def _carry(self, carried: _Carried) -> None:
        """One bundle, whatever happens to it."""
        bundle = carried.leased.lease.bundle
        try:
            await self._work(carried)
        except We1webError as error:
            self._give_back(bundle, error.code, error.message)
        except Exception as error:  # whatever it is, the node goes on, and says what it was
            log.exception("bundle_failed", bundle=bundle)
            self._give_back(bundle, "agent_error", type(error).__name__)

    async def _work(self, carried: _Carried) -> None:
        work = await self._workshop.prepare(carried.leased)
        self._slots.make_ready(carried.ticket)
        self._fill()
        await carried.turn
        try:
            outcomes, run_us = await self._workshop.run(work, self._now_us)
        finally:
            self._slots.remove(carried.ticket)
            self._fill()
        outcomes = await self._workshop.pack(outcomes)
        self._report(carried, outcomes, run_us)

    def _report(self, carried: _Carried, outcomes: list[bytes], run_us: int) -> None:
        self._troubles.succeeded()
        log.debug("bundle_done", bundle=carried.leased.lease.bundle, tasks=len(outcomes), run_us=run_us)
        self.totals.bundles += 1
        self.totals.executed += len(outcomes)
        carried.reported = True
        self._perform(self._session.finished(carried.leased.lease.bundle, outcomes, run_us))
        if self._link is not None:
            self._link.results_wait(more_soon=self._slots.running > 0)

    def _fill(self) -> None:
        """Gives free cores to bundles that are ready."""
        by_ticket = {carried.ticket: carried for carried in self._carried.values()}
        while (ticket := self._slots.start()) is not None:
            carried = by_ticket.get(ticket)
            if carried is None or carried.turn.done():
                self._slots.remove(ticket)
            else:
                carried.turn.set_result(None)

    def _give_back(self, bundle: int, code: str, detail: str) -> None:
        log.warning("bundle_returned", bundle=bundle, code=code, detail=detail)
        self._troubles.failed(self._now())
        self._perform(self._session.give_back([bundle], code, detail))
        self._look()

    def _end(self, ended: Ended) -> None:
        carried = self._carried.pop(ended.bundle, None)
        if carried is None:
            return
        tasks = len(carried.leased.lease.arguments)
        match ended.end:
            case End.ACKNOWLEDGED:
                self.totals.acknowledged += tasks
            case End.REFUSED:
                self.totals.refused += tasks
                log.info("bundle_refused", bundle=ended.bundle, code=ended.code)
            case End.RETURNED:
                self.totals.returned += tasks
            case End.CANCELLED | End.DROPPED | End.EXPIRED:
                log.info("bundle_withdrawn", bundle=ended.bundle, end=ended.end.value, code=ended.code)
        if carried.task is not None and not carried.reported and carried.task is not asyncio.current_task():
            carried.task.cancel()

    def _carried_out(self, carried: _Carried, task: asyncio.Task[None]) -> None:
        self._dying.discard(task)
        self._slots.remove(carried.ticket)
        self._fill()

    def _ready(self, ready: Ready) -> None:
        log.info("registered", node=ready.node, name=ready.name, status=ready.status)
        self.status, self.name, self.last_problem = ready.status, ready.name, None
        self._identity.keep(ready.node)
        self._look()

    def _judged(self, completed: Completed) -> None:
        self.totals.paid += completed.paid
        self.totals.rejected += completed.rejected
        self.totals.earned_micros += completed.earned_micros

    def _look(self) -> None:
        """Decides whether to work now; a pause gives back what has not started."""
        conditions = self._conditions()
        before, self.pause = self.pause, judge(self.pause, self._now(), self._when, conditions)
        reason = self.pause.reason
        if reason is not before.reason:
            log.info("paused", reason=reason.value, why=WORDS[reason]) if reason else log.info("working")
        self._slots.open = reason is None
        if reason is not None:
            self._return_waiting(reason)
        self._fill()
        self._perform(self._session.set_status(self._heartbeat(reason), self._now()))

    def _conditions(self) -> Conditions:
        sensed = self._sense() if self._when is When.IDLE else Conditions()
        return Conditions(
            status=self.status,
            draining=self._draining.is_set(),
            failing=self._troubles.failing(self._now()),
            on_battery=sensed.on_battery,
            user_idle_s=sensed.user_idle_s,
            others_share=sensed.others_share,
        )

    def _return_waiting(self, reason: Reason) -> None:
        idle = set(self._slots.idle_bundles())
        waiting = [bundle for bundle, carried in self._carried.items() if carried.ticket in idle]
        if waiting:
            self._perform(self._session.give_back(waiting, reason.value))

    def _heartbeat(self, reason: Reason | None) -> Heartbeat:
        load = self._slots.running / self._slots.cores
        rtt_ms = self._link.rtt_ms if self._link is not None else 0.0
        why = reason.value if reason else ""
        return Heartbeat(self._slots.running, self._slots.queued, load, reason is None, why, rtt_ms)

    async def _look_around(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(SENSE_S)

    async def _drain_deadline(self) -> None:
        await self._draining.wait()
        await asyncio.sleep(DRAIN_S)

    async def _abandon(self) -> None:
        """Kills what still runs; runtimes kill what their cancelled runs had started."""
        dying = list(self._dying)
        for task in dying:
            task.cancel()
        await asyncio.gather(*dying, return_exceptions=True)

    def _perform(self, effects: list[Effect]) -> None:
        if self._link is not None:
            self._link.perform(effects)
