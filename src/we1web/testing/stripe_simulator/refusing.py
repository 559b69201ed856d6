"""Stripe's errors, in the shape and with the codes that its package understands."""

from typing import Any


class StripeRefusal(Exception):
    """An error answer. `kept`: it happened while the operation ran, so an idempotency key remembers it."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        reason: str | None = None,
        param: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        kept: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.kept = kept
        said = {"type": kind, "code": reason, "message": message, "param": param}
        self.body: dict[str, Any] = {"error": {name: value for name, value in said.items() if value is not None}}


def invalid(message: str, reason: str | None = None, param: str | None = None, status: int = 400) -> StripeRefusal:
    """The operation looked at the request and said no."""
    return StripeRefusal(status, "invalid_request_error", message, reason, param)


def malformed(message: str, reason: str | None = None, param: str | None = None, status: int = 400) -> StripeRefusal:
    """Refused before the operation began: the same idempotency key may be used again."""
    return StripeRefusal(status, "invalid_request_error", message, reason, param, kept=False)


def no_such(kind: str, id_: str, param: str = "id", status: int = 404) -> StripeRefusal:
    return invalid(f"No such {kind}: '{id_}'", "resource_missing", param, status)
