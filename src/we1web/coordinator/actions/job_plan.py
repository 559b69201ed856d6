"""What an order becomes: every check of a job that needs no database. Pure; must never read settings or the clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.coordinator.actions import job_terms
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import MAX_SUBMISSION_BYTES, Order
from we1web.domain import pricing
from we1web.domain.currency import CURRENCIES
from we1web.domain.money import DEFAULT_CURRENCY
from we1web.domain.policy import POLICIES
from we1web.domain.strategy import STRATEGIES
from we1web.domain.wasm_module import MAX_MEMORY_BYTES


@dataclass(frozen=True)
class House:
    """What holds for every job of this coordinator, and who orders."""

    fee_bps: int
    default_strategy: str
    operator: bool = False
    """The caller is one."""
    fee_min_micros: int = 0
    currency: str = DEFAULT_CURRENCY
    """Of orders that name none."""


@dataclass(frozen=True)
class JobPlan:
    """A job that may be created as soon as its programs, its blobs and the money are there."""

    order: Order
    runtime_id: str
    strategy: str
    quorum: int
    currency: str
    fee_micros: int
    bonus_fee_micros: int
    budget_micros: int
    instructions: int


def plan(order: Order, n: int, house: House) -> JobPlan:
    """Checks an order for its first `n` tasks. Raises Refusal."""
    quorum = quorum_of(order.policy)
    job_terms.check(order, operator=house.operator)
    strategy = order.strategy or house.default_strategy
    check_known("strategy", strategy, STRATEGIES)
    currency = order.currency or house.currency
    check_currency(currency)
    budget = order.budget_micros
    if budget is None:
        budget = pricing.default_budget(pricing.estimate(n, order.price_micros + order.bonus_micros, quorum))
    check_price(order.price_micros, order.policy, order.bonus_micros, currency)
    check_budget(budget, n, order.price_micros + order.bonus_micros, order.policy, currency)
    return JobPlan(
        order=order,
        runtime_id=_runtime_id(order.runtime),
        strategy=strategy,
        quorum=quorum,
        currency=currency,
        fee_micros=pricing.fee(order.price_micros, house.fee_bps, house.fee_min_micros),
        bonus_fee_micros=pricing.fee(order.bonus_micros, house.fee_bps),
        budget_micros=budget,
        instructions=_instructions(order),
    )


def quorum_of(policy: str) -> int:
    """The paid votes a task needs when nobody disagrees. Raises Refusal for a policy nobody knows."""
    check_known("policy", policy, POLICIES)
    return POLICIES[policy].estimated_votes


def check_currency(currency: str) -> None:
    """Raises Refusal for one that nobody can be paid in."""
    if currency not in CURRENCIES:
        hint = f"one of: {', '.join(sorted(CURRENCIES))}"
        raise Refusal(f"there is no currency {currency!r} here", code="currency_unknown", hint=hint)


def check_price(price: int, policy: str, bonus: int = 0, currency: str = DEFAULT_CURRENCY) -> None:
    """Raises Refusal for a price nobody can be paid, and for one on work that nobody votes on."""
    if policy in job_terms.UNPAID:
        if price or bonus:
            raise Refusal(
                f"policy {policy} runs on one's own nodes and pays nothing",
                code="bad_price",
                hint="name the price 0 and no bonus, or another policy",
            )
        return
    _raise(pricing.check_price(price, currency) or pricing.check_bonus(price, bonus, currency))


def check_budget(budget: int, n: int, most: int, policy: str, currency: str = DEFAULT_CURRENCY) -> None:
    """Raises Refusal when the budget does not cover `n` tasks of which every vote costs the most it may (price and
    bonus), or covers nothing at all: so much is reserved for each vote that is under way."""
    _raise(pricing.check_budget(budget, max(n, 1), most, quorum_of(policy), currency))


def check_size(arguments: Sequence[bytes]) -> None:
    """Raises Refusal when one submission carries too much."""
    if sum(map(len, arguments)) > MAX_SUBMISSION_BYTES:
        raise Refusal(
            f"the arguments are above {MAX_SUBMISSION_BYTES} bytes",
            code="body_too_large",
            hint="send fewer tasks a call, and arguments above 64 KiB as blobs",
        )


def no_tasks() -> Refusal:
    return Refusal("a complete job needs at least one task", code="no_tasks", hint="send arguments, or complete=false")


def check_known(what: str, name: str, known: Collection[str]) -> None:
    """Raises Refusal when nothing has this name."""
    if name not in known:
        raise Refusal(f"there is no {what} {name!r}", code="invalid_request", hint=f"choose one of {sorted(known)}")


def _raise(refused: pricing.Refusal | None) -> None:
    if refused:
        raise Refusal(refused.message, code=refused.code, hint=refused.hint)


def _runtime_id(name: str) -> str:
    check_known("runtime", name, RUNTIME_IDS)
    return RUNTIME_IDS[name]


def _instructions(order: Order) -> int:
    """Only wasm is metered; there a job without a bound could run for ever at its contributors' cost."""
    if order.runtime != "wasm":
        return 0
    if order.limits.memory_bytes > MAX_MEMORY_BYTES:
        raise Refusal("limits.memory_bytes is too large", code="invalid_request", hint=f"at most {MAX_MEMORY_BYTES}")
    if order.limits.instructions == 0:
        raise Refusal("limits.instructions is 0", code="invalid_request", hint="leave it out, or name a bound")
    return order.limits.instructions
