"""Events as they arrive: signed, twice, late, out of order, never; of both versions of the interface."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import stripe
from tests.stripe_simulator.conftest import DAY_S, START, client

from we1web.testing.stripe_simulator.server import serving
from we1web.testing.stripe_simulator.simulator import Simulator
from we1web.testing.stripe_simulator.webhooks import Trouble, signature

SECRET = "whsec_test"
CAPABILITY = "v2.core.account[configuration.recipient].capability_status_updated"


@dataclass
class Inbox:
    """A receiver that verifies, as ours has to, and answers what it is told to."""

    statuses: Iterator[int] = field(default_factory=lambda: iter(()))
    events: list[dict[str, object]] = field(default_factory=list)
    verified: int = 0

    async def post(self, _url: str, body: bytes, headers: dict[str, str]) -> int:
        stripe.WebhookSignature.verify_header(body.decode(), headers["Stripe-Signature"], SECRET, tolerance=300)
        self.verified += 1
        status = next(self.statuses, 200)
        if status == 200:
            self.events.append(json.loads(body))
        return status

    @property
    def types(self) -> list[object]:
        return [event["type"] for event in self.events]

    @property
    def ids(self) -> list[object]:
        return [event["id"] for event in self.events]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def simulator(inbox: Inbox) -> Iterator[Simulator]:
    made = Simulator(now=lambda: START, post=inbox.post)
    yield made
    assert made.off_spec == []


async def recipient(simulator: Simulator) -> str:
    async with serving(simulator) as url:
        account = await client(url).v2.core.accounts.create_async(
            {"identity": {"country": "us"}, "configuration": {"recipient": {}}}
        )
    return account.id


async def test_platform_connect_and_thin_endpoints_get_what_is_theirs(simulator: Simulator, inbox: Inbox) -> None:
    account = await recipient(simulator)
    simulator.endpoint("https://a.example/thin", SECRET, thin=True)
    simulator.endpoint("https://a.example/connect", SECRET, connect=True, events=("account.updated",))
    simulator.endpoint("https://a.example/platform", SECRET, events=("balance.available",))
    simulator.world.onboard(account)
    await simulator.deliver()
    by_url = {(d.url.rpartition("/")[2], d.kind) for d in simulator.mail.deliveries}
    assert by_url == {
        ("connect", "account.updated"),
        ("thin", "v2.core.account.created"),
        ("thin", CAPABILITY),
        ("thin", "v2.core.account[requirements].updated"),
    }
    thin = next(event for event in inbox.events if event["type"] == CAPABILITY)
    assert "data" not in thin
    assert thin["related_object"] == {
        "id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}",
    }  # fmt: skip


async def test_endpoints_made_by_the_interface_and_events_read_again(simulator: Simulator, inbox: Inbox) -> None:
    async with serving(simulator) as url:
        ours = client(url)
        endpoint = await ours.v1.webhook_endpoints.create_async(
            {"url": "https://a.example/hook", "enabled_events": ["account.updated"], "connect": True}
        )
        destination = await ours.v2.core.event_destinations.create_async(
            {
                "name": "thin",
                "type": "webhook_endpoint",
                "event_payload": "thin",
                "enabled_events": [CAPABILITY],
                "webhook_endpoint": {"url": "https://a.example/thin"},
                "include": ["webhook_endpoint.signing_secret"],
            }
        )
        secrets = {endpoint.secret, destination.webhook_endpoint.signing_secret}
        assert all(secret.startswith("whsec_") for secret in secrets)
        account = await ours.v2.core.accounts.create_async(
            {"identity": {"country": "us"}, "configuration": {"recipient": {}}}
        )
        simulator.world.onboard(account.id)
        events = (await ours.v2.core.events.list_async({"object_id": account.id, "types": [CAPABILITY]})).data
        assert len(events) == 1
        again = await ours.v2.core.events.retrieve_async(events[0].id)
        assert again.related_object.id == account.id
        snapshot = (await ours.v1.events.list_async(options={"stripe_account": account.id})).data[0]
        assert snapshot.data.object["payouts_enabled"] is True


async def test_the_real_package_accepts_signatures_and_only_right_ones() -> None:
    payload = json.dumps({"id": "evt_1", "object": "event", "type": "charge.failed"})
    header = signature(payload, SECRET, START)
    assert stripe.WebhookSignature.verify_header(payload, header, SECRET, tolerance=300)
    for body, secret in ((payload + " ", SECRET), (payload, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(body, header, secret, tolerance=300)
    stale = signature(payload, SECRET, 1_000)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(payload, stale, SECRET, tolerance=300)


async def test_asked_again_until_it_answers(simulator: Simulator, inbox: Inbox) -> None:
    inbox.statuses = iter([500, 0, 302])
    simulator.endpoint("https://a.example/", SECRET)
    simulator.world.add_funds("usd", 1)
    session_events(simulator, 1)
    assert [await simulator.deliver() for _ in range(4)] == [0, 0, 0, 1]
    assert [d.status for d in simulator.mail.deliveries] == [500, 0, 302, 200]


async def test_given_up_after_three_days(simulator: Simulator, inbox: Inbox) -> None:
    inbox.statuses = iter([500] * 10)
    simulator.endpoint("https://a.example/", SECRET)
    session_events(simulator, 1)
    await simulator.deliver()
    simulator.advance(3 * DAY_S)
    await simulator.deliver()
    assert simulator.mail.letters == []
    assert inbox.events == []


async def test_duplicates_delays_losses_and_shuffling(simulator: Simulator, inbox: Inbox) -> None:
    simulator.endpoint("https://a.example/", SECRET)
    simulator.mail.trouble = Trouble(duplicated=0.3, delayed=0.3, lost=0.2, shuffled=True)
    session_events(simulator, 200)
    told = [row.body["id"] for row in simulator.state.store.of("platform", "event")]
    await simulator.deliver_all()
    lost = set(simulator.mail.lost)
    assert set(inbox.ids) == set(told) - lost
    assert 20 < len(lost) < 60
    assert len(inbox.ids) > len(set(inbox.ids)) + 20
    first_arrivals = list(dict.fromkeys(inbox.ids))
    assert first_arrivals != [id_ for id_ in told if id_ not in lost]


def session_events(simulator: Simulator, count: int) -> None:
    """That many events of the platform."""
    from we1web.testing.stripe_simulator.events import tell

    for _ in range(count):
        tell(simulator.state, "charge.failed", _charge(simulator))


def _charge(simulator: Simulator) -> dict[str, object]:
    return simulator.state.make("charge", "platform", "ch", currency="usd", status="failed")
