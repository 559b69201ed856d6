"""`we1web stripe-simulator`: a stand-in for Stripe on this machine, for development and tests. It is no Stripe."""

import asyncio
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from we1web.cli._options import AsJson
from we1web.protocol.errors import We1webError

if TYPE_CHECKING:
    from we1web.testing.stripe_simulator.simulator import Simulator

DELIVERY_S = 1.0
Port = Annotated[int, Parameter(validator=Number(gte=0, lte=65_535))]

command = App(
    name="stripe-simulator",
    help="Run a stand-in for Stripe on this machine, for development and tests. It is no Stripe.",
    result_action="return_value",
)


class NotInstalled(We1webError):
    """The simulator needs a package that the product does not."""

    code = "simulator_not_installed"
    hint = "pip install 'we1web[simulator]'"


@command.default
def serve(
    *,
    port: Port = 12_111,
    seed: int = 1,
    webhook: str | None = None,
    secret: str = "whsec_simulated",
    record: Path | None = None,
) -> int:
    """Serve the simulator on 127.0.0.1 until Ctrl-C. No money moves, and nothing of it reaches Stripe.

    Point a client of Stripe at its address, with any key that begins with sk_test_. Live keys are refused. Events are
    delivered once a second. What people and banks do is under /_simulator: docs/stripe-simulator.md.
    Exit codes: 0 stopped, 1 could not start.

    Parameters
    ----------
    port
        Port to listen on; 0 takes any free one.
    seed
        Ids and faults follow from it.
    webhook
        Address that receives all events: snapshots of the platform and of connected accounts, and thin ones.
    secret
        What the events are signed with.
    record
        File that the requests are written to at the end, one JSON object a line.
    """
    _require_packages()
    from we1web.testing.stripe_simulator.config import refuse_live_keys
    from we1web.testing.stripe_simulator.simulator import Simulator

    refuse_live_keys()
    simulator = Simulator(seed=seed)
    for thin, connect in ((False, False), (False, True), (True, False)) if webhook else ():
        simulator.endpoint(str(webhook), secret, thin=thin, connect=connect)
    try:
        asyncio.run(_serve(simulator, port))
    except KeyboardInterrupt:
        pass
    except OSError as error:
        raise We1webError(f"cannot listen on port {port}: {error}", hint="choose another --port") from error
    finally:
        if record is not None:
            record.write_text("".join(f"{request.as_json()}\n" for request in simulator.requests), encoding="utf-8")
    return 0


@command.command
def check(folder: Path, *, requests: Path | None = None, as_json: AsJson = False) -> int:
    """Compare the description that the simulator derives from the stripe package with what Stripe has published.

    Exit codes: 0 no types contradict each other, 1 some do.

    Parameters
    ----------
    folder
        Holds fixtures-*.json (example resources) or openapi-*.json (an OpenAPI description), or both.
    requests
        Requests that a simulator recorded (--record), to be checked against all of it.
    as_json
        Print one JSON object as the last line of standard output.
    """
    _require_packages()
    from we1web.cli._output import emit, note, table
    from we1web.testing.stripe_simulator.comparing import compare

    try:
        found = compare(folder, requests)
    except (OSError, ValueError, KeyError) as error:
        raise We1webError(f"cannot read what is to be compared: {error}") from error
    for problem in found.type_errors:
        note(problem)
    figures = found.figures()
    if as_json:
        emit(figures)
    else:
        table(["figure", "value"], [[name, str(value)] for name, value in figures.items()])
    return 1 if found.type_errors else 0


def _require_packages(name: str = "jsonschema") -> None:
    if find_spec(name) is None:
        raise NotInstalled(f"the Stripe simulator needs the package {name}")


async def _serve(simulator: "Simulator", port: int) -> None:
    from we1web.testing.stripe_simulator.server import serving

    async with serving(simulator, port) as url:
        lines = (
            f"Stripe simulator on {url}: this is no Stripe, no money moves",
            "  key      any that begins with sk_test_",
            f"  control  curl -H 'Content-Type: application/json' -d '{{\"seconds\": 86400}}' {url}/_simulator/advance",
            "  stop     Ctrl-C",
        )
        print("\n".join(lines), flush=True)
        while True:
            await simulator.deliver()
            await asyncio.sleep(DELIVERY_S)
