"""`we1web referee`: a machine that judges instead of voting: it runs again what votes cannot decide."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from we1web.agent.startup import Options
from we1web.cli.node import EVERY_JOB, serve
from we1web.protocol.limits import MAX_CORES


def command(
    *,
    join: str,
    token: Annotated[str, Parameter(env_var="WE1WEB_TOKEN")],
    job: str = EVERY_JOB,
    cores: Annotated[int | None, Parameter(validator=Number(gte=1, lte=MAX_CORES))] = None,
    name: str = "referee",
    state_dir: Path | None = None,
    verbose: bool = False,
) -> None:
    """Judge disputes: run again what votes cannot decide. It does not vote and earns nothing.

    The operator's machines judge every job; with --job anybody judges a job of their own, among the answers that
    nodes gave. Exit codes are those of `we1web node`.

    Parameters
    ----------
    join
        Address of the coordinator, for example https://we1web.example or http://localhost:8080.
    token
        The operator's token, with the scope `node`; the requester's, with `jobs`. Better given as WE1WEB_TOKEN.
    job
        The id of the one job to judge; by default every job, which is the operator's.
    cores
        How many bundles may run at once; by default all cores that the memory suffices for.
    name
        What the node is called.
    state_dir
        Where the node keeps its id, benchmark and cache; by default a folder of the user's.
    verbose
        Log every bundle, also on a terminal.
    """
    serve(Options(join, token, cores, name, state_dir=state_dir, referee=job), verbose=verbose)
