"""Opens the demonstration's market: a coordinator, five nodes of five owners, a requester with money; closes it again.

Every process is a real one and talks to the others as it would over the Internet.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from we1web.demo import clock, config
from we1web.demo.office import Office, Person, free_port
from we1web.demo.processes import DemoFailed, Troupe

HONEST = ("ada", "grace", "edsger", "barbara")
SABOTEUR = "mallory"
REQUESTER = "alan"
FUNDS_MICROS = 10_000_000
START_SECONDS = 180.0
POLL_SECONDS = 0.1

Say = Callable[[str], None]


@dataclass(frozen=True)
class Market:
    """The running market and everybody in it."""

    troupe: Troupe
    office: Office
    operator_token: str
    requester: Person
    owners: dict[str, Person]

    def wait_until(self, what: str, is_so: Callable[[], bool], seconds: float) -> None:
        """Returns when it is so; raises when a process dies first or the time is up."""
        wait_until(self.troupe, what, is_so, seconds)

    def lies_told(self) -> int:
        """Sends the saboteur home and reads its confession, the last line of its log."""
        last_words = self.troupe.dismiss(SABOTEUR)
        try:
            return int(json.loads(last_words.rpartition("\n")[2])["lies"])
        except (ValueError, KeyError, TypeError):
            raise DemoFailed(f"{SABOTEUR} left without a confession:\n{last_words}") from None

    def owner_of_nodes(self) -> dict[str, str]:
        """node id → name of its owner."""
        return {node["id"]: name for name, owner in self.owners.items() for node in self.office.nodes(owner)}


@contextmanager
def open_market(folder: Path, say: Say) -> Iterator[Market]:
    """The market, ready for jobs; all its processes are gone afterwards."""
    # The embedded database runs under an account of its own when we are root: it must be able to pass through here.
    folder.chmod(0o711)
    with Troupe(folder, config.environment(folder)) as troupe:
        office = Office(f"http://127.0.0.1:{free_port()}")
        with closing(office):
            say("starting a coordinator with its own PostgreSQL")
            operator_token = start_coordinator(troupe, office)
            requester = office.register(REQUESTER)
            owners = {name: office.register(name) for name in (*HONEST, SABOTEUR)}
            office.fund(operator_token, requester, FUNDS_MICROS)
            market = Market(troupe, office, operator_token, requester, owners)
            start_nodes(market, say)
            yield market


def start_coordinator(troupe: Troupe, office: Office) -> str:
    """Starts it, waits until it can work, and returns the operator's token."""
    data = troupe.folder / "coordinator"
    port = office.url.rpartition(":")[2]
    troupe.start("coordinator", we1web("up", "--host", "127.0.0.1", "--port", port, "--data-dir", str(data)))
    wait_until(troupe, "the start of the coordinator", office.is_ready, START_SECONDS)
    return (data / "operator.token").read_text().strip()


def start_nodes(market: Market, say: Say) -> None:
    """One node for each owner; returns when all of them are online."""
    say(f"starting {len(HONEST)} honest nodes and a saboteur, each of another owner")
    for name, owner in market.owners.items():
        token = market.office.api_token(owner, "node")
        command = we1web("node") if name != SABOTEUR else saboteur()
        state = str(market.troupe.folder / name)
        options = ["--join", market.office.url, "--name", name, "--cores", "1", "--state-dir", state]
        market.troupe.start(name, [*command, *options], WE1WEB_TOKEN=token)
    market.wait_until("the start of the nodes", lambda: all_online(market), START_SECONDS)


def all_online(market: Market) -> bool:
    return all(any(node["online"] for node in market.office.nodes(owner)) for owner in market.owners.values())


def wait_until(troupe: Troupe, what: str, is_so: Callable[[], bool], seconds: float) -> None:
    deadline = clock.now() + seconds
    while not is_so():
        troupe.check()
        if clock.now() > deadline:
            raise DemoFailed(f"{what} took more than {seconds:.0f} s")
        clock.wait(POLL_SECONDS)


def we1web(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "we1web", *arguments]


def saboteur() -> list[str]:
    """The real agent with runtimes that lie about everything."""
    return [sys.executable, "-m", "we1web.testing.saboteur", "--lie-rate", "1.0"]
