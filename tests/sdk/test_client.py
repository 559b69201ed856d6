"""`client.map` against a coordinator over real HTTP and WebSocket: streams, orders, errors, large values, bad links."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from we1web import ApiError, AsyncClient, CannotShip, Client, RemoteError, TaskFailed
from we1web.sdk import api, async_client, loop, models, progress, run, submission, subscription, transport
from we1web.sdk.client import MapJob
from we1web.sdk.errors import (
    BadInput,
    BudgetMissing,
    JobCancelled,
    NotAuthenticated,
    NotEnoughMoney,
    NotFound,
    Unavailable,
)
from we1web.sdk.money import AmountError
from we1web.sdk.program import BadProgram, program_of
from we1web.sdk.run import Status
from we1web.testing.fake_coordinator import FakeCoordinator, Fault

from .conftest import Waits

MODULES = [api, async_client, loop, models, progress, run, submission, subscription, transport]


def square(x: int) -> int:
    return x * x


def add(x: int, y: int) -> int:
    return x + y


def reciprocal(x: int) -> float:
    return 1 / x


def repeated(data: bytes, times: int) -> bytes:
    return data * times


def returns_object(x: int) -> object:
    return object()


def test_a_map_gives_what_the_builtin_map_gives(client: Client) -> None:
    assert list(client.map(square, range(2_500))) == list(map(square, range(2_500)))


def test_several_inputs_are_zipped(client: Client) -> None:
    assert list(client.map(add, [1, 2, 3], [10, 20])) == [11, 22]


def test_no_inputs_are_no_job(client: Client, fake: FakeCoordinator) -> None:
    job = client.map(square, [])
    assert list(job) == []
    assert (job.job_id, job.summary().total, fake.market.jobs) == ("", 0, {})


def test_the_summary_counts_votes_and_cents(client: Client) -> None:
    job = client.map(square, range(10), price="0.0005", budget=Decimal("0.02"), name="squares")
    assert len(list(job)) == 10
    summary = job.summary()
    assert (summary.state, summary.verified, summary.executions, summary.redundancy) == ("done", 10, 30, 3.0)
    assert (summary.spent_micros, summary.budget_micros) == (15_000, 20_000)


def test_a_small_job_is_one_request(client: Client, fake: FakeCoordinator) -> None:
    list(client.map(square, range(20)))
    posts = [path for method, path, _ in fake.market.requests if method == "POST"]
    assert posts == ["/api/jobs/estimate", "/api/jobs"]


def test_order_agreed_hands_on_what_comes_first(client: Client, fake: FakeCoordinator) -> None:
    fake.market.newest_first = True
    assert list(client.map(square, range(4), order="agreed")) == [9, 4, 1, 0]
    assert list(client.map(square, range(4), order="input")) == [0, 1, 4, 9]


def test_a_failed_task_raises_in_its_place_and_the_rest_follows(client: Client) -> None:
    job = client.map(reciprocal, [1, 0, 2])
    assert next(job) == 1.0
    with pytest.raises(RemoteError, match="ZeroDivisionError: division by zero") as caught:
        next(job)
    assert (caught.value.type, caught.value.index) == ("ZeroDivisionError", 1)
    assert "in reciprocal" in str(caught.value)
    assert list(job) == [0.5]


def test_errors_can_be_returned_instead(client: Client) -> None:
    good, bad = client.map(reciprocal, [1, 0], return_errors=True)
    assert good == 1.0
    assert isinstance(bad, RemoteError)


def test_results_carry_votes_and_raise_nothing(client: Client) -> None:
    job = client.map(reciprocal, [0, 4])
    first, second = job.results()
    assert (first.ok, first.state, first.voters, second.ok, second.value) == (False, "failed", 3, True, 0.25)
    archived = client.results(job.job_id)
    assert [(result.index, len(result.votes), result.votes[0].agreed) for result in archived] == [
        (0, 3, True),
        (1, 3, True),
    ]


def test_a_result_that_has_no_encoding_is_the_tasks_error(client: Client) -> None:
    with pytest.raises(TaskFailed, match="cannot travel"):
        list(client.map(returns_object, [1]))


def test_large_arguments_and_results_travel_as_blobs(client: Client, fake: FakeCoordinator) -> None:
    inputs = [bytes([i]) * 100_000 for i in range(12)]
    assert list(client.map(repeated, inputs, [2] * 12)) == [data * 2 for data in inputs]
    puts = [path for method, path, _ in fake.market.requests if method == "PUT"]
    list(client.map(repeated, inputs, [2] * 12))
    assert [path for method, path, _ in fake.market.requests if method == "PUT"] == puts, (
        "present blobs were sent again"
    )


def test_results_stream_while_inputs_are_still_being_made(client: Client) -> None:
    seen: list[int] = []
    arrived = threading.Event()

    def inputs() -> Iterator[int]:
        yield 3
        assert arrived.wait(30), "the first result never came while the second input was awaited"
        yield 4

    for value in client.map(square, inputs(), budget="1"):
        seen.append(value)
        arrived.set()
    assert seen == [9, 16]


def test_endless_inputs_end_at_the_budget(client: Client) -> None:
    job = client.map(square, itertools.count(), price=100, budget=3_000_000)
    with pytest.raises(NotEnoughMoney) as caught:
        list(job)
    assert caught.value.code == "budget_too_small"
    assert job.summary().state == "cancelled"


def test_inputs_without_a_length_need_a_budget(client: Client) -> None:
    with pytest.raises(BudgetMissing):
        client.map(square, (x for x in [1]))


def test_an_input_that_cannot_travel_names_itself(client: Client) -> None:
    with pytest.raises(BadInput, match=r"input 1: .*object"):
        list(client.map(square, [1, object()]))


def test_an_input_that_fails_late_cancels_the_job(client: Client) -> None:
    def inputs() -> Iterator[int]:
        yield from range(3_000)
        raise RuntimeError("the disk is gone")

    job = client.map(square, inputs(), budget="10")
    with pytest.raises(RuntimeError, match="the disk is gone"):
        list(job)
    assert job.summary().state in ("cancelled", "done")


def test_wrong_numbers_of_arguments_cost_nothing(client: Client, fake: FakeCoordinator) -> None:
    with pytest.raises(CannotShip, match="cannot be called with 1 argument"):
        client.map(add, [1, 2])
    assert fake.market.requests == []


@pytest.mark.parametrize("price", [0.1, "a lot", "-1", -1, True, "0.0000001"])
def test_what_is_no_price_is_refused(client: Client, price: Any) -> None:
    with pytest.raises(AmountError):
        client.map(square, [1], price=price)


def test_a_budget_below_the_price_is_refused(client: Client) -> None:
    with pytest.raises(NotEnoughMoney) as caught:
        client.map(square, range(100), price="0.01", budget="0.01")
    assert caught.value.hint


def test_cancelling_ends_the_iteration_with_what_is_missing(client: Client, fake: FakeCoordinator) -> None:
    fake.market.held = True
    job = client.map(square, range(5))
    fake.run(fake.market.advance, fake.market.jobs[job.job_id], 2)
    assert [next(job), next(job)] == [0, 1]
    job.cancel()
    with pytest.raises(JobCancelled, match="3 of its tasks"):
        next(job)


def test_one_comes_back_to_a_job_by_its_id(client: Client, fake: FakeCoordinator) -> None:
    fake.market.held = True
    left = client.map(square, range(200))
    left.detach()
    job = fake.market.jobs[left.job_id]
    fake.run(fake.market.advance, job, 150)
    attached = client.attach(left.job_id)
    assert [next(attached) for _ in range(150)] == [x * x for x in range(150)]
    fake.run(fake.market.advance, job)
    assert list(attached) == [x * x for x in range(150, 200)]


@pytest.mark.parametrize("drops", [[1], [0, 0, 0], [2, 1, 0, 1]])
def test_a_link_that_breaks_loses_and_repeats_nothing(
    client: Client, fake: FakeCoordinator, waits: Waits, drops: list[int]
) -> None:
    fake.market.held = True
    fake.market.drops.extend(drops)
    job = client.map(square, range(500))
    state = fake.market.jobs[job.job_id]
    values: list[int] = []
    for _ in range(5):
        fake.run(fake.market.advance, state, 100)
        values += [next(job) for _ in range(100)]
    assert [*values, *job] == [x * x for x in range(500)]


def test_without_any_websocket_results_still_come(client: Client, fake: FakeCoordinator, waits: Waits) -> None:
    fake.market.held = True
    fake.market.drops.extend([0] * 1_000)
    job = client.map(square, range(120))
    fake.run(fake.market.advance, fake.market.jobs[job.job_id])
    assert list(job) == [x * x for x in range(120)]


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_a_job_whose_answer_was_lost_is_created_once(
    client: Client, fake: FakeCoordinator, waits: Waits, status: int
) -> None:
    fake.market.faults.append(Fault("POST", "/api/jobs", status, {"Retry-After": "3"}, after=True))
    fake.market.faults.append(Fault("POST", "/api/jobs", status, {"Retry-After": "3"}, after=True))
    assert list(client.map(square, [1, 2], budget="1")) == [1, 4]
    assert len(fake.market.jobs) == 1
    keys = {headers.get("idempotency-key") for method, path, headers in fake.market.requests if path == "/api/jobs"}
    assert len(keys) == 1 and None not in keys
    assert status in (0, 500) or waits.seconds[:2] == [3.0, 3.0]


def test_a_batch_whose_answer_was_lost_is_stored_once(client: Client, fake: FakeCoordinator) -> None:
    fake.market.faults.append(Fault("POST", "/api/jobs/", 503, after=True))
    assert list(client.map(square, range(2_500), budget="10")) == [x * x for x in range(2_500)]


def test_a_coordinator_that_stays_away_is_named(waits: Waits) -> None:
    away = pytest.raises(Unavailable, match=r"127\.0\.0\.1:9 is not reachable")
    with Client("http://127.0.0.1:9", "we1_x", pacing=waits.pacing) as client, away as caught:
        client.jobs()
    assert caught.value.retryable
    assert waits.pacing.patience_s <= sum(waits.seconds) <= waits.pacing.patience_s + waits.pacing.max_delay_s


def test_a_running_job_waits_out_a_long_outage_and_says_so(client: Client, fake: FakeCoordinator, waits: Waits) -> None:
    fake.market.held = True
    fake.market.drops.append(0)
    fake.market.faults += [Fault("GET", "/api/jobs/", 0) for _ in range(50)]
    heard: list[str] = []
    job = client.map(square, range(50), budget="1", progress=lambda status: heard.append(status.waiting))
    fake.run(fake.market.advance, fake.market.jobs[job.job_id])
    assert list(job) == [x * x for x in range(50)]
    assert sum(waits.seconds) > 5 * waits.pacing.patience_s
    assert "the connection is lost; trying again" in heard


def test_a_refused_token_is_told_at_once(fake: FakeCoordinator, waits: Waits) -> None:
    with Client(fake.url, "we1_wrong", pacing=waits.pacing) as client, pytest.raises(NotAuthenticated) as caught:
        client.jobs()
    assert (caught.value.code, caught.value.status, waits.seconds) == ("token_invalid", 401, [])


def test_other_peoples_jobs_are_not_found(client: Client) -> None:
    with pytest.raises(NotFound):
        client.attach("00000000-0000-0000-0000-00000000dead")


def test_what_is_no_program_is_refused(client: Client, tmp_path: Any) -> None:
    (tmp_path / "x.wasm").write_bytes(b"hello")
    for thing in (b"hello", tmp_path / "x.wasm", tmp_path / "missing.wasm"):
        with pytest.raises(BadProgram):
            client.map(thing, [b""])


def test_webassembly_text_is_assembled_and_takes_bytes_only(client: Client, tmp_path: Any) -> None:
    (tmp_path / "nothing.wat").write_text("(module)")
    assert program_of(tmp_path / "nothing.wat", 1).content == b"\0asm\x01\0\0\0"
    with pytest.raises(BadInput, match="takes bytes"):
        client.map(tmp_path / "nothing.wat", [3.5])


def test_listeners_hear_of_the_whole_job(client: Client) -> None:
    heard: list[tuple[int, int, bool]] = []

    def listen(status: Status) -> None:
        heard.append((status.received, status.total, status.complete))

    assert len(list(client.map(square, range(30), progress=listen))) == 30
    assert heard[-1] == (30, 30, True)


def test_a_progress_bar_writes_to_standard_error_only(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(list(client.map(square, range(30), progress=True))) == 30
    written = capsys.readouterr()
    assert written.out == ""
    assert "square" in written.err


def test_balances_jobs_estimates(client: Client) -> None:
    list(client.map(square, range(3), price=100))
    assert client.balances()[0].wallet_micros == 1_000_000_000 - 900
    assert [job.name for job in client.jobs()] == ["square"]
    assert client.estimate(10, "0.001").estimate_micros == 30_000


async def test_the_asynchronous_client_is_the_same_thing(fake: FakeCoordinator, waits: Waits) -> None:
    async with AsyncClient(fake.url, fake.token, pacing=waits.pacing) as client:
        job = await client.map(square, range(50))
        assert [value async for value in job] == [x * x for x in range(50)]
        attached = await client.attach(job.job_id, order="agreed")
        assert sorted([result.value async for result in attached.results()]) == [x * x for x in range(50)]


INTERRUPTED = """
import signal, sys, threading
from we1web import Client
def square(x):
    return x * x
client = Client(sys.argv[1], sys.argv[2])
job = client.map(square, range(5), detach=len(sys.argv) > 3)
run = job._loop.run
def announced(coroutine):
    print(job.job_id, flush=True)  # from inside the iteration: that is what gets interrupted
    return run(coroutine)
job._loop.run = announced
try:
    list(job)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize(
    ("extra", "state", "says"), [([], "cancelled", "cancelled job"), (["detach"], "running", "detached")]
)
def test_ctrl_c_cancels_or_detaches(
    fake: FakeCoordinator, tmp_path: Any, extra: list[str], state: str, says: str
) -> None:
    fake.market.held = True
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    process = subprocess.Popen(
        [sys.executable, str(script), fake.url, fake.token, *extra],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    job_id = process.stdout.readline().strip()
    process.send_signal(2)
    out, err = process.communicate(timeout=60)
    assert (fake.market.jobs[job_id].state, out.split()[-1]) == (state, "interrupted")
    assert says in err


def test_the_names_of_the_package_load_when_they_are_used() -> None:
    script = "import sys, we1web; assert 'we1web.sdk.client' not in sys.modules; from we1web import Client, RemoteError"
    subprocess.run([sys.executable, "-c", script], check=True)
    import we1web

    assert {"Client", "RemoteError"} <= set(dir(we1web))
    assert we1web.MapJob is MapJob
    with pytest.raises(AttributeError):
        _ = we1web.nothing  # type: ignore[attr-defined]


def test_errors_have_one_base() -> None:
    assert issubclass(NotFound, ApiError)
    assert issubclass(RemoteError, TaskFailed)
