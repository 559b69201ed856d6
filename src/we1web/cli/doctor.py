"""`we1web doctor`: is everything here that a node, a coordinator and a requester need? Changes nothing."""

from we1web.cli._options import HERE, AsJson, Connection

_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "failure": ("✗", "red")}


def command(*, as_json: AsJson = False, connection: Connection = HERE) -> int:
    """Check this machine and the way to the coordinator; every line says what to do next.

    Exit codes: 0 nothing stands in the way (warnings concern only some uses), 1 something does.

    Parameters
    ----------
    as_json
        Prints one JSON object.
    """
    from rich.console import Console
    from rich.text import Text

    from we1web.cli._checks import examine
    from we1web.cli._output import emit

    console = Console(stderr=as_json, highlight=False)
    checks = []
    for check in examine(connection):
        checks.append(check)
        sign, colour = _SIGNS[check.state]
        line = Text.assemble((sign, colour), f" {check.name:<12} {check.found}")
        console.print(line, soft_wrap=True)
        if check.next_step:
            console.print(Text(f"  {'':<12} → {check.next_step}", "dim"), soft_wrap=True)
    healthy = all(check.state != "failure" for check in checks)
    if as_json:
        emit({"healthy": healthy, "checks": [check._asdict() for check in checks]})
    return 0 if healthy else 1
