"""A requester's verifier in the real sandboxes: shipped as it would be, asked as it would be, its answers read."""

import math
from typing import Any

from tests.runtimes.programs import metered, python_calls, read, wasm_work

from we1web.agent.runtimes.python import PythonRuntime
from we1web.agent.runtimes.wasm import WasmRuntime
from we1web.protocol import outcome, values
from we1web.protocol.verification import Verdict, question, verdict
from we1web.sdk.program import program_of, verifier_of


def factorise(number: int) -> list[int]:
    factors, divisor = [], 2
    while number > 1:
        while number % divisor == 0:
            factors.append(divisor)
            number //= divisor
        divisor += 1
    return factors


def is_factorisation(number: int, factors: list[int]) -> bool:
    return math.prod(factors) == number and all(factor > 1 for factor in factors)


def dot(left: list[int], right: list[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))


def is_dot(arguments: tuple[list[int], list[int]], result: int) -> bool:
    left, right = arguments
    return result == sum(a * b for a, b in zip(left, right, strict=True))


async def verdicts(python: PythonRuntime, function: Any, verify: Any, calls: list[tuple[Any, Any]]) -> list[Verdict]:
    """Computes with `function`, replaces the results that are given, and asks `verify` about each."""
    columns = len(calls[0][0])
    program = program_of(function, columns)
    verifier = verifier_of(verify, program)
    arguments = [program.encode(call) for call, _ in calls]
    outcomes = await python.run(python_calls(program.content.decode(), program.entry, arguments))
    results = [
        outcome.payload(encoded) if lie is None else lie for encoded, (_, lie) in zip(outcomes, calls, strict=True)
    ]
    questions = [question("python", argument, result) for argument, result in zip(arguments, results, strict=True)]
    answers = await python.run(python_calls(verifier.content.decode(), verifier.entry, questions))
    return [verdict("python", answer) for answer in answers]


async def test_a_python_verifier_tells_right_from_wrong(python: PythonRuntime) -> None:
    calls = [((12,), None), ((12,), values.dumps([2, 6])), ((12,), values.dumps([2, 5])), ((97,), None)]
    right, wrong = Verdict.RIGHT, Verdict.WRONG
    assert await verdicts(python, factorise, is_factorisation, calls) == [right, right, wrong, right]


async def test_a_function_of_several_arguments_is_verified_with_a_tuple(python: PythonRuntime) -> None:
    calls = [(([1, 2], [3, 4]), None), (([1, 2], [3, 4]), values.dumps(12))]
    assert await verdicts(python, dot, is_dot, calls) == [Verdict.RIGHT, Verdict.WRONG]


async def test_garbage_is_never_right_and_the_next_question_is_answered(python: PythonRuntime) -> None:
    garbage = [values.dumps(None), values.dumps("xy"), b"", b"\xc1", b"\x92\x03", b"\x91" * 9_000, b"\x01\x02"]
    calls: list[tuple[Any, Any]] = [((12,), lie) for lie in garbage]
    found = await verdicts(python, factorise, is_factorisation, [*calls, ((12,), None)])
    assert found == [Verdict.NONE] * len(garbage) + [Verdict.RIGHT]


DOUBLES = """
(i32.store (i32.const 4096) (i32.const 0))
(if (i32.and (i32.gt_u (call $read) (i32.const 5)) (i32.eq (i32.load (i32.const 1024)) (i32.const 1)))
  (then (i32.store (i32.const 4096) (i32.eq
    (i32.load8_u (i32.const 1029)) (i32.mul (i32.const 2) (i32.load8_u (i32.const 1028)))))))
(call $write (i32.const 4096) (i32.const 1))
"""
"""Right when the argument is one byte and the result is its double."""


async def test_a_module_tells_right_from_wrong(wasm: WasmRuntime) -> None:
    asked = [(b"\x07", b"\x0e"), (b"\x07", b"\x0f"), (b"\x07", b""), (b"\x07\x0e", b"\x0e")]
    work = wasm_work(metered(DOUBLES), [question("wasm", argument, result) for argument, result in asked])
    answers = await wasm.run(work)
    assert [verdict("wasm", answer) for answer in answers] == [Verdict.RIGHT, *[Verdict.WRONG] * 3], map(read, answers)


async def test_a_module_that_traps_has_said_nothing(wasm: WasmRuntime) -> None:
    (answer,) = await wasm.run(wasm_work(metered("unreachable"), [question("wasm", b"", b"")]))
    assert verdict("wasm", answer) == Verdict.NONE
