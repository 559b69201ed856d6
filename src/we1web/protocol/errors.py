"""The one tree of expected errors: a code, a sentence, a hint what to do next, and whether retrying helps."""


class We1webError(Exception):
    """Base of every error this project raises on purpose.

    Attributes: `code` (stable, snake_case), `message`, `hint` (what to do next), `retryable`.
    """

    code = "error"
    hint = ""
    retryable = False

    def __init__(
        self, message: str, *, code: str | None = None, hint: str | None = None, retryable: bool | None = None
    ):
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if hint is not None:
            self.hint = hint
        if retryable is not None:
            self.retryable = retryable

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class ProtocolError(We1webError):
    """The peer broke a rule of spec/protocol.md."""

    code = "protocol_error"


class FrameError(ProtocolError):
    """A frame that is too large, malformed or of an unknown type."""

    code = "bad_frame"
