"""The OpenAPI document: FastAPI's, with our problem answers in place of its own validation errors. Made once."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from we1web.coordinator.http.problems import MEDIA_TYPE, Problem

_OTHER_ERRORS = "/auth/v1/"
"""Those routes answer errors in GoTrue's own shape."""
_FASTAPI_ERRORS = ("HTTPValidationError", "ValidationError")
_PROBLEM = {
    "description": "A problem (RFC 9457); `code` is stable, `hint` says what to do next.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_GOTRUE_ERROR = {"description": "An error in GoTrue's shape.", "content": {"application/json": {"schema": {}}}}


def operation_id(route: APIRoute) -> str:
    """`jobs_create`: what a generated client calls the operation."""
    return "_".join([*map(str, route.tags[:1]), route.name])


def install(app: FastAPI) -> None:
    """Makes `app` answer /openapi.json with the document below."""
    made = FastAPI.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(made(app))
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _FASTAPI_ERRORS:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    for path, operations in document["paths"].items():
        problem = _GOTRUE_ERROR if path.startswith(_OTHER_ERRORS) else _PROBLEM
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {"4XX": problem, "5XX": problem}
    return document
