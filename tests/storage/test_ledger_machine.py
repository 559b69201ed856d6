"""The ledger in PostgreSQL against a dictionary: every recipe, replays, used keys, overdrafts and folds, at random.

What the model expects to be applied is gathered and posted in batches, as the market does it; what it expects to be
refused is posted together with what was gathered, and must take all of it back.
"""

import asyncio
import inspect
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, get_type_hints
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from tests.storage.ledger_model import LedgerModel, keys, names
from tests.storage.rows import BY, new_job, new_user

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.ledger import post_many
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes, transfers
from we1web.domain.fx import NANOS, Conversion, Rate, convert
from we1web.domain.ledger import AccountKind, AccountRef, Transaction
from we1web.domain.transfers import Payin, Payout

EXAMPLES, STEPS = 60, 300
BATCH = 20
USERS, JOBS = 3, 3
RAILS = ("stripe", "manual")

amounts = st.integers(1, 1_000)
places = st.integers(0, 1_000_000)
"""Chooses one of however many there are."""
users = st.integers(0, USERS - 1)
moneys = st.integers(0, 2)
rails = st.sampled_from(RAILS)


class World:
    """The database and the connection that all examples share; each example has currencies and ids of its own."""

    def __init__(self, dsn: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.database = self.do(Database.open(dsn, user_connections=1, service_connections=2))
        self.connection: asyncpg.Connection = self.do(self.database.connect_service())
        self.users: list[tuple[UUID, int]] = [self.do(self._user()) for _ in range(USERS)]
        self.examples = self.steps = self.refusals = self.replays = self.batches = 0
        self.recipes: set[str] = set()

    def do(self, awaitable: Any) -> Any:
        return self.loop.run_until_complete(awaitable)

    async def _user(self) -> tuple[UUID, int]:
        async with self.database.transaction(SERVICE) as connection:
            return (await new_user(connection))[:2]

    def jobs(self) -> list[UUID]:
        """Fresh ones: a job's budget is held once."""
        return [self.do(new_job(self.connection, *self.users[0]))[0] for _ in range(JOBS)]

    def close(self) -> None:
        self.do(self.connection.close())
        self.do(self.database.close())
        self.loop.close()


class LedgerMachine(RuleBasedStateMachine):
    """One example: some users, three jobs, two rails and three currencies that nobody else uses."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.world.examples += 1
        self.number, self.serial = self.world.examples, 0
        self.currencies = [f"{letter}{self.number}" for letter in "xyz"]
        self.jobs = self.world.jobs()
        self.pool = self.new_id()
        self.model = LedgerModel()
        self.queue: list[Transaction] = []
        self.fresh: list[str] = []
        self.payins: list[Payin] = []
        self.refunds: list[tuple[UUID, Payin, int]] = []
        self.payouts: list[Payout] = []
        self.exchanges: list[tuple[str, UUID, AccountKind, Conversion]] = []

    # --- the market ---------------------------------------------------------------------------------------------

    @rule(user=users, amount=amounts, money=moneys)
    def fund(self, user: int, amount: int, money: int) -> None:
        self.send(recipes.fund(str(self.new_id()), self.user(user), amount * 3, self.currencies[money]))

    @rule(job=places, amount=amounts)
    def hold(self, job: int, amount: int) -> None:
        self.send(recipes.hold(self.jobs[job % JOBS], self.user(0), amount, self.currencies[job % 3]))

    @rule(job=places, paid=st.lists(st.integers(0, 60), min_size=USERS, max_size=USERS), fee=st.integers(0, 40))
    def settle(self, job: int, paid: list[int], fee: int) -> None:
        payouts = {self.user(position): amount for position, amount in enumerate(paid)}
        pools = {self.pool: recipes.PoolShare(paid[0] // 2, paid[-1])}
        if fee or any(paid):
            batch, currency = self.new_id().int & 0xFFFFFF, self.currencies[job % 3]
            self.send(recipes.settle(self.jobs[job % JOBS], batch, payouts, fee, currency=currency, pools=pools))

    @rule(paid=st.lists(st.integers(1, 25), min_size=1, max_size=USERS), money=moneys)
    def distribute(self, paid: list[int], money: int) -> None:
        parts = {self.user(position): amount for position, amount in enumerate(paid)}
        self.send(recipes.distribute(self.pool, self.new_id().int & 0xFFFFFF, parts, self.currencies[money]))

    @rule(user=users, amount=st.integers(1, 40), money=moneys)
    def withdraw(self, user: int, amount: int, money: int) -> None:
        self.send(recipes.withdraw(str(self.new_id()), self.pool, self.user(user), amount, self.currencies[money]))

    @rule(job=places, user=users, amount=st.integers(1, 80))
    def compensate(self, job: int, user: int, amount: int) -> None:
        dispute, currency = self.new_id().int & 0xFFFFFF, self.currencies[job % 3]
        self.send(recipes.compensate(self.jobs[job % JOBS], dispute, self.user(user), amount, currency=currency))

    @rule(job=places, beyond=st.integers(0, 3))
    def refund(self, job: int, beyond: int) -> None:
        which, currency = self.jobs[job % JOBS], self.currencies[job % 3]
        rest = self.model.of(AccountKind.ESCROW, currency, job=which) + (beyond == 3)
        if rest:
            self.send(recipes.refund(which, self.user(0), rest, currency))

    # --- money that comes in ------------------------------------------------------------------------------------

    @rule(user=users, amount=amounts, cost=st.integers(0, 9), rail=rails, money=moneys, beyond=st.integers(0, 5))
    def receive(self, user: int, amount: int, cost: int, rail: str, money: int, beyond: int) -> None:
        payin = Payin(self.new_id(), self.user(user), rail, self.currencies[money], amount + 10, cost)
        self.payins.append(payin)
        self.send(transfers.receive(payin, self.debt(payin) + (beyond == 5)))

    @rule(place=places, amount=amounts)
    def ask_refund(self, place: int, amount: int) -> None:
        if self.payins:
            asked = (self.new_id(), self.payins[place % len(self.payins)], amount)
            self.refunds.append(asked)
            self.send(transfers.ask_refund(*asked))

    @rule(place=places)
    def send_refund(self, place: int) -> None:
        if self.refunds:
            self.send(transfers.send_refund(*self.refunds[place % len(self.refunds)]))

    @rule(place=places, sent=st.booleans())
    def undo_refund(self, place: int, sent: bool) -> None:
        if self.refunds:
            self.send(transfers.undo_refund(*self.refunds[place % len(self.refunds)], sent=sent))

    @rule(place=places, cost=st.integers(0, 15), beyond=st.integers(0, 5))
    def charge_back(self, place: int, cost: int, beyond: int) -> None:
        if self.payins:
            payin = self.payins[place % len(self.payins)]
            wallet = self.model.of(AccountKind.WALLET, payin.currency, owner=payin.user) + (beyond == 5)
            self.send(transfers.charge_back(f"d{self.new_id()}", payin, payin.amount_micros, cost, wallet))

    @rule(place=places, beyond=st.integers(0, 5))
    def reinstate(self, place: int, beyond: int) -> None:
        if self.payins:
            payin = self.payins[place % len(self.payins)]
            debt = self.debt(payin) + (beyond == 5)
            self.send(transfers.reinstate(f"d{self.new_id()}", payin, payin.amount_micros, debt))

    # --- money that goes out ------------------------------------------------------------------------------------

    @rule(user=users, amount=st.integers(1, 120), fee=st.integers(0, 5), rail=rails, money=moneys)
    def request_payout(self, user: int, amount: int, fee: int, rail: str, money: int) -> None:
        gross = fee + amount
        payout = Payout(self.new_id(), self.user(user), rail, self.currencies[money], gross, fee)
        self.payouts.append(payout)
        self.send(transfers.request_payout(payout))

    @rule(place=places, by_rail=st.booleans())
    def send_payout(self, place: int, by_rail: bool) -> None:
        if self.payouts:
            payout = self.payouts[place % len(self.payouts)]
            self.send(transfers.send_payout(payout, outside(payout, by_rail)))

    @rule(place=places)
    def refuse_payout(self, place: int) -> None:
        if self.payouts:
            self.send(transfers.refuse_payout(self.payouts[place % len(self.payouts)]))

    @rule(place=places, by_rail=st.booleans())
    def return_payout(self, place: int, by_rail: bool) -> None:
        if self.payouts:
            payout = self.payouts[place % len(self.payouts)]
            self.send(transfers.return_payout(payout, outside(payout, by_rail)))

    @rule(user=users, kind=st.booleans(), amount=amounts, nanos=st.integers(NANOS // 50, 50 * NANOS), money=moneys)
    def exchange(self, user: int, kind: bool, amount: int, nanos: int, money: int) -> None:
        rate = Rate(date(2026, 1, 5), self.currencies[money], self.currencies[money - 1], nanos)
        conversion = convert(amount, rate)
        if conversion.received_micros:
            account, key = AccountKind.WALLET if kind else AccountKind.EARNINGS, str(self.new_id())
            self.exchanges.append((key, self.user(user), account, conversion))
            self.send(transfers.exchange(*self.exchanges[-1]))

    @rule(place=places, part=st.integers(1, 100))
    def exchange_back(self, place: int, part: int) -> None:
        if self.exchanges:
            made = self.exchanges[place % len(self.exchanges)]
            self.send(transfers.exchange_back(*made, -(-made[-1].received_micros * part // 100)))

    @rule(rail=rails, amount=amounts, money=moneys)
    def rail_cost(self, rail: str, amount: int, money: int) -> None:
        self.send(transfers.rail_cost(rail, str(self.new_id()), amount, self.currencies[money]))

    @rule(rail=rails, amount=amounts, out=st.booleans(), money=moneys)
    def move_own(self, rail: str, amount: int, out: bool, money: int) -> None:
        self.send(transfers.move_own(rail, str(self.new_id()), -amount if out else amount, self.currencies[money]))

    # --- what the ledger must stand -----------------------------------------------------------------------------

    @rule(place=places)
    def replay(self, place: int) -> None:
        if self.model.posted:
            self.send(list(self.model.posted.values())[place % len(self.model.posted)])

    @rule(place=places, user=users)
    def reuse_a_key(self, place: int, user: int) -> None:
        if self.model.posted:
            key = list(self.model.posted)[place % len(self.model.posted)]
            other = recipes.fund("x", self.user(user), 1, self.currencies[0])
            self.send(Transaction(key, "other", other.postings))

    @rule()
    def fold(self) -> None:
        self.world.steps += 1
        self.flush()
        self.do(self.connection.fetchval("select ledger.fold()"))
        self.check()

    # --- how it is sent and compared ----------------------------------------------------------------------------

    def send(self, transaction: Transaction) -> None:
        self.world.steps += 1
        self.world.recipes.add(sys._getframe(1).f_code.co_name)
        if transaction.key in keys(self.queue):
            self.flush()
        refusal = self.model.refusal(transaction)
        if refusal is None:
            self.queue.append(transaction)
            if self.model.apply(transaction):
                self.fresh.append(transaction.key)
            if len(self.queue) >= BATCH:
                self.flush()
        else:
            self.world.refusals += 1
            self.refused([*self.queue, transaction], refusal)

    def refused(self, batch: list[Transaction], refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            self.post(batch)

    def flush(self) -> None:
        """What was gathered, in one batch; the new ones are named, the others are not."""
        (batch, self.queue), (fresh, self.fresh) = (self.queue, []), (self.fresh, [])
        self.world.replays += len(batch) - len(fresh)
        self.world.batches += 1
        assert self.post(batch) == fresh
        self.check()

    def post(self, batch: list[Transaction]) -> list[str]:
        async def post() -> list[str]:
            async with self.connection.transaction():
                return await post_many(self.connection, batch, BY)

        posted: list[str] = self.do(post())
        return posted

    def check(self) -> None:
        expected = names(self.model.balances)
        rows = self.do(
            self.connection.fetch(
                """select a.name, b.balance from ledger.accounts a join ledger.balances b using (id)
                    where a.name = any($1)""",
                list(expected),
            )
        )
        assert {row["name"]: row["balance"] for row in rows if row["balance"]} == {
            name: balance for name, balance in expected.items() if balance
        }
        assert not any(self.model.sums().values())

    def teardown(self) -> None:
        self.flush()
        rows = self.do(
            self.connection.fetch(
                """select coalesce(a.owner_id, j.requester_id) as user_id, a.currency, a.kind,
                          sum(e.amount)::bigint as sum
                     from ledger.entries e
                     join ledger.accounts a on a.id = e.account_id left join jobs j on j.id = a.job_id
                    where a.currency = any($1) and coalesce(a.owner_id, j.requester_id) is not null
                    group by 1, 2, 3""",
                self.currencies,
            )
        )
        shown = self.do(self.connection.fetch("select * from user_balances where currency = any($1)", self.currencies))
        columns = {"wallet": "wallet_micros", "earnings": "earnings_micros", "escrow": "held_micros"}
        derived = {(r["user_id"], r["currency"], r["kind"]): r["sum"] for r in rows}
        for row in shown:
            for kind, column in columns.items():
                assert row[column] == derived.pop((row["user_id"], row["currency"], kind), 0)
            assert -row["debt_micros"] == derived.pop((row["user_id"], row["currency"], "debt"), 0)
        assert derived == {}

    # --- names --------------------------------------------------------------------------------------------------

    @property
    def connection(self) -> asyncpg.Connection:
        return self.world.connection

    def do(self, awaitable: Any) -> Any:
        return self.world.do(awaitable)

    def new_id(self) -> UUID:
        """The same in every run of this example, and never one of another."""
        self.serial += 1
        return UUID(int=self.number << 64 | self.serial)

    def user(self, position: int) -> UUID:
        return self.world.users[position][0]

    def debt(self, payin: Payin) -> int:
        return -self.model.of(AccountKind.DEBT, payin.currency, owner=payin.user)


def outside(payout: Payout, by_rail: bool) -> AccountRef:
    if by_rail:
        return transfers.clearing(payout.rail, payout.currency)
    return AccountRef(AccountKind.WORLD, currency=payout.currency)


def all_recipes() -> set[str]:
    """Every public function that makes a transaction."""
    found: dict[str, Callable[..., Any]] = {}
    for module in (recipes, transfers):
        found |= {name: f for name, f in vars(module).items() if inspect.isfunction(f) and not name.startswith("_")}
    return {name for name, f in found.items() if get_type_hints(f).get("return") is Transaction}


def test_the_ledger_is_what_a_dictionary_says(database_dsn: str) -> None:
    world = LedgerMachine.world = World(database_dsn)
    try:
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        world.close()
    assert world.steps >= 10_000
    assert world.recipes >= all_recipes(), "a recipe without a rule here"
    assert min(world.refusals, world.replays, world.batches) > 200, vars(world)
