"""A node that lies: the real agent, with runtimes that corrupt a share of their results. For demos and tests.

    python -m we1web.testing.saboteur --join URL --token TOKEN [--lie-rate 0.5] [--cores N] [--state-dir DIR]

Leaves like a node (SIGTERM), then prints one JSON object on stdout: what it tried, and what it got for it.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import cyclopts

from we1web.agent import telemetry
from we1web.agent.runtime import Runtime
from we1web.agent.runtimes import available
from we1web.agent.service import Service
from we1web.agent.startup import MakeRuntimes, Options
from we1web.testing.runtimes import LyingRuntime


class Sabotage:
    """Counts the lies of one run."""

    def __init__(self, lie_rate: float, make_runtimes: MakeRuntimes = available) -> None:
        self.lies = 0
        self._lie_rate = lie_rate
        self._make_runtimes = make_runtimes

    def runtimes(self, cores: int, cache_dir: Path) -> Sequence[Runtime]:
        honest = self._make_runtimes(cores, cache_dir)
        return [LyingRuntime(runtime, self._lie_rate, self._told) for runtime in honest]

    def _told(self) -> None:
        self.lies += 1


def main(
    *,
    join: str,
    token: Annotated[str, cyclopts.Parameter(env_var="WE1WEB_TOKEN")],
    lie_rate: float = 0.5,
    cores: int | None = None,
    name: str = "saboteur",
    state_dir: Path | None = None,
) -> None:
    """Joins a coordinator and answers wrongly with probability `lie_rate`."""
    telemetry.configure(for_people=False)
    sabotage = Sabotage(lie_rate)
    service = Service(Options(join, token, cores, name, state_dir=state_dir), sabotage.runtimes)
    code = asyncio.run(service.run())
    print(json.dumps({"lies": sabotage.lies, **asdict(service.totals)}), flush=True)
    sys.exit(code)


if __name__ == "__main__":
    cyclopts.run(main)
