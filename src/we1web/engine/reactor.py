"""The engine's face: facts go in through its methods, effects are taken out of its lists.

Facts: a node registers, leaves, pauses; a job is added, closed, cancelled; a bundle is added; a report, a failure, a
tick of the clock. Effects: leases (`place`), settled tasks, surplus pay, withdrawn leases, finished jobs, expelled
nodes, standings worth writing down. Every method is synchronous and takes `now` (seconds, monotonic) where time
matters; a given seed and sequence of facts always leads to the same effects.
"""

from collections.abc import Iterable, Sequence
from random import Random

from we1web.domain import reputation
from we1web.domain.reputation import Evidence
from we1web.domain.task import TaskState
from we1web.engine import (
    appetite,
    baits,
    bonus,
    finality,
    holding,
    leases,
    lookup,
    pace,
    placement,
    referees,
    stragglers,
    turns,
    voting,
)
from we1web.engine.effects import Dispute, Heard, Settled, Surplus, Withdrawn
from we1web.engine.settings import Settings
from we1web.engine.standing import Standing
from we1web.engine.state import (
    CANCELLED,
    Ballot,
    Bundle,
    Job,
    Node,
    State,
    runtime_class,
)
from we1web.protocol import outcome
from we1web.protocol.messages import Register


class Engine:
    """See the module docstring. `state` may be read by explain and sanity code, never written from outside."""

    def __init__(self, seed: int, settings: Settings | None = None) -> None:
        self.state = State(Random(seed), settings or Settings())
        self.mark = 0
        """Number of the journal flush that will hold what is reported now; set by the shell."""
        self._in_time: list[int] = []

    # nodes

    def know(self, key: int, owner: int) -> Node:
        """The node of this key, made when it was unknown; offline until it joins."""
        node = self.state.nodes.get(key)
        if node is None:
            node = self.state.nodes[key] = Node(key, owner)
        return node

    def recall(self, node: Node, runtime_id: str, evidence: Evidence, expelled: bool) -> Standing:
        """Sets what is on record about a node in one runtime; before it joins."""
        standing = node.standings.get(runtime_id)
        if standing is None:
            standing = node.standings[runtime_id] = Standing(node, runtime_id, evidence, expelled)
            self.state.hungry.setdefault(runtime_id, [])
            if expelled:
                kind = runtime_class(runtime_id)
                self.state.expelled_count[kind] = self.state.expelled_count.get(kind, 0) + 1
        return standing

    def join(self, node: Node, register: Register, active: bool, resumed: Iterable[int], now: float) -> list[int]:
        """A node registered, again or anew; `resumed` are bundles whose grant the shell has checked.

        Returns those that are still wanted from it. Leases it held and does not resume are lost.
        """
        if node.alive:
            self.leave(node, now)
        if register.referee != node.referee:  # a voter's leases are no judge's, and the other way round
            for bundle_id in list(node.held):
                leases.lose(self.state, node, bundle_id, now)
        self._adopt(node, register)
        pace.introduced(self.state, node)
        node.silent = False
        node.alive, node.active, node.accepting = True, active, True
        if node.referee:
            referees.came(self.state, node)
        else:
            appetite.came_online(self.state, node)
        wanted = [bundle_id for bundle_id in resumed if leases.honour(self.state, node, bundle_id, now)]
        for bundle_id in set(node.held).difference(wanted):
            leases.lose(self.state, node, bundle_id, now)
        appetite.update(self.state, node)
        return wanted

    def _adopt(self, node: Node, register: Register) -> None:
        node.cores = register.cores
        node.memory_bytes = register.memory_bytes
        node.speed = register.speed
        node.window = register.window
        node.gpu, node.country, node.floor_micros_per_h = register.gpu, register.country, register.floor_micros_per_h
        placement.remember(node, register.cached)
        node.build = f"{register.platform} {register.gpu}".strip()
        node.referee = register.referee
        for runtime_id in register.runtimes:
            self.recall(node, runtime_id, Evidence(), False)
        for runtime_id, standing in node.standings.items():
            standing.offered = runtime_id in register.runtimes

    def leave(self, node: Node, now: float) -> None:
        """The connection is gone. Its leases wait for it a while (Settings.reconnect_grace_s)."""
        if not node.alive:
            return
        node.gone_at = now
        if node.referee:
            node.alive = False
            for bundle in referees.went(self.state, node):
                leases.forsake(self.state, bundle, now)
        else:
            appetite.went_offline(self.state, node)
            node.alive = False
            appetite.update(self.state, node)

    def attend(self, node: Node, accepting: bool) -> None:
        """A heartbeat: does the node want leases?"""
        if node.accepting != accepting:
            node.accepting = accepting
            appetite.update(self.state, node)

    def activate(self, node: Node, active: bool) -> None:
        """Its owner paused or resumed it from afar."""
        node.active = active
        appetite.update(self.state, node)

    # jobs

    def add_job(self, job: Job) -> None:
        self.state.jobs[job.key] = job

    def add_bundle(self, job: Job, bundle_id: int, arguments: Sequence[bytes], now: float) -> Bundle:
        """A bundle cut from a chunk, with nothing of it ended yet."""
        bundle = Bundle(bundle_id, job, arguments)
        job.bundles[bundle_id] = bundle
        self.state.bundles[bundle_id] = bundle
        placement.want(self.state, bundle, job.policy.first_wave(job.interactive), now)
        return bundle

    def restore_bundle(self, bundle: Bundle, ended: dict[int, bytes]) -> None:
        """After a restart: these places of the bundle are settled already (outcomes by place)."""
        if ended:
            bundle.final = dict(ended)
            bundle.open = [place for place in range(bundle.n) if place not in ended]

    def replay(self, node: Node, bundle_id: int, outcomes: Sequence[bytes], now: float, *, fast: bool = False) -> None:
        """A recorded report after a restart: it was accepted before, so no lease is asked for. See `replayed`.

        `fast`: `take_in_time` named it then.
        """
        bundle = self.state.bundles.get(bundle_id)
        if bundle is None or bundle.settled or node.owner in bundle.owners or node.referee:
            return
        standing = self.recall(node, bundle.job.runtime_id, Evidence(), False)
        bundle.owners[node.owner] = node.key  # of an expelled one too: its owner had its vote
        if bundle.mark < 0:
            bundle.mark = self.mark
        if standing.expelled:
            return
        leases.restore(bundle, Ballot(standing, outcomes, _complete(bundle, outcomes), fast), now)

    def replayed(self, now: float) -> None:
        """The log is read to its end: what its votes amount to is decided now, with all of them at hand."""
        for bundle in [bundle for bundle in self.state.bundles.values() if bundle.ballots]:
            voting.recount(self.state, bundle, now)

    def update_job(self, job: Job, total: int, closed: bool) -> None:
        """More tasks were submitted, or the list is complete. A complete or cancelled one never changes again, so that
        what was read before it was is harmless."""
        if not job.closed:
            job.total, job.closed = total, closed
        if job.done:
            self.state.finished.append(job)

    def cancel_job(self, job: Job) -> None:
        """Withdraws everything open. What was settled stays settled and paid, and whoever contests it is heard."""
        for bundle in [bundle for bundle in job.bundles.values() if not bundle.hearing]:
            self._cancel(bundle, "job_cancelled")
        job.closed = True
        job.total = job.ended
        self.state.finished.append(job)

    def cancel_task(self, task_id: int, now: float) -> bool:
        """Ends one open task unpaid; False when it is not open here."""
        bundle, place = lookup.find(self.state, task_id)
        if bundle is None or not lookup.is_open(bundle, place):
            return False
        holding.release(self.state, bundle)
        if bundle.open is None:
            bundle.open = list(range(bundle.n))
        bundle.open.remove(place)
        voting.fail(self.state, bundle, [place], "cancelled", CANCELLED)
        if not bundle.open:
            self._withdraw_all(bundle, "task_cancelled")
            voting.close(self.state, bundle, now)
        elif not bundle.appeal:
            voting.judge(self.state, bundle, now, exhausted=False)
        return True

    def _cancel(self, bundle: Bundle, code: str) -> None:
        self._withdraw_all(bundle, code)
        placement.unwant(self.state, bundle)
        leases.discard(self.state, bundle)

    def _withdraw_all(self, bundle: Bundle, code: str) -> None:
        for node in leases.holders(self.state, bundle):
            leases.withdraw(self.state, node, bundle.id)
            self.state.withdrawn.append(Withdrawn(node, bundle.id, code))
            appetite.update(self.state, node)
        referees.withdraw(self.state, bundle, code)

    # work

    def report(self, node: Node, bundle_id: int, outcomes: Sequence[bytes], run_us: int, now: float) -> str:
        """Results of one bundle. Returns '' when they count or are owed pay, else the code of the refusal.

        After the last report of a frame, call `reported`: what follows for the node is done once a frame.
        """
        state = self.state
        hold = node.held.get(bundle_id)
        if hold is None:
            return "not_leased"
        if len(outcomes) != hold.tasks:
            return "wrong_count"
        if node.referee:
            return self._ruling(node, bundle_id, outcomes, now)
        fast = bundle_id in node.due and bonus.came(node, bundle_id, now)
        if fast:
            self._in_time.append(bundle_id)
        leases.end(state, node, bundle_id)
        node.timely += (1.0 - node.timely) * 0.05
        bundle = state.bundles[bundle_id]
        job = bundle.job
        pace.measured(job, node, hold, run_us, now)
        ballot = Ballot(hold.standing, outcomes, _complete(bundle, outcomes), fast)
        if bundle.settled:
            voting.surplus(state, bundle, ballot)
            voting.forget_if_over(state, bundle)
        else:
            if bundle.mark < 0:
                bundle.mark = self.mark
            voting.count(state, bundle, ballot, now)
        return ""

    def _ruling(self, node: Node, bundle_id: int, outcomes: Sequence[bytes], now: float) -> str:
        bundle = self.state.bundles[bundle_id]
        if bundle.hearing:
            referees.heard(self.state, node, bundle, outcomes)
            return ""
        referees.answer(self.state, node, bundle, outcomes)
        voting.answered(self.state, bundle, now)
        return ""

    def hear(self, job: Job, bundle_id: int, arguments: Sequence[bytes]) -> bool:
        """Somebody contests what was settled: a referee of the operator runs it again. False while it is in play.

        `job` may have left the engine; its shell keeps what a lease needs until `take_hearings` names the bundle.
        """
        return referees.hear(self.state, job, bundle_id, arguments)

    def absolve(self, standing: Standing) -> None:
        """A referee found that a failure was none: the record is as it would be without it."""
        standing.rate(reputation.absolved(standing.evidence))
        self.state.changed[standing] = None

    def reported(self, node: Node, now: float) -> None:
        """A frame of reports was counted: the node may have room again, and liars may have been found out."""
        finality.conclude(self.state, now)
        pace.frame_ended(node, now)
        node.silent = False
        appetite.update(self.state, node)

    def give_back(self, node: Node, bundle_id: int, now: float) -> None:
        """The node cannot run this bundle; nobody's fault, so nothing is counted."""
        if bundle_id not in node.held:
            return
        node.silent = False
        if node.referee and referees.gives_up(node, self.state.bundles[bundle_id], now):
            self._ruling(node, bundle_id, [], now)
            return
        leases.lose(self.state, node, bundle_id, now)
        node.silent = False
        appetite.update(self.state, node)

    def place(self, now: float) -> placement.Leases:
        """Leases to hand out now, by node; those of referees among them."""
        given = placement.place(self.state, now)
        if self.state.appealing:
            referees.place(self.state, now, given)
        return given

    def tick(self, now: float) -> None:
        """About once a second: expires leases and grace periods, ends disputes that nobody can vote on any more."""
        state = self.state
        if state.started_at is None:
            state.started_at = now
        leases.expire(state, now)
        leases.pardon(state, now)
        if now - state.started_at >= state.settings.reconnect_grace_s:
            leases.settle_stalled(state, now)
            leases.settle_unappealed(state, now)
        stragglers.look(state, now)
        appetite.survey(state)
        turns.tidy(state)
        finality.conclude(state, now)

    # effects

    def take_settled(self) -> list[Settled]:
        settled = self.state.settled
        if settled:
            self.state.settled = []
        return settled

    def take_surplus(self) -> list[Surplus]:
        surplus, self.state.surplus = self.state.surplus, []
        return surplus

    def take_in_time(self) -> list[int]:
        """Bundles whose reports came in time for a bonus: to be written down with these reports, for `replay`."""
        in_time = self._in_time
        if in_time:
            self._in_time = []
        return in_time

    def take_disputes(self) -> list[Dispute]:
        """Disputes that ended, each once; for the records that requesters and contributors read."""
        disputes, self.state.disputes = self.state.disputes, []
        return disputes

    def take_hearings(self) -> list[Heard]:
        """What referees computed for contested bundles."""
        hearings, self.state.hearings = self.state.hearings, []
        return hearings

    def take_withdrawn(self) -> list[Withdrawn]:
        withdrawn, self.state.withdrawn = self.state.withdrawn, []
        return withdrawn

    def take_finished(self) -> list[Job]:
        """Jobs that just came to their end, each once."""
        finished, self.state.finished = self.state.finished, []
        jobs = {job.key: job for job in finished if job.done and job.key in self.state.jobs}
        for key, job in jobs.items():
            baits.take_in(self.state, job)
            del self.state.jobs[key]
            self.state.ready_jobs.pop(key, None)
        return list(jobs.values())

    def take_changed(self) -> list[Standing]:
        """Standings to write down."""
        changed, self.state.changed = self.state.changed, {}
        return list(changed)

    # questions

    def task_state(self, task_id: int) -> TaskState | None:
        """The state of an open task, None when it is not (or no longer) in the engine."""
        return lookup.task_state(self.state, task_id)


def _complete(bundle: Bundle, outcomes: Sequence[bytes]) -> bool:
    return len(outcomes) == bundle.n and outcome.NONE not in {encoded[0] for encoded in outcomes}
