"""What every command that talks to a coordinator takes: where it is, who we are, and whether a script reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from we1web.protocol.errors import We1webError

if TYPE_CHECKING:
    from we1web.sdk.client import Client

UUID_CHARS = 36
AsJson = Annotated[bool, Parameter(name="--json", negative="")]


@Parameter(name="*")
@dataclass(frozen=True)
class Connection:
    """Which coordinator, and as whom."""

    url: str | None = None
    """Address of the coordinator; by default WE1WEB_URL, then the one of `we1web login`."""
    token: str | None = None
    """API token; by default WE1WEB_TOKEN (better: other users of this machine cannot see it), then the login."""

    @contextmanager
    def open(self) -> "Iterator[Client]":
        from we1web.sdk.client import Client

        with Client(self.url, self.token) as client:
            yield client


HERE = Connection()


class NoSuchJob(We1webError):
    """No job, or several, begin like that."""

    code = "job_unknown"
    hint = "`we1web jobs` lists them"


def job_id(client: "Client", beginning: str) -> str:
    """A job's whole id from its beginning. Raises NoSuchJob."""
    if len(beginning) == UUID_CHARS:
        return beginning
    found = [job.id for job in client.jobs(limit=1_000) if job.id.startswith(beginning)]
    if len(found) != 1:
        raise NoSuchJob(f"{len(found) or 'no'} jobs begin with {beginning!r}")
    return found[0]
