"""A progress bar for people at a terminal; for everybody else, silence. Writes to standard error only."""

import sys
from collections.abc import Callable
from typing import Any

from we1web.domain.money import show
from we1web.sdk.run import Status

ProgressSetting = bool | Callable[[Status], None] | None
"""True and False decide; None means: when standard error is a terminal; a function hears of every news."""


class Bar:
    """Shows one job's status. Nothing is imported or drawn before the first news."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._progress: Any = None
        self._task: Any = None

    def __call__(self, status: Status) -> None:
        if self._progress is None:
            self._start()
        words = status.waiting or show(status.spent_micros, status.currency)
        total = status.total if status.complete else None
        self._progress.update(self._task, completed=status.received, total=total, words=words, failed=_failed(status))

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
        words = [TextColumn("[red]{task.fields[failed]}"), TextColumn("[dim]{task.fields[words]}")]
        self._progress = Progress(*columns, *words, console=Console(stderr=True))
        self._task = self._progress.add_task(self._title, total=None, words="", failed="")
        self._progress.start()

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _failed(status: Status) -> str:
    return f"{status.failed} failed" if status.failed else ""


def listener_for(setting: ProgressSetting, title: str) -> Callable[[Status], None] | Bar | None:
    """The listener that a setting asks for; None for silence."""
    if callable(setting):
        return setting
    wanted = sys.stderr.isatty() if setting is None else setting
    return Bar(title) if wanted else None
