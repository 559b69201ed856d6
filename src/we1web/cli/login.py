"""`we1web login`: remembers a coordinator and a session on this machine, readable by its owner only."""

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from we1web.cli._options import AsJson
from we1web.protocol.errors import We1webError

if TYPE_CHECKING:
    from we1web.sdk.api import Api
    from we1web.sdk.credentials import StoredLogin

Flag = Annotated[bool, Parameter(negative="")]


class NoPassword(We1webError):
    """Nobody is there to type a password, and none came on standard input."""

    code = "password_missing"
    hint = "run it at a terminal, or pipe the password in with --password-stdin"


def command(
    *,
    url: str | None = None,
    email: str | None = None,
    register: Flag = False,
    password_stdin: Flag = False,
    forget: Flag = False,
    as_json: AsJson = False,
) -> None:
    """Log in to a coordinator, so that the other commands need neither address nor token.

    The password is asked for and not kept; the session is renewed by itself. For scripts, API tokens are better:
    see `we1web token`.

    For instance:

    * `we1web login --url https://we1web.example --email ada@example.org`
    * `we1web login --register --email ada@example.org --password-stdin < password.txt`

    Parameters
    ----------
    url
        Address of the coordinator; by default WE1WEB_URL, then http://127.0.0.1:8080.
    email
        The account's address; asked for when it is not given.
    register
        Makes the account first.
    password_stdin
        Reads the password from standard input.
    forget
        Forgets the stored session instead.
    as_json
        Prints one JSON object.
    """
    from we1web.cli._output import emit, note
    from we1web.sdk import credentials

    if forget:
        gone = credentials.forget()
        note("the stored session is gone" if gone else "no session was stored")
        return
    stored = _log_in(url, email or input("E-mail: "), _password(from_stdin=password_stdin), register=register)
    path = credentials.save(stored)
    note(f"logged in to {stored.url} as {stored.email}; kept in {path}")
    if as_json:
        emit({"url": stored.url, "email": stored.email, "file": str(path)})


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise NoPassword("no password was given")
    return getpass.getpass("Password: ")


def _log_in(url: str | None, email: str, password: str, *, register: bool) -> "StoredLogin":
    from we1web.cli._session import call_anonymously
    from we1web.sdk import config, credentials
    from we1web.sdk.models import Login

    where = config.address(url or config.url_from_environment() or config.DEFAULT_URL).http

    async def exchange(api: "Api") -> Login:
        return await (api.register(email, password) if register else api.login(email, password))

    login = call_anonymously(where, exchange)
    session = login.session
    return credentials.StoredLogin(
        where, login.user.email, session.access_token, session.refresh_token, session.expires_at
    )
