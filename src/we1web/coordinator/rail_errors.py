"""What asking a payment rail can end in beside success. The difference decides who has the money: must never blur.

Every rail (Stripe, a bank by hand) answers with these two, so that callers need not know which one they talk to.
"""

from we1web.protocol.errors import We1webError


class RailUnavailable(We1webError):
    """The rail did not answer, or asked us to come again: whether it did what was asked is unclear. Ask again later
    with the same idempotency key, or look up what became of it; never put the money back because of this."""

    code = "rail_unavailable"
    hint = "the payment provider does not answer; nothing is lost, and it is tried again"
    retryable = True


class RailRefusal(We1webError):
    """The rail certainly did not do it, and says why (`reason`, a code of its own)."""

    code = "rail_refused"
    hint = "the payment provider says why; correct it, or use another way"

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason
