"""A stranger's wasm module, checked, memory-capped and metered in a process of its own: a hostile one costs us a child.

Run as a module it is that child: sizes and module on standard input, the instrumented module on standard output.
"""

import asyncio
import resource
import sys

import msgspec

from we1web.coordinator.refusals import Refusal
from we1web.domain.wasm_module import MAX_MODULE_BYTES
from we1web.protocol.errors import We1webError

TIMEOUT_S = 60.0
MAX_MEMORY_BYTES = 2 << 30
_at_once = asyncio.Semaphore(2)


class Job(msgspec.Struct):
    """What the child is asked."""

    module: bytes
    memory_bytes: int
    instructions: int


class Answer(msgspec.Struct):
    """What it says: a module, or a refusal."""

    module: bytes = b""
    code: str = ""
    message: str = ""
    hint: str = ""


async def instrument(module: bytes, memory_bytes: int, instructions: int) -> bytes:
    """The module as nodes will run it. Raises Refusal (bad_module)."""
    if len(module) > MAX_MODULE_BYTES:
        raise Refusal(f"a module has at most {MAX_MODULE_BYTES} bytes", code="module_too_large", hint="strip it (-s)")
    async with _at_once:
        said = await _ask(msgspec.msgpack.encode(Job(module, memory_bytes, instructions)))
    answer = msgspec.msgpack.decode(said, type=Answer) if said else Answer(code="bad_module", message="not readable")
    if answer.code:
        raise Refusal(answer.message, code=answer.code, hint=answer.hint)
    return answer.module


async def _ask(question: bytes) -> bytes:
    """One child, one answer. An empty answer: it died or took too long."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            said, _ = await child.communicate(question)
    except TimeoutError:
        raise Refusal(
            f"checking the module took more than {TIMEOUT_S:.0f} s", code="bad_module", hint="make it smaller"
        ) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return said


def main() -> None:
    """The child's whole life."""
    from we1web.wasm_engine import prepare  # here: the coordinator itself need not carry a compiler

    _limit_myself()
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    try:
        answer = Answer(module=prepare(job.module, job.memory_bytes, job.instructions))
    except We1webError as error:
        answer = Answer(code=error.code, message=error.message, hint=error.hint)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


def _limit_myself() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(TIMEOUT_S), int(TIMEOUT_S)))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


if __name__ == "__main__":
    main()
