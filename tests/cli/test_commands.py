"""Every command against a coordinator: what people read, what scripts read, and the exit code."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from we1web import cli
from we1web.cli import (
    _checks,
    _functions,
    _inputs,
    _options,
    _output,
    _session,
    cancel,
    doctor,
    jobs,
    login,
    map_,
    results,
    token,
)
from we1web.sdk import clock, config, credentials
from we1web.sdk.credentials import StoredLogin
from we1web.testing.fake_coordinator import FakeCoordinator, Fault

from .conftest import Run

MODULES = [_checks, _functions, _inputs, _options, _output, _session, cancel, doctor, jobs, login, map_, results, token]

PROGRAM = """
import helpers_of_program

def double(x):
    return 2 * x

def is_double(x, result):
    return result == 2 * x

def reciprocal(x):
    return 1 / x

def length(content):
    return len(content)

def column(row):
    return row["b"]

class Thing:
    pass
"""


@pytest.fixture
def program(nobody: Path, tmp_path: Path) -> str:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "helpers_of_program.py").write_text("")
    return "program.py"


def test_map_prints_each_result_on_a_line(we1web: Run, program: str) -> None:
    ran = we1web("map", f"{program}:double", 1, "text", "[1, 2]", "{}")
    assert (ran.code, ran.out.splitlines()) == (1, ["2", "texttext", "[1, 2, 1, 2]"])
    assert "task 3 failed: TypeError" in ran.err
    assert "3 verified, 1 failed of 4" in ran.err


def test_map_tells_scripts_the_summary(we1web: Run, program: str) -> None:
    ran = we1web("map", f"{program}:double", 1, 2, "--json", "--price", "0.0005", "--budget", "0.01")
    assert ran.code == 0
    expected = {"state": "done", "verified": 2, "failed": 0, "executions": 6, "spent_micros": 3_000}
    assert expected.items() <= ran.json.items()
    assert len(ran.out.splitlines()) == 1


def test_map_says_what_is_the_same_answer(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    trust = ["--validator", "ranked_list", "--validator-parameters", '{"k": 3}', "--rel", "0.5", "--epsilon", "0.001"]
    plain = ["--priority", "2", "--weight", "0.5", "--hold-s", "60", "--purpose", "doubles"]
    assert we1web("map", f"{program}:double", 1, *trust, *plain).code == 0
    assert we1web("map", f"{program}:double", 1, "--abs", "1e-6").code == 0
    first, second = (job.order for job in fake.market.jobs.values())
    assert (first["validator"], first["validator_parameters"]) == ("ranked_list", {"k": 3, "rel": 0.5})
    assert (first["epsilon"], first["priority"], first["weight"], first["hold_s"]) == (0.001, 2, 0.5, 60)
    assert first["purpose"] == "doubles"
    assert (second["validator"], second["validator_parameters"]) == ("numeric_tolerance", {"abs": 1e-6})


@pytest.mark.parametrize(("task_s", "micros"), [("1.8", 10), ("1.81", 11), ("3600", 20_000)])
def test_map_pays_what_the_network_suggests_for_a_task_of_so_many_seconds(
    we1web: Run, program: str, fake: FakeCoordinator, task_s: str, micros: int
) -> None:
    """Two hundredths of a dollar an hour of a core, rounded up; --price does not count then, and the budget fits."""
    ran = we1web("map", f"{program}:double", 1, 2, "--task-s", task_s, "--price", "5", "--currency", "usd")
    assert ran.code == 0, ran.err
    (job,) = fake.market.jobs.values()
    assert (job.order["price_micros"], job.order["budget_micros"]) == (micros, 2 * 3 * micros * 3 // 2)
    assert (job.order["currency"], "task_s" in job.order) == ("usd", False)


def test_map_suggests_no_price_in_another_currency(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    ran = we1web("map", f"{program}:double", 1, "--task-s", "2", "--currency", "eur")
    assert ran.code == 1 and "suggests prices in usd" in ran.err and "--price" in ran.err
    assert not fake.market.jobs


def test_map_offers_a_bonus_for_fast_answers(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    bonus = ("--bonus", "0.00005", "--bonus-within-s", "2.5")
    assert we1web("map", f"{program}:double", 1, "--price", "0.0001", *bonus).code == 0
    (job,) = fake.market.jobs.values()
    assert (job.order["price_micros"], job.order["bonus_micros"], job.order["bonus_within_s"]) == (100, 50, 2.5)
    assert job.order["budget_micros"] == 3 * 150 * 3 // 2


@pytest.mark.parametrize("half", [("--bonus", "0.1"), ("--bonus-within-s", "2")])
def test_map_refuses_half_a_bonus(we1web: Run, program: str, fake: FakeCoordinator, half: tuple[str, str]) -> None:
    ran = we1web("map", f"{program}:double", 1, *half)
    assert ran.code == 1 and "belong together" in ran.err
    assert not fake.market.jobs


def test_map_ships_a_verifier(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    ran = we1web("map", f"{program}:double", 1, "--policy", "checked", "--verifier", f"{program}:is_double")
    assert ran.code == 0, ran.err
    (job,) = fake.market.jobs.values()
    assert job.order["verifier_entry"] == "is_double"
    assert b"def is_double" in fake.market.blobs[bytes.fromhex(job.order["verifier"])]


@pytest.mark.parametrize("text", ["{", "[1]", "3"])
def test_map_refuses_parameters_that_are_no_object(we1web: Run, program: str, text: str) -> None:
    ran = we1web("map", f"{program}:double", 1, "--validator", "set", "--validator-parameters", text)
    assert ran.code != 0
    assert "--validator-parameters" in ran.err


def test_map_reads_lines_json_and_csv(we1web: Run, program: str, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("a\nbb\n")
    (tmp_path / "in.jsonl").write_text('[1]\n\n"abc"\n')
    (tmp_path / "in.json").write_text("[[1, 2], []]")
    (tmp_path / "in.csv").write_text("a,b\n1,x\n2,y\n")
    assert we1web("map", f"{program}:length", "--input-file", "in.txt").out.split() == ["1", "2"]
    assert we1web("map", f"{program}:length", "--input-file", "in.jsonl").out.split() == ["1", "3"]
    assert we1web("map", f"{program}:length", "--input-file", "in.json").out.split() == ["2", "0"]
    assert we1web("map", f"{program}:column", "--input-file", "in.csv").out.split() == ["x", "y"]


def test_map_takes_one_input_from_each_file(we1web: Run, program: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("b", "a"):
        (tmp_path / "data" / name).write_text(name * 3)
    ran = we1web("map", f"{program}:length", "--each-file", "data/*", "-o", "out.jsonl", "--json")
    assert ran.code == 0
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(line["input"], line["value"], line["voters"]) for line in lines] == [("data/a", 3, 3), ("data/b", 3, 3)]
    assert we1web("map", f"{program}:length", "--each-file", "data/*", "-o", "folder").code == 0
    assert json.loads((tmp_path / "folder" / "a.json").read_text()) == 3


def test_a_job_can_be_left_and_come_back_to(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    fake.market.held = True
    left = we1web("map", f"{program}:double", 1, 2, 3, "--detach")
    job_id = left.out.strip()
    assert left.code == 0
    assert we1web("jobs", job_id, "--json").json["state"] == "running"
    fake.run(fake.market.advance, fake.market.jobs[job_id], 1)
    assert we1web("results", job_id).out.split() == ["2"]
    fake.run(fake.market.advance, fake.market.jobs[job_id])
    assert we1web("results", job_id, "--follow").out.split() == ["2", "4", "6"]
    votes = we1web("results", job_id, "--json").json["results"][0]["votes"]
    assert [vote["agreed"] for vote in votes] == [True] * 3


def test_results_tell_when_a_task_failed(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    assert we1web("map", f"{program}:reciprocal", 0).code == 1
    job_id = next(iter(fake.market.jobs))
    ran = we1web("results", job_id, "--json")
    assert (ran.code, ran.json["results"][0]["error"]["type"]) == (1, "ZeroDivisionError")


def test_jobs_lists_and_finds_by_a_beginning(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    we1web("map", f"{program}:double", 1, "--name", "first")
    job_id = next(iter(fake.market.jobs))
    assert "first" in we1web("jobs").out
    assert [job["id"] for job in we1web("jobs", "--json").json["jobs"]] == [job_id]
    assert we1web("jobs", job_id[:35], "--json").json["name"] == "first"
    unknown = we1web("jobs", "ffff")
    assert (unknown.code, unknown.err.splitlines()[0]) == (1, "error: no jobs begin with 'ffff'")


def test_cancel_withdraws_open_work(we1web: Run, program: str, fake: FakeCoordinator) -> None:
    fake.market.held = True
    job_id = we1web("map", f"{program}:double", 1, "--detach").out.strip()
    assert we1web("cancel", job_id, "--json").json["jobs"][0]["state"] == "cancelled"


def test_tokens_are_shown_once(we1web: Run, fake: FakeCoordinator) -> None:
    made = we1web("token", "create", "attic", "--scope", "node")
    assert made.out.startswith("we1_")
    listed = we1web("token", "list", "--json").json["tokens"]
    assert [(one["name"], one["scopes"]) for one in listed] == [("attic", ["node"])]
    assert "we1_s" not in we1web("token", "list").out
    assert we1web("token", "revoke", listed[0]["id"]).code == 0
    assert fake.market.tokens == {}
    assert we1web("token", "revoke", "token-9").code == 1


def logged_in(run: Run, fake: FakeCoordinator, monkeypatch: pytest.MonkeyPatch, *more: str) -> object:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    return run("login", "--url", fake.url, "--email", "ada@example.org", "--password-stdin", *more)


def test_login_is_remembered_for_the_owner_only(
    run: Run, fake: FakeCoordinator, nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged_in(run, fake, monkeypatch, "--register", "--json")
    file = nobody / credentials.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "correct horse" not in file.read_text()
    assert run("jobs", "--json").json == {"jobs": []}
    assert run("login", "--forget").code == 0
    assert not file.exists()
    assert run("jobs").code == 1


def test_an_old_session_is_renewed_before_it_expires(
    run: Run, fake: FakeCoordinator, nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials.save(StoredLogin(fake.url, "ada@example.org", "old", "refresh-0", expires_at=1))
    assert run("jobs").code == 0
    renewed = credentials.load()
    assert renewed is not None
    assert renewed.refresh_token != "refresh-0"
    assert renewed.expires_at > clock.wall_s()


def test_a_session_that_ended_says_how_to_begin_another(run: Run, fake: FakeCoordinator, nobody: Path) -> None:
    credentials.save(StoredLogin(fake.url, "ada@example.org", "old", "spent", expires_at=1))
    ran = run("jobs")
    assert ran.code == 1
    assert "the login has ended" in ran.err
    assert "we1web login" in ran.err


def test_wrong_passwords_and_lost_answers_are_said_plainly(
    run: Run, fake: FakeCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = logged_in(run, fake, monkeypatch)
    assert "wrong" in ran.err  # type: ignore[attr-defined]
    fake.market.faults.append(Fault("POST", "/api/auth/login", 500))
    assert logged_in(run, fake, monkeypatch).code == 1  # type: ignore[attr-defined]


def test_the_doctor_looks_at_everything(we1web: Run, fake: FakeCoordinator) -> None:
    ran = we1web("doctor", "--json")
    names = [check["name"] for check in ran.json["checks"]]
    assert names[:5] == ["python", "deno", "pyodide", "wasmtime", "postgresql"]
    states = {check["name"]: check["state"] for check in ran.json["checks"]}
    assert (states["coordinator"], states["token"]) == ("ok", "ok")
    assert ran.code == (0 if ran.json["healthy"] else 1)


def test_the_doctor_says_what_to_do_next(run: Run) -> None:
    ran = run("doctor", "--url", "http://127.0.0.1:9", "--json")
    unwell = [check for check in ran.json["checks"] if check["state"] != "ok"]
    assert "coordinator" in {check["name"] for check in unwell}
    assert all(check["next_step"] for check in unwell)


REFUSED = [
    (["map", "missing.py:f", "1"], "there is no file missing.py"),
    (["map", "program.py:nothing", "1"], "has no function 'nothing'"),
    (["map", "program.py", "1"], "names no function"),
    (["map", "no_such_module:f", "1"], "No module named"),
    (["map", "broken.py:f", "1"], "broken.py, line 2: ZeroDivisionError"),
    (["map", "program.py:double"], "no inputs"),
    (["map", "program.py:double", "1", "--each-file", "*"], "several places"),
    (["map", "program.py:double", "--each-file", "nothing*"], "no file matches"),
    (["map", "program.py:double", "--input-file", "nothing.txt"], "nothing.txt"),
    (["map", "program.py:double", "--input-file", "program.py", "--format", "json"], "is not json"),
    (["map", "program.py:double", "1", "--price", "much"], "no amount"),
    (["map", "program.py:Thing", "1"], "it is a class"),
    (["map", "--wasm", "program.py", "1"], "not a WebAssembly module"),
    (["map"], "no inputs"),
    (["jobs", "--url", "ftp://x"], "not the address"),
    (["login", "--email", "a@b.c"], "no password"),
]


@pytest.mark.parametrize(("arguments", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_mistakes_are_one_line_and_a_hint(
    we1web: Run, program: str, tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "broken.py").write_text("\n1 / 0\n")
    ran = we1web(*arguments)
    assert ran.code == 1
    assert ran.err.startswith("error: ")
    assert says in ran.err
    assert "hint:  " in ran.err
    assert "Traceback" not in ran.err


def test_scripts_get_the_error_as_json(run: Run) -> None:
    assert run("jobs", "--json").json["error"]["code"] == "token_missing"


@pytest.mark.parametrize("arguments", [["nonsense"], ["jobs", "--nonsense"], ["jobs", "--limit", "many"], ["cancel"]])
def test_wrong_calls_end_with_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).code == 2


def test_every_command_is_found_and_described() -> None:
    found = cli.commands()
    assert {"map", "jobs", "results", "cancel", "login", "token", "doctor"} <= found.keys()
    assert not [name for name in found if name.startswith("_")]
    assert all(cli.description(path) for path in found.values())


def test_help_imports_no_command() -> None:
    script = (
        "import sys; from we1web import cli; cli.run(['--help']);"
        "assert not [m for m in sys.modules if m.startswith('we1web.') and m != 'we1web.cli' and 'protocol' not in m],"
        "sys.modules; assert 'httpx2' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Run a function on every input" in done.stdout


def test_main_ends_the_process_with_the_code(nobody: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["nonsense"])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("typed", "http", "websocket"),
    [
        ("localhost:8080", "http://localhost:8080", "ws://localhost:8080/ws"),
        ("https://x.example/base/", "https://x.example/base", "wss://x.example/base/ws"),
    ],
)
def test_addresses(typed: str, http: str, websocket: str) -> None:
    assert config.address(typed) == (http, websocket)
