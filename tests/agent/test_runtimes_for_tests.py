"""The fakes of we1web.testing obey the contract of a runtime, and the liar lies like a good one."""

from hypothesis import given
from hypothesis import strategies as st

from we1web.agent.runtime import OUTPUT_LIMIT, Work
from we1web.protocol import outcome
from we1web.protocol.messages import Limits
from we1web.testing.runtimes import EchoRuntime, LyingRuntime, corrupted
from we1web.testing.saboteur import Sabotage

MANY = [number.to_bytes(2, "big") for number in range(400)]


def work(arguments: list[bytes], output_bytes: int = 100) -> Work:
    return Work("echo-1", b"program", bytes(32), "main", Limits(1_000, 1, output_bytes, 0), arguments)


async def test_an_echo_answers_every_argument_within_the_limits() -> None:
    runtime = EchoRuntime()
    await runtime.start()
    answers = await runtime.run(work([b"a", b"", bytes(101)]))
    assert answers == [outcome.value(b"a"), outcome.value(b""), outcome.none(OUTPUT_LIMIT)]
    await runtime.close()


async def test_a_liar_lies_about_its_share_of_the_tasks_and_the_same_ones_as_its_accomplice() -> None:
    honest = await EchoRuntime().run(work(MANY))
    told: list[None] = []
    first = await LyingRuntime(EchoRuntime(), 0.5, lambda: told.append(None)).run(work(MANY))
    second = await LyingRuntime(EchoRuntime(), 0.5).run(work(MANY))
    assert first == second
    lies = sum(answer != truth for answer, truth in zip(first, honest, strict=True))
    assert lies == len(told)
    assert 150 < lies < 250


async def test_the_extremes() -> None:
    honest = await EchoRuntime().run(work(MANY))
    assert await LyingRuntime(EchoRuntime(), 0.0).run(work(MANY)) == honest
    always = await LyingRuntime(EchoRuntime(), 1.0).run(work(MANY))
    assert all(answer != truth for answer, truth in zip(always, honest, strict=True))


async def test_a_liar_has_nothing_to_say_where_there_is_no_answer() -> None:
    answers = await LyingRuntime(EchoRuntime(), 1.0).run(work([bytes(101)]))
    assert answers == [outcome.none(OUTPUT_LIMIT)]


@given(st.binary(max_size=50), st.integers(0, 2**64 - 1))
def test_a_lie_is_a_well_formed_other_answer(payload: bytes, meter: int) -> None:
    truth = outcome.value(payload, meter)
    lie = corrupted(truth)
    outcome.check_outcome(lie)
    assert lie != truth
    assert outcome.meter(lie) == meter


async def test_sabotage_wraps_every_runtime_and_counts(tmp_path: object) -> None:
    sabotage = Sabotage(1.0, lambda cores, cache: [EchoRuntime("a"), EchoRuntime("b")])
    wrapped = sabotage.runtimes(2, tmp_path)  # type: ignore[arg-type]
    assert [runtime.id for runtime in wrapped] == ["a", "b"]
    for runtime in wrapped:
        await runtime.start()
        await runtime.run(work([b"x", b"y"]))
        await runtime.close()
    assert sabotage.lies == 4
