"""The same task gives the same bytes: in two runs, two processes, alone or in a bundle, whatever ran before it."""

import asyncio
from itertools import pairwise

import pytest
from tests.runtimes.programs import metered, python_work, read, wasm_work

from we1web.agent.runtime import seed_of
from we1web.agent.runtimes.python import PythonRuntime
from we1web.agent.runtimes.wasm import WasmRuntime
from we1web.agent.wasm.entropy import Entropy
from we1web.protocol import outcome

FACETS = {
    "time": "import time, datetime\ndef f(n): return [time.time(), time.monotonic(), time.perf_counter_ns(),"
    " time.process_time(), str(datetime.datetime.now()), time.localtime()[:9], time.strftime('%Z'), time.ctime()]",
    "sleep": "import time as clock\ndef f(n):\n  before = clock.time(); clock.sleep(3600); return before, clock.time()",
    "random": "import random\ndef f(n): return [random.random(), random.gauss(0, 1), random.sample(range(99), 9),"
    " random.Random().random(), random.SystemRandom().random()]",
    "urandom": "import os, secrets, tempfile\n"
    "def f(n): return [os.urandom(40), secrets.token_hex(), os.path.basename(tempfile.mktemp())]",
    "uuid": "import uuid\ndef f(n): return [str(uuid.uuid1()), str(uuid.uuid4()), uuid.getnode()]",
    "hash": "def f(n): return [hash('x'), hash(b'y'), hash((1, 'z')), hash(1.5), hash(2**80), hash(None)]",
    "sets": "def f(n):\n"
    "  return [list({'a%d' % i for i in range(50)}), list(frozenset(map(str, range(30)))), {'b', 'a', n}]",
    "floats": "import math, cmath, statistics\ndef f(n):\n  x = 0.1; s = 0.0\n  for i in range(2000):\n"
    "    x = math.fmod(x * 1.37 + i * 0.001, 50.0)\n"
    "    s += math.sin(x) + math.exp(-x) + math.log(x + 1) + x ** 0.37 + math.lgamma(x + 1) + math.erf(x / 10)\n"
    "  return [s, cmath.sqrt(-2 + 1j), statistics.stdev([1.1, 2.2, 3.5]), float('nan'), -float('nan'), 1e310, -0.0]",
    "identity": "import os, sys, platform, socket\ndef f(n): return [os.getpid(), sys.platform, platform.machine(),"
    " os.cpu_count(), sorted(os.environ.items()), os.getcwd(), sys.argv, socket.gethostname()]",
    "arbitrary precision": "import decimal, fractions\ndef f(n):\n  decimal.getcontext().prec += 5\n"
    "  return [str(decimal.Decimal(2).sqrt()), str(sum(fractions.Fraction(1, i) for i in range(1, 60))), 3**500]",
    "error": "def g(n): raise KeyError({'b', 'a', n})\ndef f(n): return g(n)",
}


@pytest.mark.parametrize("facet", FACETS)
async def test_python_task_alone_or_in_company(facet: str, python: PythonRuntime) -> None:
    """Two processes, and a bundle where other tasks of the job ran before: one outcome per argument."""
    together, (alone,) = await asyncio.gather(
        python.run(python_work(FACETS[facet], [("one",), ("two",), ("one",)])),
        python.run(python_work(FACETS[facet], [("two",)])),
    )
    assert together[0] == together[2]
    assert together[1] == alone


async def test_python_randomness_depends_on_the_argument_and_the_program(python: PythonRuntime) -> None:
    one, two = await python.run(python_work(FACETS["random"], [("one",), ("two",)]))
    (other,) = await python.run(python_work(FACETS["random"] + "\n", [("one",)]))
    assert len({one, two, other}) == 3


async def test_addresses_agree_in_the_same_bundle(python: PythonRuntime) -> None:
    """What depends on addresses depends on what ran before; replicas run the same bundle, so they agree."""
    source = "class A: pass\ndef f(n): return [repr(A()), list(map(id, [A(), A()])), hash(A()), repr({A(), A()})]"
    first, second = [await python.run(python_work(source, [(1,), (2,)])) for _ in range(2)]
    assert first == second


async def test_python_clock_starts_in_2026(python: PythonRuntime) -> None:
    (found,) = await python.run(python_work("import time\ndef f(n): return time.time() // 1", [(1,)]))
    assert read(found) == 1_767_225_600


WASM_FACETS = {
    "random": "(drop (call $random (i32.const 1024) (i32.const 64))) (call $write (i32.const 1024) (i32.const 64))",
    "time": "(drop (call $clock (i32.const 0) (i64.const 0) (i32.const 1024)))"
    "(drop (call $clock (i32.const 1) (i64.const 0) (i32.const 1032))) (call $write (i32.const 1024) (i32.const 16))",
    "floats": "(local $x f64) (local $n i32) (local.set $x (f64.const 0.5)) (loop $l (local.set $x (f64.sqrt (f64.add"
    " (f64.div (local.get $x) (f64.const 1.37)) (f64.const 0.1)))) (br_if $l (i32.lt_u (local.tee $n (i32.add"
    " (local.get $n) (i32.const 1))) (i32.const 999)))) (f64.store (i32.const 1024) (local.get $x))"
    "(call $write (i32.const 1024) (i32.const 8))",
    "trap": "(drop (call $random (i32.const 1024) (i32.const 4))) (drop (i32.div_s (i32.const 1) (i32.const 0)))",
}


@pytest.mark.parametrize("facet", WASM_FACETS)
async def test_wasm_task_alone_or_in_company(facet: str, wasm: WasmRuntime) -> None:
    program = metered(WASM_FACETS[facet])
    arguments = [b"one", b"two", b"one"]
    together = await wasm.run(wasm_work(program, arguments))
    alone = [(await wasm.run(wasm_work(program, [argument])))[0] for argument in arguments[:2]]
    assert together == [*alone, alone[0]]


async def test_wasm_randomness_depends_on_the_argument(wasm: WasmRuntime) -> None:
    found = await wasm.run(wasm_work(metered(WASM_FACETS["random"]), [b"%d" % n for n in range(50)]))
    assert len({outcome.payload(one) for one in found}) == 50


def test_entropy_is_sfc32() -> None:
    """Golden values: changing the stream changes results, so it takes a new runtime id."""
    assert Entropy(0).read(16).hex() == "c3764651df09a8082b9d343020c552fb"
    assert Entropy(0x0123456789ABCDEF).read(16).hex() == "5a4cd86eab1bf6a6fe29831ca6696376"
    assert all(first != second for first, second in pairwise(Entropy(seed).read(32) for seed in range(100)))


async def test_both_runtimes_share_the_generator(python: PythonRuntime) -> None:
    """os.urandom in Python and random_get in wasm are one stream of one seed."""
    work = python_work("import os\ndef f(n): return os.urandom(32)", [(5,)])
    (found,) = await python.run(work)
    assert read(found) == Entropy(seed_of(work, work.arguments[0])).read(32)
