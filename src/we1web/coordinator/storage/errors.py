"""What can go wrong between us and the database, as typed errors. It must never quote values, which may be secrets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from we1web.protocol.errors import We1webError


class DatabaseError(We1webError):
    """The database cannot be used as it is."""

    code = "database_error"


class DatabaseLost(DatabaseError):
    """The server died, restarts or cannot be reached. Nothing that was not committed happened; ask again."""

    code = "database_lost"
    hint = "the database is restarting or unreachable; try again in a moment"
    retryable = True


class Contended(DatabaseError):
    """The transaction lost against another one (deadlock, serialization, lock timeout). Nothing happened; ask again."""

    code = "database_contended"
    hint = "try again"
    retryable = True


class TooManyNodes(We1webError):
    """An account reached its number of nodes."""

    code = "too_many_nodes"
    hint = "retire a node you no longer use, then register again"


_SERVER_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # what a commit meets when the server dies between two of its messages
)
_MAYBE_GONE = (asyncpg.InterfaceError, ConnectionError, FileNotFoundError)
_CONTENDED = (asyncpg.TransactionRollbackError, asyncpg.LockNotAvailableError)


def is_lost(error: BaseException, connection: asyncpg.Connection | None = None) -> bool:
    """Whether an error of asyncpg means that the server, and not the statement, is the trouble."""
    if isinstance(error, _SERVER_GONE):
        return not isinstance(error, asyncpg.QueryCanceledError)
    return isinstance(error, _MAYBE_GONE) and (connection is None or _closed(connection))


def _closed(connection: asyncpg.Connection) -> bool:
    """The pool takes back a connection that dies in our hands; then even asking it is an error."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def translate(error: Exception, connection: asyncpg.Connection | None = None) -> Exception:
    """Our error for one of asyncpg's, or the same error when it is no expected one."""
    if is_lost(error, connection):
        return DatabaseLost(f"the database connection was lost ({type(error).__name__})")
    if isinstance(error, _CONTENDED):
        return Contended(f"the transaction was rolled back ({type(error).__name__})")
    if isinstance(error, asyncpg.PostgresError) and error.constraint_name == "too_many_nodes":
        return TooManyNodes(str(error))
    return error


@asynccontextmanager
async def translated(connection: asyncpg.Connection | None = None) -> AsyncIterator[None]:
    """Turns asyncpg's errors into ours; wrap the use of a dedicated connection in it."""
    try:
        yield
    except We1webError:
        raise
    except Exception as error:
        ours = translate(error, connection)
        if ours is error:
            raise
        raise ours from error
