"""`we1web disputes`: where votes differed, how it ended, who was paid; and a contest for who was not."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from we1web.cli._options import HERE, AsJson, Connection

if TYPE_CHECKING:
    from we1web.sdk.models import Dispute

SHORT = 12
"""Characters of a digest that people compare."""


def command(
    dispute: int | None = None,
    *,
    contest: Annotated[bool, Parameter(negative="")] = False,
    limit: int = 20,
    as_json: AsJson = False,
    connection: Connection = HERE,
) -> int:
    """List disputes of your jobs and of your nodes' votes, or show one with its evidence.

    For instance:

    * `we1web disputes`
    * `we1web disputes 17 --contest`

    Parameters
    ----------
    dispute
        A dispute's number: shows every vote, what a referee found, and who was paid.
    contest
        Says that your unpaid vote in it was right: a referee of the operator runs the task once more, and if it finds
        what you found you are paid. Once for each dispute.
    limit
        How many to list.
    as_json
        Prints one JSON object.
    """
    from we1web.cli._output import emit, note
    from we1web.cli._session import call

    if dispute is None:
        if contest:
            note("error: which dispute? Give its number: we1web disputes NUMBER --contest")
            return 1
        return _list(connection, limit, as_json=as_json)
    one = call(connection, lambda api: api.contest(dispute) if contest else api.dispute(dispute))
    if as_json:
        emit(_record(one))
    else:
        _show(one)
    return 0


def _list(connection: Connection, limit: int, *, as_json: bool) -> int:
    from we1web.cli._output import emit, table
    from we1web.cli._session import call

    found = call(connection, lambda api: api.disputes(limit)).items
    if as_json:
        emit({"disputes": [_record(one) for one in found]})
    else:
        table(["dispute", "job", "task", "ended by", "votes", "unpaid", "contest"], [_row(one) for one in found])
    return 0


def _row(one: "Dispute") -> list[str]:
    unpaid = sum(not vote.paid for vote in one.votes)
    return [str(one.id), one.job, one.task, one.how, str(len(one.votes)), str(unpaid), _contest(one)]


def _contest(one: "Dispute") -> str:
    if one.contest is not None:
        return one.contest.state
    return f"possible until {one.contestable_until}" if one.contestable_until else ""


def _show(one: "Dispute") -> None:
    from we1web.cli._output import note, table

    note(f"dispute {one.id} on task {one.task} of job {one.job}, ended by {one.how} at {one.resolved_at}")
    note(f"accepted {_short(one.accepted)}, a referee found {_short(one.truth)}")
    if said := _contest(one):
        note(f"contest: {said}")
    rows = [
        [
            vote.node or "",
            _short(vote.digest),
            f"{vote.weight:.2f}",
            "paid" if vote.paid else "unpaid",
            "you" * vote.mine,
        ]
        for vote in one.votes
    ]
    table(["node", "digest", "weight", "pay", ""], rows)


def _short(digest: str | None) -> str:
    return digest[:SHORT] if digest else "nothing"


def _record(one: "Dispute") -> dict[str, object]:
    import msgspec

    record: dict[str, object] = msgspec.to_builtins(one)
    return record
