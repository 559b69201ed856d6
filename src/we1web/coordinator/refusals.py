"""What the coordinator refuses, as errors with a code. The HTTP status of a code is known to http/problems.py only."""

from we1web.protocol.errors import We1webError


class Refusal(We1webError):
    """A request that is understood and not granted."""

    code = "bad_request"


def not_found(what: str) -> Refusal:
    """For what does not exist and for what is somebody else's: the two must look the same."""
    return Refusal(f"no such {what}", code="not_found", hint="check the id, and that it is yours")
