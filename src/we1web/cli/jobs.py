"""`we1web jobs`: one's own jobs, and why one waits."""

from typing import TYPE_CHECKING

from we1web.cli._options import HERE, AsJson, Connection, job_id

if TYPE_CHECKING:
    from we1web.sdk.models import Job


def command(job: str | None = None, *, limit: int = 20, as_json: AsJson = False, connection: Connection = HERE) -> None:
    """List your jobs, newest first, or show one.

    For instance:

    * `we1web jobs`
    * `we1web jobs 3f2a --json`

    Parameters
    ----------
    job
        A job's id, or its beginning: shows this one, with the reason why it waits.
    limit
        How many to list.
    as_json
        Prints one JSON object.
    """
    from we1web.cli._output import emit, job_record, table

    with connection.open() as client:
        found = [client.job(job_id(client, job))] if job else list(client.jobs(limit))
    if as_json:
        emit(job_record(found[0]) if job else {"jobs": [job_record(one) for one in found]})
        return
    table(["job", "name", "runtime", "state", "ended", "failed", "spent", "waiting for"], [_row(one) for one in found])


def _row(job: "Job") -> list[str]:
    from we1web.domain.money import show

    ended = f"{job.verified + job.failed}/{job.total}"
    spent = show(job.spent_micros, job.currency)
    return [job.id, job.name, job.runtime, job.state, ended, str(job.failed), spent, job.waiting]
