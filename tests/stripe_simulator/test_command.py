"""`we1web stripe-simulator`: the command, its pages for people, its control plane, and its check of published data."""

import asyncio
import json
import re
import signal
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.stripe_simulator.conftest import DAY_S, Stage

from we1web.cli import stripe_simulator
from we1web.testing.stripe_simulator.comparing import NothingToCompare, compare
from we1web.testing.stripe_simulator.config import LiveKey, refuse_live_keys
from we1web.testing.stripe_simulator.server import BackgroundSimulator
from we1web.testing.stripe_simulator.simulator import Simulator

REPO = Path(__file__).parents[2]


async def control(stage: Stage, verb: str, **arguments: Any) -> Any:
    async with httpx2.AsyncClient() as http:
        answer = await http.post(f"{stage.url}/_simulator/{verb}", json=arguments)
    return answer.json()


async def test_control_plane_does_what_people_do(stage: Stage) -> None:
    session = await stage.session()
    account = await stage.recipient(onboarded=False)
    charge = (await control(stage, "pay", session=session.id))["result"]
    assert charge["status"] == "succeeded"
    await control(stage, "onboard", account=account)
    await stage.transfer(account)
    await control(stage, "advance", seconds=4 * DAY_S)
    assert (await control(stage, "balance", account=account))["result"] == {"usd": {"available": 0, "pending": 0}}
    await control(stage, "fault", kind="http_500", count=1)
    await control(stage, "trouble", duplicated=0.5, shuffled=True)
    assert stage.simulator.mail.trouble.shuffled
    async with httpx2.AsyncClient() as http:
        lines = (await http.get(f"{stage.url}/_simulator/requests")).text.splitlines()
        assert [json.loads(line)["path"] for line in lines][-1] == "/v1/transfers"
        assert (await http.get(f"{stage.url}/_simulator/off-spec")).json() == []


@pytest.mark.parametrize(
    ("verb", "arguments", "told"),
    [
        ("explode", {}, "no such verb"),
        ("pay", {"session": "cs_x"}, "No such checkout.session"),
        ("pay", {"nope": 1}, "unexpected keyword"),
        ("advance", {}, "seconds"),
        ("advance", {"seconds": -1}, "backwards"),
        ("fault", {"kind": "explode"}, "no such fault"),
        ("trouble", {"nope": 1}, "nope"),
        ("_find", {"id_": "x", "kind": "charge"}, "no such verb"),
    ],
)
async def test_control_plane_refuses(stage: Stage, verb: str, arguments: dict[str, Any], told: str) -> None:
    assert told in json.dumps(await control(stage, verb, **arguments))


async def test_control_plane_takes_no_forms_of_other_sites(stage: Stage) -> None:
    async with httpx2.AsyncClient() as http:
        answer = await http.post(f"{stage.url}/_simulator/advance", content=b'{"seconds": 1}')
    assert answer.status_code == 415


async def test_pages_pay_and_onboard(stage: Stage) -> None:
    session, account = await stage.session(), await stage.recipient(onboarded=False)
    steps: Any = {"refresh_url": "https://we1web.example/again", "return_url": "https://we1web.example/back"}
    link = await stage.client.v2.core.account_links.create_async(
        {"account": account, "use_case": {"type": "account_onboarding", "account_onboarding": steps}}
    )
    async with httpx2.AsyncClient() as http:
        for url, button, then in (
            (session.url, "Pay", f"https://we1web.example/paid?session={session.id}"),
            (link.url, "Finish onboarding", "https://we1web.example/back"),
        ):
            page = await http.get(url)
            assert "<title>Stripe simulator</title>" in page.text
            assert re.search(r"<button>(.*)</button>", page.text)[1] == button  # type: ignore[index]
            pressed = await http.post(url)
            assert (pressed.status_code, pressed.headers["location"]) == (303, then)
            assert (await http.post(url)).status_code == 410
    assert (await stage.client.v1.checkout.sessions.retrieve_async(session.id)).payment_status == "paid"
    assert (await stage.client.v1.accounts.retrieve_async(account)).payouts_enabled


async def test_oversized_bodies_are_refused(stage: Stage) -> None:
    async with httpx2.AsyncClient() as http:
        answer = await http.post(f"{stage.url}/v1/transfers", content=b"a" * (1 << 20) + b"b")
    assert answer.status_code == 413


def test_serves_in_a_thread_for_code_that_blocks() -> None:
    with BackgroundSimulator(Simulator()) as simulator:
        headers = {"Authorization": "Bearer sk_test_1"}
        simulator.run(lambda made: made.world.add_funds("eur", 5))
        answer = httpx2.get(f"{simulator.url}/v1/balance", headers=headers).json()
        assert [(row["amount"], row["currency"]) for row in answer["available"]] == [(5, "eur")]
        assert simulator.deliver() == 0


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x"])
def test_live_keys_in_the_environment_are_refused(key: str) -> None:
    with pytest.raises(LiveKey, match="STRIPE_SECRET_KEY"):
        refuse_live_keys({"STRIPE_SECRET_KEY": key})
    refuse_live_keys({"STRIPE_SECRET_KEY": "sk_test_x"})


def test_the_command_stops_before_it_starts_with_a_live_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_x")
    with pytest.raises(LiveKey):
        stripe_simulator.serve(port=0)


def test_a_missing_package_is_told_with_what_installs_it() -> None:
    with pytest.raises(stripe_simulator.NotInstalled, match=r"pip install 'we1web\[simulator\]'"):
        stripe_simulator._require_packages("no_such_package_anywhere")


async def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    record = tmp_path / "requests.ndjson"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "we1web", "stripe-simulator", "--port", "0", "--record", str(record),
        stdout=asyncio.subprocess.PIPE, cwd=REPO,
    )  # fmt: skip
    assert process.stdout is not None
    said = (await process.stdout.readline()).decode()
    assert "this is no Stripe" in said
    url = re.search(r"http://127\.0\.0\.1:\d+", said)[0]  # type: ignore[index]
    async with httpx2.AsyncClient() as http:
        answer = await http.get(f"{url}/v1/balance", headers={"Authorization": "Bearer sk_test_1"})
    assert answer.json()["object"] == "balance"
    process.send_signal(signal.SIGINT)
    await process.stdout.read()
    assert await process.wait() == 0
    assert json.loads(record.read_text())["path"] == "/v1/balance"


# --- check ------------------------------------------------------------------------------------------------------------

TRANSFER = {"id": "tr_1", "object": "transfer", "amount": 1_100, "metadata": {}, "came_later": True}
OPENAPI: dict[str, Any] = {
    "info": {"version": "2023-08-16"},
    "components": {"schemas": {"transfer": {"type": "object", "properties": {"amount": {"type": "integer"}}}}},
    "paths": {
        "/v1/transfers/{id}": {
            "get": {
                "parameters": [],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/transfer"}}}}
                },
            }
        }
    },
}
REQUEST = {"method": "get", "path": "/v1/transfers/tr_1", "parameters": {}}


def published(folder: Path, transfer: dict[str, Any], amount: str, request: dict[str, Any]) -> tuple[Path, Path]:
    folder.joinpath("fixtures-1.json").write_text(json.dumps({"resources": {"transfer": transfer}}))
    described = json.loads(json.dumps(OPENAPI).replace('"integer"', f'"{amount}"'))
    folder.joinpath("openapi-1.json").write_text(json.dumps(described))
    folder.joinpath("requests.ndjson").write_text(json.dumps(request) + "\n")
    return folder, folder / "requests.ndjson"


def test_check_agrees_with_what_agrees(tmp_path: Path) -> None:
    found = compare(*published(tmp_path, TRANSFER, "integer", REQUEST))
    assert found.type_errors == []
    assert (found.fixtures, found.operations, found.requests, found.older_fields) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("transfer", "amount", "request_", "told"),
    [
        ({**TRANSFER, "amount": "1100"}, "integer", REQUEST, "fixture transfer amount"),
        (TRANSFER, "string", REQUEST, "GET /v1/transfers/{transfer}/amount"),
        (TRANSFER, "integer", {**REQUEST, "parameters": {"nope": 1}}, "unknown parameter: nope"),
        (TRANSFER, "integer", {**REQUEST, "path": "/v1/nope"}, "no such operation"),
    ],
)
def test_check_has_teeth(
    tmp_path: Path, transfer: dict[str, Any], amount: str, request_: dict[str, Any], told: str
) -> None:
    found = compare(*published(tmp_path, transfer, amount, request_))
    assert len(found.type_errors) == 1
    assert told in found.type_errors[0]


def test_check_prints_figures_and_fails_on_a_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, requests = published(tmp_path, {**TRANSFER, "amount": "1100"}, "integer", REQUEST)
    assert stripe_simulator.check(folder, requests=requests, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["type_errors"] == 1


def test_check_of_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(NothingToCompare):
        compare(tmp_path)
