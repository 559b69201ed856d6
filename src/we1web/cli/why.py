"""`we1web why`: why a task, a job or a node waits, from the code that decides it."""

from typing import TYPE_CHECKING, Any

from we1web.cli._options import HERE, UUID_CHARS, AsJson, Connection, job_id

if TYPE_CHECKING:
    from we1web.sdk.api import Api


def command(thing: str, *, as_json: AsJson = False, connection: Connection = HERE) -> None:
    """Say why a task, a job or a node of yours waits.

    For instance:

    * `we1web why 1048576` (a task)
    * `we1web why 3f2a --json` (a job, by the beginning of its id)

    Parameters
    ----------
    thing
        A task's number, a job's id or its beginning, or a node's id.
    as_json
        Prints one JSON object: the code, the words and the figures behind them.
    """
    from we1web.cli._output import emit
    from we1web.cli._session import call

    if not thing.isdecimal() and len(thing) < UUID_CHARS:
        with connection.open() as client:
            thing = job_id(client, thing)
    answer = call(connection, lambda api: _ask(api, thing))
    if as_json:
        emit(answer)
    else:
        print(answer["words"])


async def _ask(api: "Api", thing: str) -> dict[str, Any]:
    """A number is a task's; an id is a job's, else a node's."""
    from we1web.sdk.errors import NotAllowed, NotFound

    if thing.isdecimal():
        return await api.why("tasks", thing)
    try:
        return await api.why("jobs", thing)
    except (NotFound, NotAllowed):  # a token for nodes alone may not ask about jobs
        return await api.why("nodes", thing)
