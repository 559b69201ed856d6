"""The last screen and the figures: they say what the findings say, and fit one screen."""

import io
import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from tests.demo.test_evidence import GOOD, findings, job

from we1web.demo.report import OwnerLine, Report, figures, screen

REPORT = Report(
    findings=findings(*GOOD),
    jobs=[job(*GOOD)],
    owners=[OwnerLine("ada", 2, 2, 900), OwnerLine("mallory", 1, 0, 0)],
    saboteur="mallory",
    longest=[(386 - n, f"function_{n}", f"module_{n}.py:{n}") for n in range(10)],
    python="3.11",
    picture=Path("out/mandelbrot.png"),
    seconds=41.6,
)


def shown(report: Report) -> str:
    out = io.StringIO()
    Console(file=out, width=110).print(screen(report))
    return out.getvalue()


def test_the_screen_fits_and_names_what_matters() -> None:
    text = shown(REPORT)
    assert text.count("\n") <= 35
    for words in (
        "mallory gave 3 wrong answers: 1 were out-voted, 2 not counted",
        "accepted: 0",
        "function_9",
        "out/mandelbrot.png",
        "no lie accepted",
    ):
        assert words in text


def test_a_broken_promise_is_said_in_the_verdict() -> None:
    text = shown(replace(REPORT, findings=replace(REPORT.findings, wrong_accepted=3)))
    assert "NOT clean: 3 wrong answers were accepted" in text
    assert "no lie accepted" not in text


def test_the_figures_for_scripts_are_one_json_object() -> None:
    told = json.loads(json.dumps(figures(REPORT)))
    assert told["tasks_verified"] == 2
    assert told["seconds"] == 41.6
    assert {
        "executions",
        "wrong_accepted",
        "saboteur_earned_micros",
        "honest_unpaid",
        "ledger_sum_micros",
    } <= told.keys()
