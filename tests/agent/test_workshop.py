"""A bundle's program and arguments come together, and its outcomes fit a frame."""

from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.agent.artifacts import ArtifactError, Artifacts
from we1web.agent.backoff import Backoff
from we1web.agent.runtime import RuntimeBroken, Work
from we1web.agent.workshop import Workshop, _too_large
from we1web.protocol import outcome
from we1web.protocol.effects import Leased
from we1web.protocol.errors import FrameError
from we1web.protocol.held import REPORT_BYTES, wire_bytes
from we1web.protocol.limits import INLINE_BYTES
from we1web.protocol.messages import JobInfo, Lease, Limits
from we1web.testing.runtimes import EchoRuntime

LIMITS = Limits(1_000, 1 << 20, 1 << 20, 0)


class Blobs:
    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def add(self, content: bytes) -> bytes:
        self.blobs[sha256(content).hexdigest()] = content
        return sha256(content).digest()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        name = request.url.path.rpartition("/")[2]
        if request.method == "PUT":
            self.blobs[name] = request.content
        return httpx2.Response(200, content=self.blobs[name]) if name in self.blobs else httpx2.Response(404)


@pytest.fixture
def blobs() -> Blobs:
    return Blobs()


@pytest.fixture
def workshop(blobs: Blobs, tmp_path: Path) -> Workshop:
    http = httpx2.AsyncClient(base_url="http://coordinator", transport=httpx2.MockTransport(blobs))
    return Workshop([EchoRuntime()], Artifacts(tmp_path, http, backoff=lambda: Backoff(Random(0))))


def leased(program: bytes, arguments: list[bytes], runtime: str = "echo-1") -> Leased:
    return Leased(Lease(1, 1, arguments, 1_000), JobInfo(1, runtime, program, "main", LIMITS), 1.0)


async def test_program_and_arguments_are_fetched(workshop: Workshop, blobs: Blobs) -> None:
    program, large = blobs.add(b"program"), bytes(100_000)
    reference = outcome.reference(blobs.add(large), len(large))
    work = await workshop.prepare(leased(program, [outcome.inline(b"small"), reference]))
    assert work == Work("echo-1", b"program", program, "main", LIMITS, [b"small", large])
    outcomes, _ = await workshop.run(work, lambda: 0)
    assert outcomes == [outcome.value(b"small"), outcome.value(large)]


async def test_a_bundle_that_does_not_fit_the_memory_is_refused_before_a_byte_is_fetched(workshop: Workshop) -> None:
    huge = outcome.reference(bytes(32), 64 << 20)
    workshop._artifacts._remember(bytes(32), b"program")
    with pytest.raises(ArtifactError) as refusal:
        await workshop.prepare(leased(bytes(32), [huge] * 5))
    assert refusal.value.code == "bundle_too_large"


async def test_the_start_of_a_sandbox_is_not_counted_as_work(workshop: Workshop) -> None:
    class Slow(EchoRuntime):
        async def run(self, work: Work) -> list[bytes]:
            next(clock)
            work.begun()
            work.begun()
            return await super().run(work)

    clock = count(0, 1_000)
    workshop.runtimes["echo-1"] = Slow()
    work = Work("echo-1", b"", bytes(32), "", LIMITS, [b"a"])
    assert (await workshop.run(work, lambda: next(clock)))[1] == 2_000


async def test_a_runtime_this_node_lacks(workshop: Workshop) -> None:
    with pytest.raises(RuntimeBroken, match="wasm-9"):
        await workshop.prepare(leased(bytes(32), [], "wasm-9"))


async def test_a_malformed_argument_is_refused(workshop: Workshop, blobs: Blobs) -> None:
    with pytest.raises(FrameError):
        await workshop.prepare(leased(blobs.add(b"p"), [b"\x09"]))


async def test_a_runtime_that_loses_outcomes_is_broken(workshop: Workshop) -> None:
    class Forgetful(EchoRuntime):
        async def run(self, work: Work) -> list[bytes]:
            return (await super().run(work))[:-1]

    workshop.runtimes["echo-1"] = Forgetful()
    with pytest.raises(RuntimeBroken, match="1 outcomes for 2 tasks"):
        await workshop.run(Work("echo-1", b"", bytes(32), "", LIMITS, [b"a", b"b"]), lambda: 0)


@pytest.mark.rule("R23")
async def test_large_outcomes_become_references_of_the_same_digest(workshop: Workshop, blobs: Blobs) -> None:
    outcomes = [outcome.value(b"x"), outcome.value(bytes(INLINE_BYTES)), outcome.none("time_limit")]
    packed = await workshop.pack(outcomes)
    assert [outcome.digest(one) for one in packed] == [outcome.digest(one) for one in outcomes]
    assert [len(one) for one in packed] == [10, outcome.BLOB_REFERENCE_BYTES, 11]
    assert blobs.blobs[sha256(outcomes[1]).hexdigest()] == outcomes[1]


async def test_small_outcomes_stay_as_they_are(workshop: Workshop) -> None:
    outcomes = [outcome.value(b"x")] * 3
    assert await workshop.pack(outcomes) is outcomes


@pytest.mark.rule("R23")
@given(st.lists(st.sampled_from([1, 1_000, INLINE_BYTES - 10, INLINE_BYTES, INLINE_BYTES + 1, 200_000]), max_size=200))
def test_whatever_the_sizes_the_report_fits(sizes: list[int]) -> None:
    outcomes = [bytes(size) for size in sizes]
    large = _too_large(outcomes)
    packed = [
        bytes(outcome.BLOB_REFERENCE_BYTES) if place in large else encoded for place, encoded in enumerate(outcomes)
    ]
    assert wire_bytes(packed) <= REPORT_BYTES
    assert all(len(encoded) <= INLINE_BYTES for encoded in packed)
    assert len(large) == len(set(large))
    if wire_bytes(outcomes) <= REPORT_BYTES:
        assert all(sizes[place] > INLINE_BYTES for place in large)
