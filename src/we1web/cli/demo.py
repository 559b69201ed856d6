"""`we1web demo`: a whole network on this machine for two minutes, and the proof of what it promises."""

import json
import signal
import sys
from pathlib import Path
from types import FrameType

from rich.console import Console

from we1web.cli._options import AsJson
from we1web.demo import clock
from we1web.demo.processes import DemoFailed
from we1web.demo.report import figures, screen
from we1web.demo.stage import play

INTERRUPTED = 130


def command(
    *,
    as_json: AsJson = False,
    picture: Path = Path("out/mandelbrot.png"),
) -> None:
    """Start a coordinator, four nodes and a saboteur, run two jobs, and check every answer and every cent.

    Needs neither a network nor an account, and leaves nothing behind but the picture.
    Exit codes: 0 when every promise was kept, 1 when one was broken, 130 when interrupted.

    Parameters
    ----------
    as_json
        Print one JSON object as the last line of standard output instead of the screen.
    picture
        Where the rendered picture goes.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    narrator = Narrator()
    try:
        report = play(picture, narrator.say, bar=narrator.console.is_terminal)
    except KeyboardInterrupt:
        narrator.say("interrupted; everything was stopped")
        sys.exit(INTERRUPTED)
    except DemoFailed as error:
        narrator.say(f"the demonstration failed: {error}")
        sys.exit(1)
    if as_json:
        print(json.dumps(figures(report)), flush=True)
    else:
        Console().print(screen(report))
    sys.exit(0 if report.findings.clean else 1)


class Narrator:
    """Says on standard error what happens, with the seconds since the start."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False, markup=False)
        self._started = clock.now()

    def say(self, words: str) -> None:
        self.console.print(f"{clock.now() - self._started:6.1f} s  {words}")


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM is the same wish as Ctrl-C, and both are heard even when a shell started us with them ignored."""
    raise KeyboardInterrupt
