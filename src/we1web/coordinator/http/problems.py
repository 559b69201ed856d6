"""The one mapping from an error's code to an HTTP answer (RFC 9457).

Must never send a stack trace, nor the value of an input (it may be a secret).
"""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from we1web.protocol.errors import We1webError

MEDIA_TYPE = "application/problem+json"
DEFAULT_STATUS = 400
"""For a refusal whose code is not listed: the caller's fault, and a test tells us to list it."""

STATUS: dict[str, int] = {
    # 400: the request cannot be understood
    "bad_request": 400,
    "bad_body": 400,
    "bad_cursor": 400,
    "bad_frame": 400,
    "webhook_invalid": 400,
    "bad_argument": 422,
    "digest_mismatch": 400,
    # 401, 403: who asks
    "token_missing": 401,
    "token_invalid": 401,
    "token_expired": 401,
    "token_revoked": 401,
    "credentials_invalid": 401,
    "refresh_token_invalid": 401,
    "refresh_token_used": 401,
    "scope_missing": 403,
    "operator_only": 403,
    "local_only": 403,
    "pool_right_missing": 403,
    # 402: money
    "insufficient_funds": 402,
    "debt_outstanding": 402,
    # 404, 405, 406: what is asked for
    "not_found": 404,
    "auth_elsewhere": 404,
    "blob_not_found": 404,
    "pool_key_invalid": 404,
    "method_not_allowed": 405,
    # 408, 413, 415, 422, 428: the content
    "request_timeout": 408,
    "body_too_large": 413,
    "blob_too_large": 413,
    "unsupported_media_type": 415,
    "invalid_request": 422,
    "iban_invalid": 422,
    "currency_mismatch": 422,
    "rail_missing": 422,
    "currency_unknown": 422,
    "rate_missing": 409,
    "rate_stale": 409,
    "email_invalid": 422,
    "weak_password": 422,
    "same_password": 422,
    "profile_invalid": 422,
    "bad_module": 422,
    "module_refused": 422,
    "module_too_large": 422,
    "module_invalid": 422,
    "not_wasm": 422,
    "feature_refused": 422,
    "import_refused": 422,
    "table_too_large": 422,
    "export_missing": 422,
    "export_reserved": 422,
    "memory_above_limit": 422,
    "bad_price": 422,
    "statement_too_long": 422,
    "bad_validator": 422,
    "budget_too_large": 422,
    "bad_program": 422,
    "blob_missing": 422,
    "budget_too_small": 422,
    "no_tasks": 422,
    "payout_below_minimum": 422,
    "below_threshold": 422,
    "rail_currency_unsupported": 422,
    "rail_refused": 422,
    "bad_amount": 422,
    "bad_reference": 422,
    # 409: the state of things does not allow it
    "account_exists": 409,
    "account_busy": 409,
    "account_not_ready": 409,
    "email_taken": 409,
    "idempotency_conflict": 409,
    "job_closed": 409,
    "sequence_conflict": 409,
    "preferences_changed": 409,
    "node_retired": 409,
    "task_not_ended": 409,
    "not_contestable": 409,
    "contest_too_late": 409,
    "already_contested": 409,
    "evidence_gone": 409,
    "pool_name_taken": 409,
    "already_in_pool": 409,
    "pool_full": 409,
    "too_many_nodes": 409,
    "too_many_jobs": 409,
    "too_many_tasks": 409,
    "too_many_tokens": 409,
    "blob_quota": 409,
    "too_many_fundings": 409,
    "not_refundable": 409,
    "already_paid": 409,
    "bank_missing": 409,
    "batch_closed": 409,
    "nothing_to_export": 409,
    "not_returnable": 409,
    "too_many_payouts": 409,
    "rate_changed": 409,
    # 429, 503: not now
    "rate_limited": 429,
    "too_many_contests": 429,
    "unavailable": 503,
    "rail_unavailable": 503,
    "database_lost": 503,
    "database_contended": 503,
    "database_error": 500,
    "ledger_key_reused": 500,
    "internal_error": 500,
}

_HTTP_CODES = {
    400: "bad_body",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "body_too_large",
}
_TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    402: "Not enough money",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timed out",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be processed",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}

_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}


class Problem(BaseModel):
    """The body of every error answer."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    retryable: bool
    request_id: str | None = None


def status_of(error: We1webError) -> int:
    return STATUS.get(error.code, DEFAULT_STATUS)


def respond(
    status: int,
    code: str,
    detail: str,
    *,
    hint: str = "",
    retryable: bool = False,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A problem+json answer."""
    problem = Problem(
        type=f"urn:we1web:error:{code}",
        title=_TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        code=code,
        hint=hint,
        retryable=retryable,
        request_id=structlog.contextvars.get_contextvars().get("request_id"),
    )
    return JSONResponse(problem.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def respond_to(error: We1webError) -> JSONResponse:
    """The answer for an expected error."""
    status = status_of(error)
    headers = _HEADERS.get(status)
    return respond(status, error.code, error.message, hint=error.hint, retryable=error.retryable, headers=headers)


def install(app: FastAPI) -> None:
    """Every way a request can fail ends in one of these."""
    app.add_exception_handler(We1webError, _on_we1web_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)


async def _on_we1web_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, We1webError)
    return respond_to(error)


async def _on_validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return respond(422, "invalid_request", _faults(error.errors()), hint="see /openapi.json for what is accepted")


async def _on_http_exception(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _HTTP_CODES.get(error.status_code, "bad_request")
    headers = dict(error.headers) if error.headers else None
    return respond(error.status_code, code, str(error.detail), headers=headers)


def _faults(errors: Sequence[Any]) -> str:
    """Where and what, for the first few faults; the rejected values stay out of the answer."""
    lines = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in errors[:5]]
    return "; ".join(lines)[:1_000]
