"""The audit is silent about books that are right, and finds each one that is wrong by a single micro-unit."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from tests.storage.rows import BY, new_job, new_node, new_user

from we1web.coordinator.storage import audit, money_events
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.ledger import post_many
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes, transfers
from we1web.domain.fx import Rate, convert
from we1web.domain.ledger import AccountKind, Transaction
from we1web.domain.transfers import Payin, Payout

PRICE, FEE = 10, 1
BONUS, BONUS_FEE = 4, 1
AGREED, FAST = 1 << 15, 1 << 14
RIGHT, WRONG = b"r" * 32, b"w" * 32
LIVES = {
    "requested": (),
    "reserved": (),
    "transferred": ("send",),
    "paid": ("send",),
    "failed": ("refuse",),
    "returned": ("send", "back"),
}
"""What was posted after the request, by the state of a payout."""


class Books:
    """A small network's money: a job settled twice, a contest, payouts in every state, payments and disputes."""

    def __init__(self, tx: asyncpg.Connection) -> None:
        self.tx = tx
        self.nodes: list[int] = []
        self.owners: list[UUID] = []

    async def post(self, *transactions: Transaction) -> None:
        await post_many(self.tx, transactions, BY)

    async def fill(self) -> None:
        self.requester, key, _ = await new_user(self.tx)
        self.job, self.job_key = await new_job(self.tx, self.requester, key)
        for _ in range(3):
            owner, owner_key, _ = await new_user(self.tx)
            _, node = await new_node(self.tx, owner, owner_key)
            self.owners.append(owner)
            self.nodes.append(node)
        await self.post(
            recipes.fund(f"operator:{uuid4()}", self.requester, 500_000), recipes.hold(self.job, self.requester, 1_000)
        )
        await self.work()
        await self.contest()
        await self.count()
        for state, steps in LIVES.items():
            for rail in ("stripe", "manual"):
                await self.payout(state, rail, steps)
        await self.payments()
        await self.disputes()
        await self.exchanges()

    async def task(self, place: int, flush: int, votes: list[int]) -> None:
        await self.tx.execute(
            "insert into tasks (id, job_key, index, state, flush, votes) values ($1, $2, $3, 1, $4, $5)",
            self.job_key << 20 | place,
            self.job_key,
            place,
            flush,
            votes,
        )

    async def work(self) -> None:
        """Flushes 1 to 4 are settled in two settlements; flush 5 is not yet. One vote disagreed, one came late; one of
        each flush but the second of them was fast, the late one too."""
        a, b, c = (node << 16 | 800 for node in self.nodes)
        await self.task(0, 1, [a | AGREED | FAST, b | AGREED, c | AGREED])
        await self.task(1, 3, [a | AGREED, b | AGREED, c])
        await self.task(2, 4, [a | AGREED, b | AGREED | FAST])
        await self.task(3, 5, [b | AGREED | FAST])
        await self.tx.execute("insert into surplus_votes values ($1, $2, $3, 4, true)", self.job_key << 20 | 2, self.nodes[2], self.job_key)  # fmt: skip  # noqa: E501
        reward, more = PRICE - FEE, BONUS - BONUS_FEE
        first = dict(zip(self.owners, (reward + more, reward, reward), strict=True))
        second = dict(zip(self.owners, (2 * reward, 2 * reward + more, reward + more), strict=True))
        await self.post(
            recipes.settle(self.job, 2, first, 3 * FEE + BONUS_FEE),
            recipes.settle(self.job, 4, second, 5 * FEE + 2 * BONUS_FEE),
        )
        await self.tx.execute("insert into settlements (upto) values (2), (4)")
        await self.tx.execute(
            "update jobs set spent_micros = $2, bonus_micros = $3, bonus_fee_micros = $4, bonus_within_s = 2.5"
            " where key = $1",
            self.job_key, 9 * PRICE + 4 * BONUS, BONUS, BONUS_FEE,
        )  # fmt: skip

    async def count(self) -> None:
        """What the market counts for the pages: the votes of flushes 1 to 4, and 5,000 for the other job."""
        counted = [
            self.nodes,
            ["usd"] * 3,
            [5_003, 3, 2],
            [0, 0, 1],
            [30 + 45_000, 30, 21],
            [900, 400, 300],
            [0] * 3,
            [0] * 3,
        ]
        await self.tx.execute(statement("market/tally"), *counted, 4, 0)

    async def contest(self) -> None:
        """The third owner's vote on task 1 was right after all, and so was the second's, who was paid."""
        dispute = await self.tx.fetchval(
            """insert into disputes
                 (task_id, job_key, index, opened_at, resolved_at, how, nodes, digests, weights, paid)
               values ($1, $2, 1, now(), now(), 'panel', $3, $4, '{1,1,1}', '{t,t,f}') returning id""",
            self.job_key << 20 | 1,
            self.job_key,
            self.nodes,
            [WRONG, RIGHT, RIGHT],
        )
        await self.tx.execute(
            """insert into contests (dispute_id, user_id, state, truth, decided_at, paid_micros)
               values ($1, $2, 'overturned', $3, now(), $4)""",
            dispute,
            self.owners[2],
            RIGHT,
            PRICE - FEE,
        )
        # The fees hold little by now: the rest comes from a settlement of another job.
        await self.earn(self.owners[0], 5_000, fee=1)
        await self.post(recipes.compensate(self.job, dispute, self.owners[2], PRICE - FEE))

    async def earn(self, owner: UUID, votes: int, fee: int) -> None:
        """A job of its own that paid one owner: `fee` a vote."""
        key = await self.tx.fetchval("select key from users where id = $1", self.requester)
        job, job_key = await new_job(self.tx, self.requester, key)
        await self.tx.execute(
            "update jobs set price_micros = $2, fee_micros = $3, budget_micros = $4, spent_micros = $4 where key = $1",
            job_key,
            PRICE,
            fee,
            votes * PRICE,
        )
        node = self.nodes[self.owners.index(owner)] << 16 | AGREED
        await self.tx.execute(
            """insert into tasks (id, job_key, index, state, flush, votes)
               select $1 << 20 | n, $1, n, 1, 2, array[$2::bigint] from generate_series(0, $3::int - 1) n""",
            job_key,
            node,
            votes,
        )
        await self.post(
            recipes.fund(f"operator:{uuid4()}", self.requester, votes * PRICE),
            recipes.hold(job, self.requester, votes * PRICE),
            recipes.settle(job, 2, {owner: votes * (PRICE - fee)}, votes * fee),
        )
        await self.tx.execute("update jobs set state = 'done', ended_at = now() where key = $1", job_key)

    async def payout(self, state: str, rail: str, steps: tuple[str, ...]) -> None:
        account = await self.tx.fetchval(
            """insert into payout_accounts (user_id, rail, country, currency, destination, status)
               values ($1, $2, 'DE', 'usd', $3, 'closed') returning id""",
            self.owners[0],
            rail,
            str(uuid4()),
        )
        row = await self.tx.fetchrow(
            """insert into payouts (user_id, account_id, rail, currency, gross_micros, fee_micros, state)
               values ($1, $2, $3, 'usd', 500, 20, $4) returning *""",
            self.owners[0],
            account,
            rail,
            state,
        )
        payout = Payout(row["id"], self.owners[0], rail, "usd", 500, 20)
        outside = (
            transfers.clearing(rail, "usd")
            if rail == "stripe"
            else recipes.fund("x", self.requester, 1).postings[0].account
        )
        made = {
            "send": transfers.send_payout(payout, outside),
            "refuse": transfers.refuse_payout(payout),
            "back": transfers.return_payout(payout, outside),
        }
        await self.post(transfers.request_payout(payout), *(made[step] for step in steps))

    async def payments(self) -> None:
        for state, cost in (("open", 0), ("paid", 30), ("failed", 0), ("paid", 0)):
            funding = await self.tx.fetchval(
                """insert into fundings (user_id, rail, currency, amount_micros, cost_micros, state)
                   values ($1, 'stripe', 'eur', 1000, $2, $3) returning id""",
                self.requester,
                cost,
                state,
            )
            payin = Payin(funding, self.requester, "stripe", "eur", 1_000, cost)
            if state == "paid":
                await self.post(transfers.receive(payin))
        for state in ("requested", "sent", "done", "failed"):
            refund = await self.tx.fetchval(
                "insert into funding_refunds (funding_id, user_id, amount_micros, state) values ($1, $2, 100, $3)"
                " returning id",
                funding,
                self.requester,
                state,
            )
            await self.post(transfers.ask_refund(refund, payin, 100))
            if state != "requested":
                await self.post(transfers.send_refund(refund, payin, 100))
            if state == "failed":
                await self.post(transfers.undo_refund(refund, payin, 100, sent=True))

    async def disputes(self) -> None:
        """One bank took a payment back, of which the wallet held a part; another one gave it back."""
        for n, won in enumerate((False, True)):
            funding = await self.tx.fetchval(
                """insert into fundings (user_id, rail, currency, amount_micros, state, disputed_micros)
                   values ($1, 'stripe', 'gbp', 1000, 'paid', $2) returning id""",
                self.requester,
                0 if won else 700,
            )
            payin, dispute = Payin(funding, self.requester, "stripe", "gbp", 1_000), f"dp_{n}"
            await self.post(transfers.receive(payin), transfers.charge_back(dispute, payin, 700, 15, 300))
            by = ("funding", funding)
            detail = {"dispute": dispute, "amount_micros": 700}
            await money_events.record(self.tx, BY, by, "disputed", self.requester, detail | {"cost_micros": 15})
            if won:
                await self.post(transfers.reinstate(dispute, payin, 700, 400))
                await money_events.record(self.tx, BY, by, "reinstated", self.requester, detail)

    async def exchanges(self) -> None:
        """A wallet's, and one for a payout that failed: 450 of its 456 come back."""
        rate = Rate(date(2026, 11, 26), "usd", "chf", 912_345_678)
        await self.post(transfers.exchange("x", self.requester, AccountKind.WALLET, convert(100_001, rate, 50)))
        row = await self.tx.fetchrow(
            """insert into payouts (user_id, account_id, rail, currency, gross_micros, fee_micros, state,
                                    source_currency, source_micros)
               select user_id, id, rail, 'chf', 450, 5, 'failed', 'usd', 500 from payout_accounts
                where user_id = $1 and rail = 'stripe' limit 1 returning *""",
            self.owners[0],
        )
        key, made = f"payout:{row['id']}", convert(500, rate, 100)
        payout = Payout(row["id"], self.owners[0], "stripe", "chf", 450, 5)
        await self.post(
            transfers.exchange(key, self.owners[0], AccountKind.EARNINGS, made),
            transfers.request_payout(payout),
            transfers.refuse_payout(payout),
            transfers.exchange_back(key, self.owners[0], AccountKind.EARNINGS, made, 450),
        )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def books(database: Database) -> Books:
    async with database.transaction(SERVICE) as tx:
        books = Books(tx)
        await books.fill()
    return books


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def admin(database_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_dsn)
    yield connection
    await connection.close()


async def found(connection: asyncpg.Connection) -> list[audit.Difference]:
    return [one async for one in audit.differences(connection)]


async def test_books_that_are_right_have_no_difference(database: Database, books: Books) -> None:
    async with database.snapshot() as connection:
        assert await found(connection) == []
        looked_at = await audit.size(connection)
    assert looked_at.tasks == 5_004 and looked_at.entries > 60
    async with database.transaction(SERVICE) as tx:
        assert await tx.fetchval("select ledger.fold()") > 0
    async with database.snapshot() as connection:
        assert await found(connection) == []


async def test_a_snapshot_cannot_write(database: Database, books: Books) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with database.snapshot() as connection:
            await connection.execute("update jobs set name = 'x'")


PLANTED = {
    "a balance": ("update ledger.accounts set balance = balance + 1 where kind = 'wallet' and currency = 'usd'",
                  {"accounts", "currencies", "balances"}),
    "the balance of a hot account": ("update ledger.accounts set balance = balance - 1 where kind = 'fees'",
                                     {"accounts", "currencies"}),
    "an entry that was appended twice": (
        """insert into ledger.unfolded select account_id, transaction_id, amount from ledger.entries e
             join ledger.accounts a on a.id = e.account_id where a.kind = 'fees' limit 1""",
        {"accounts", "currencies"}),
    "an appended amount": (
        """insert into ledger.unfolded select account_id, transaction_id, amount + 1 from ledger.entries e
             join ledger.accounts a on a.id = e.account_id where a.kind = 'fees' limit 1""",
        {"accounts", "appended", "currencies"}),
    "an entry": (
        """update ledger.entries set amount = amount + 1 where transaction_id =
             (select id from ledger.transactions where kind = 'payout_sent' order by id limit 1)
             and account_id in (select id from ledger.accounts where kind = 'fees')""",
        {"accounts", "transactions", "payouts"}),
    "an entry that is gone": (
        """delete from ledger.entries where account_id in (select id from ledger.accounts where kind = 'escrow')
             and transaction_id = (select max(id) from ledger.transactions where kind = 'hold')""",
        {"accounts", "transactions", "entries", "balances", "holds"}),
    "two entries of a settlement, balanced": (
        """update ledger.entries e set amount = amount + case a.kind when 'fees' then -1 else 1 end
             from ledger.accounts a where a.id = e.account_id and a.kind in ('earnings', 'fees')
              and e.transaction_id = (select max(id) from ledger.transactions where kind = 'settle')""",
        {"accounts", "balances", "settlements"}),
    "whose escrow it is": ("update ledger.accounts set viewer_id = gen_random_uuid() where kind = 'escrow'",
                           {"balances"}),
    "a budget": ("update jobs set budget_micros = budget_micros + 1 where ended_at is null", {"holds", "escrows"}),
    "an end with money left": ("update jobs set ended_at = now() where ended_at is null", {"escrows"}),
    "what was spent": ("update jobs set spent_micros = spent_micros - 1 where ended_at is not null", {"spent"}),
    "a price": ("update jobs set price_micros = price_micros + 1 where ended_at is not null", {"settlements", "nodes"}),
    "a bonus": ("update jobs set bonus_micros = bonus_micros + 1 where bonus_micros > 0",
                {"settlements", "spent", "nodes"}),
    "a vote that was not fast": (
        "update tasks set votes[1] = votes[1] # 16384 where flush = 1", {"settlements", "nodes"}),
    "a late vote that was": ("update surplus_votes set fast = false", {"settlements", "nodes"}),
    "a vote that agreed": ("update tasks set votes = votes[2:] where flush = 1", {"settlements", "nodes"}),
    "a vote of somebody else": (
        "update tasks set votes[1] = votes[1] + 65536 where flush = 3", {"settlements", "nodes"}),
    "a surplus vote": ("delete from surplus_votes", {"settlements", "nodes"}),
    "a flush that was not settled": ("delete from settlements where upto = 4", {"settlements", "spent", "nodes"}),
    "a vote that did not agree": ("update tasks set votes = votes[:2] where flush = 3", {"nodes"}),
    "an hour of a node": (
        "update node_hours set earned_micros = earned_micros + 1 where votes_rejected > 0", {"nodes"}),
    "another hour": ("update node_hours set hour = hour - interval '1 hour' where votes_rejected > 0", {"nodes"}),
    "an hour of nobody's work": ("insert into node_hours (node_key, hour, currency, votes_paid)"
                                 " select node_key, hour, 'eur', 1 from node_hours limit 1", {"nodes"}),
    "the votes of a node": ("update node_totals set votes_paid = votes_paid - 1 where votes_rejected > 0", {"nodes"}),
    "the time of a node": ("update node_totals set core_us = core_us + 1", {"nodes"}),
    "a node's part of a pool, in both": (
        """with t as (update node_totals set pooled_micros = 1 where votes_rejected > 0 returning node_key)
           update node_hours set pooled_micros = 1 where node_key = (select node_key from t)""", {"nodes"}),
    "a referee's word": ("update contests set truth = sha256('x')", {"contests"}),
    "what a contest paid": ("update contests set paid_micros = paid_micros + 1", {"contests"}),
    "a payout": ("update payouts set gross_micros = gross_micros + 1 where state = 'requested' and rail = 'manual'",
                 {"in_flight", "payouts"}),
    "the charge for a payout": (
        "update payouts set fee_micros = fee_micros + 1 where state = 'paid' and rail = 'manual'", {"payouts"}),
    "a payout's state": ("update payouts set state = 'paid' where state = 'failed' and rail = 'stripe'",
                         {"payouts", "exchanges"}),
    "a payout nobody knows of": ("delete from payouts where state = 'paid' and rail = 'stripe'", {"payouts"}),
    "a payment": ("update fundings set amount_micros = amount_micros + 1 where state = 'paid' and cost_micros > 0",
                  {"fundings"}),
    "what a rail kept": ("update fundings set cost_micros = cost_micros + 1 where state = 'paid' and cost_micros > 0",
                         {"fundings"}),
    "a payment that never came": ("update fundings set state = 'paid' where state = 'open'", {"fundings"}),
    "a rate": (
        "update ledger.transactions set meta = meta || '{\"rate_nanos\": 912345679000}' where key = 'exchange:x'",
        {"exchanges"}),
    "a margin": (
        "update ledger.transactions set meta = meta || '{\"margin_bps\": 51}' where key = 'exchange:x'", {"exchanges"}),
    "a margin that nobody agreed to": (
        "update ledger.transactions set meta = meta - 'margin_bps' where key = 'exchange:x'", {"exchanges"}),
    "what an exchange gave, balanced": (
        """update ledger.entries e set amount = amount + case a.kind when 'fx' then -1 else 1 end from ledger.accounts a
            where a.id = e.account_id and a.kind in ('fx', 'wallet') and a.currency = 'chf'
              and e.transaction_id = (select id from ledger.transactions where key = 'exchange:x')""",
        {"accounts", "balances", "exchanges"}),
    "a failed payout that was not exchanged back": (
        "delete from ledger.entries where transaction_id = (select id from ledger.transactions where meta ? 'undoes')",
        {"accounts", "entries", "balances", "exchanges"}),
    "what is disputed": ("update fundings set disputed_micros = disputed_micros - 1 where disputed_micros > 0",
                         {"chargebacks"}),
    "a dispute nobody booked": (
        """insert into money_events (user_id, actor_kind, actor_id, cause, subject_kind, subject_id, event, detail)
           select user_id, actor_kind, actor_id, cause, subject_kind, subject_id, event, detail || '{"dispute": "dp_9"}'
             from money_events where event = 'reinstated'""", {"chargebacks"}),
    "a dispute's cost": ("""update money_events set detail = detail || '{"cost_micros": 16}'
                            where event = 'disputed' and detail ->> 'dispute' = 'dp_0'""", {"chargebacks"}),
    "a dispute in the log only": ("delete from money_events where event = 'reinstated'", {"chargebacks"}),
    "whom a bank's withdrawal hit": (
        """update fundings set user_id = (select id from users where id <> fundings.user_id limit 1)
            where disputed_micros > 0""", {"chargebacks"}),
    "a refund": ("update funding_refunds set amount_micros = amount_micros + 1 where state = 'requested'",
                 {"in_flight", "fundings"}),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
async def test_a_planted_difference_is_found(books: Books, admin: asyncpg.Connection, what: str) -> None:
    command, checks = PLANTED[what]
    planting = admin.transaction()
    await planting.start()
    try:
        await admin.execute("set local session_replication_role = replica")
        changed = int((await admin.execute(command)).split()[-1])
        assert changed > 0
        differences = await found(admin)
    finally:
        await planting.rollback()
    assert {one.check for one in differences} == checks
    assert all(one.micros > 0 for one in differences)


async def test_one_micro_unit_is_one(books: Books, admin: asyncpg.Connection) -> None:
    planting = admin.transaction()
    await planting.start()
    await admin.execute("set local session_replication_role = replica")
    account = await admin.fetchval(
        "update ledger.accounts set balance = balance + 1 where owner_id = $1 and kind = 'wallet' and currency = 'usd'"
        " returning name",
        books.requester,
    )
    differences = {one.check: one for one in await found(admin)}
    await planting.rollback()
    assert differences["accounts"].place == account
    assert {one.micros for one in differences.values()} == {1}
    assert differences["currencies"][2:] == ("usd", 0, 1)
