"""The runtimes of a tab behind the face of the native ones, so that the same work runs on both."""

from typing import Any

from playwright.async_api import Page

from we1web.agent.runtime import Work
from we1web.agent.runtimes.identity import RUNTIME_IDS


class TabRuntime:
    """The sandbox of one page, already open."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def run(self, work: Work) -> list[bytes]:
        found: list[str] = await self.page.evaluate("bundle => tests.run(bundle)", _as_json(work))
        return [bytes.fromhex(one) for one in found]

    async def probe(self, script: str, times: int = 1) -> list[str]:
        """What a script of an attacker says, run as a worker in the sandbox: asked once, heard so many times."""
        found: list[str] = await self.page.evaluate("asked => tests.probe(...asked)", [script, times])
        return found


def _as_json(work: Work) -> dict[str, Any]:
    limits = work.limits
    return {
        "runtime": RUNTIME_IDS[work.runtime],
        "program": work.program.hex(),
        "digest": work.program_digest.hex(),
        "entry": work.entry,
        "limits": {name: getattr(limits, name) for name in limits.__struct_fields__},
        "arguments": [argument.hex() for argument in work.arguments],
    }
