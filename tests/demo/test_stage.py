"""The jobs the demonstration sends, what it says while they run, and what becomes of votes and earnings."""

from pathlib import Path

import pytest
from tests.demo.test_evidence import GOOD, job

from we1web.cli import demo
from we1web.demo.evidence import Books
from we1web.demo.jobs import library_job, picture_job, quietly, wrong_pixels
from we1web.demo.kernel import assemble
from we1web.demo.mandelbrot import View, tiles
from we1web.demo.stage import Progress, owner_lines, write
from we1web.protocol import values
from we1web.sdk.run import Status

VIEW = View(40, 24, -0.6, 0.0, 3.0, 100, 16)


def test_the_librarys_referee_computes_the_payload_a_node_would_report() -> None:
    assignment = library_job([b"def f(): pass\n"])
    payload = assignment.referee(assignment.inputs[0])
    assert values.loads(payload)["functions"] == 1
    assert assignment.encode(values.loads(payload)) == payload


@pytest.mark.filterwarnings("error")
def test_old_sources_are_analysed_without_warnings() -> None:
    assert quietly(b'x = "\\d"\n')["lines"] == 1


def test_the_pictures_referee_agrees_with_plain_python() -> None:
    shapes = list(tiles(VIEW))
    assignment = picture_job(assemble(), shapes)
    bodies = [assignment.referee(given) for given in assignment.inputs]
    compared, wrong = wrong_pixels(shapes, bodies)
    assert compared >= len(shapes)
    assert wrong == 0


def test_a_wrong_pixel_is_found() -> None:
    (shape,) = tiles(VIEW._replace(width=16, height=16))
    assert wrong_pixels([shape], [b"\xff\xff" * 256]) == (1, 1)


def test_progress_is_said_once_for_every_tenth() -> None:
    said: list[str] = []
    progress = Progress(said.append)
    status = Status("id", "running", 40, complete=True)
    for status.received in range(41):
        progress(status)
    assert len(said) == 10
    assert said[-1].strip() == "40 of 40 verified"


def test_owners_are_listed_with_their_votes_and_earnings() -> None:
    lines = owner_lines([job(*GOOD)], Books({"ada": 900, "mallory": 0}, 0, 0))
    assert [(line.name, line.votes, line.agreed, line.earned_micros) for line in lines] == [
        ("ada", 2, 2, 900),
        ("mallory", 1, 0, 0),
    ]


def test_the_picture_makes_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "new" / "picture.png", b"png")
    assert (tmp_path / "new" / "picture.png").read_bytes() == b"png"


def test_sigterm_is_the_same_wish_as_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt):
        demo.interrupt(15, None)
