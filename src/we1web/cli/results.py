"""`we1web results`: what a job has brought so far, or all of it as it comes."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from we1web.cli._options import HERE, AsJson, Connection, job_id
from we1web.cli.map_ import follow as follow_job


def command(
    job: str,
    *,
    follow: Annotated[bool, Parameter(negative="")] = False,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    as_json: AsJson = False,
    connection: Connection = HERE,
) -> int:
    """Read the results of a job by its id; with --follow, until its end.

    For instance:

    * `we1web results 3f2a`
    * `we1web results 3f2a --follow -o results.jsonl`

    Exit codes: 0 every task asked about has a result, 1 one has none.

    Parameters
    ----------
    job
        The job's id, or its beginning.
    follow
        Waits for the results that are still to come. Ctrl-C stops following, not the job.
    output
        A file of JSON lines, or a folder for one file per result.
    as_json
        Prints one JSON object: the results with all their votes; with --follow, the summary.
    """
    from we1web.cli._output import Writer, emit, plain, record

    with connection.open() as client:
        whole_id = job_id(client, job)
        if follow:
            return follow_job(client.attach(whole_id), output, lambda index: None, as_json=as_json)
        results = client.results(whole_id)
    writer = Writer(output, lambda index: None, silent=as_json)
    for result in results:
        writer.write(result)
    writer.close()
    if as_json:
        votes = [[{"node": v.node, "agreed": v.agreed, "weight": v.weight} for v in result.votes] for result in results]
        lines = [{**record(result, None), "votes": cast} for result, cast in zip(results, votes, strict=True)]
        emit({"job_id": whole_id, "results": plain(lines)})
    return 0 if all(result.ok for result in results) else 1
