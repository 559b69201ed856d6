"""`we1web why`: one question for tasks, jobs and nodes."""

import pytest
from tests.cli.conftest import Run

from we1web.cli import why
from we1web.testing.fake_coordinator import FakeCoordinator, Fault

NODE = "00000000-0000-0000-0000-00000000000a"
JOB = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(autouse=True)
def reasons(fake: FakeCoordinator) -> None:
    fake.market.reasons |= {
        "tasks/1048576": {"code": "busy", "words": "all nodes are busy", "votes": 1},
        f"jobs/{JOB}": {"code": "no_node", "words": "no node with its runtime is online"},
        f"nodes/{NODE}": {"code": "no_job", "words": "no job needs one of its runtimes now"},
    }


def test_a_number_is_a_task_and_an_id_a_job_or_a_node(we1web: Run) -> None:
    assert why.__doc__
    assert we1web("why", 1048576).out.strip() == "all nodes are busy"
    assert we1web("why", JOB, "--json").json["code"] == "no_node"
    assert we1web("why", NODE, "--json").json["code"] == "no_job"


def test_a_token_for_nodes_alone_asks_about_nodes(we1web: Run, fake: FakeCoordinator) -> None:
    fake.market.faults.append(Fault("GET", f"/api/jobs/{NODE}/why", 403, code="scope_missing"))
    assert we1web("why", NODE, "--json").json["code"] == "no_job"


def test_what_is_not_yours_is_not_there(we1web: Run) -> None:
    assert we1web("why", 7).code == 1
    assert "no jobs begin with" in we1web("why", "ffff").err
