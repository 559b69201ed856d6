"""Shipped functions in the real sandbox: the modules we promise are there, and the answers are the same."""

import importlib
import sys
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Any

import pytest
import pytest_asyncio
from tests.sdk.test_shipping import adder, fibonacci, of_context, of_errors, of_imports, of_tables, with_wraps

from we1web.agent.runtime import Work
from we1web.agent.runtimes.python import PythonRuntime
from we1web.protocol import outcome, values
from we1web.protocol.messages import Limits
from we1web.sdk import stdlib
from we1web.sdk.shipping import ship

LIMITS = Limits(wall_ms=60_000, memory_bytes=512 << 20, output_bytes=1 << 20, instructions=0)
NOISY = {"antigravity", "this", "idlelib"}


@pytest_asyncio.fixture(scope="module")
async def sandbox() -> AsyncIterator[PythonRuntime]:
    runtime = PythonRuntime(1)
    await runtime.start()
    yield runtime
    await runtime.close()


async def answers(sandbox: PythonRuntime, function: Callable[..., Any], calls: list[tuple[Any, ...]]) -> list[Any]:
    program = ship(function)
    source = program.source.encode()
    payloads = [values.dumps(list(arguments)) for arguments in calls]
    work = Work(sandbox.id, source, sha256(source).digest(), program.entry, LIMITS, payloads)
    outcomes = await sandbox.run(work)
    assert [encoded[0] for encoded in outcomes] == [outcome.VALUE] * len(calls), outcomes
    return [values.loads(outcome.payload(encoded)) for encoded in outcomes]


def importable(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


async def test_every_module_we_accept_is_in_the_sandbox(sandbox: PythonRuntime) -> None:
    names = [n for n in sorted(sys.stdlib_module_names - NOISY) if not n.startswith("_") and not stdlib.refusal(n)]
    there = await answers(sandbox, importable, [(name,) for name in names])
    assert [name for name, found in zip(names, there, strict=True) if not found] == []


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (adder(5), (2,)),
        (fibonacci, (30,)),
        (of_context, (9,)),
        (of_errors, (1,)),
        (of_imports, (2,)),
        (of_tables, (5,)),
        (with_wraps, (1,)),
        (lambda x: [x, {1, 2}, (3.5, "é")], (2**70,)),
    ],
)
async def test_a_function_answers_there_as_it_does_here(
    sandbox: PythonRuntime, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    assert await answers(sandbox, function, [arguments]) == [function(*arguments)]
