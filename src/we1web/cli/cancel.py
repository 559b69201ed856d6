"""`we1web cancel`: ends jobs; what was agreed is paid, the rest of the budget comes back."""

from we1web.cli._options import HERE, AsJson, Connection, job_id


def command(job: str, *more: str, as_json: AsJson = False, connection: Connection = HERE) -> None:
    """Cancel jobs: open work is withdrawn, agreed work is paid, the rest of the budget comes back.

    For instance: `we1web cancel 3f2a`

    Parameters
    ----------
    job
        The job's id, or its beginning.
    more
        Further jobs.
    as_json
        Prints one JSON object.
    """
    from we1web.cli._output import emit, job_record, note
    from we1web.domain.money import show

    with connection.open() as client:
        cancelled = [client.cancel(job_id(client, one)) for one in (job, *more)]
    for one in cancelled:
        note(f"job {one.id} is {one.state}: {one.verified} of {one.total} verified, {show(one.spent_micros)} spent")
    if as_json:
        emit({"jobs": [job_record(one) for one in cancelled]})
