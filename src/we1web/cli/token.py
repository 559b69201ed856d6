"""`we1web token`: API tokens for nodes and scripts. A token's secret is shown once, when it is made."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from we1web.cli._options import HERE, AsJson, Connection

Scope = Literal["jobs", "node"]

command = App(
    name="token", help="Make, list and revoke API tokens for nodes and scripts.", result_action="return_value"
)


@command.command
def create(
    name: str,
    *,
    scope: Annotated[list[Scope] | None, Parameter(negative="")] = None,
    as_json: AsJson = False,
    connection: Connection = HERE,
) -> None:
    """Make a token and print its secret: this one time.

    For instance: `WE1WEB_TOKEN=$(we1web token create attic --scope node)`

    Parameters
    ----------
    name
        What to call it, so that you know later which one to revoke.
    scope
        What it may do: `jobs` submits work, `node` lends a machine. Give it twice for both; `jobs` by default.
    as_json
        Prints one JSON object.
    """
    from we1web.cli._output import emit, note
    from we1web.cli._session import call

    made = call(connection, lambda api: api.create_token(name, scope or ["jobs"]))
    if as_json:
        emit({"id": made.id, "name": made.name, "scopes": made.scopes, "token": made.token})
        return
    note(f"token {made.name!r} ({', '.join(made.scopes)}); it is not shown again")
    print(made.token)


@command.command(name="list")
def list_(*, as_json: AsJson = False, connection: Connection = HERE) -> None:
    """List your tokens, without their secrets.

    Parameters
    ----------
    as_json
        Prints one JSON object.
    """
    from we1web.cli._output import emit, table
    from we1web.cli._session import call

    tokens = call(connection, lambda api: api.tokens()).items
    if as_json:
        emit({"tokens": [{"id": t.id, "name": t.name, "scopes": t.scopes, "created_at": t.created_at} for t in tokens]})
        return
    rows = [[t.id, t.name, ", ".join(t.scopes), t.created_at, t.last_used_at or "never"] for t in tokens]
    table(["token", "name", "scopes", "made", "last used"], rows)


@command.command
def revoke(token: str, *more: str, as_json: AsJson = False, connection: Connection = HERE) -> None:
    """End tokens at once, by id.

    Parameters
    ----------
    token
        The token's id: `we1web token list` shows it.
    more
        Further tokens.
    as_json
        Prints one JSON object.
    """
    from we1web.cli._output import emit, note
    from we1web.cli._session import call

    for one in (token, *more):
        call(connection, lambda api, one=one: api.revoke_token(one))  # type: ignore[misc]
        note(f"token {one} is revoked")
    if as_json:
        emit({"revoked": [token, *more]})
