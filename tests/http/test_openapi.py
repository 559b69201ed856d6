"""The OpenAPI document is true: generated requests never meet a 5xx, and answers are what it says (schemathesis)."""

import asyncio
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.http.conftest import Person, Site

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
"""For each operation; the seed is fixed, so a failure comes again."""


async def test_generated_requests_never_meet_a_5xx(site: Site, requester: Person) -> None:
    tried = await asyncio.to_thread(fuzz, site.url, requester.http.headers["Authorization"])
    assert tried > 100


def fuzz(url: str, authorization: str) -> int:
    """Tries every operation; the number of requests sent."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    headers = {"Authorization": authorization}
    return sum(fuzz_operation(found.ok(), headers) for found in schema.get_all_operations())


def fuzz_operation(operation: Any, headers: dict[str, str]) -> int:
    tried = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        nonlocal tried
        tried += 1
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=20)

    ask()
    return tried


async def test_the_document_describes_every_route_and_its_problems(site: Site) -> None:
    async with site.client() as stranger:
        document = (await stranger.get("/openapi.json")).json()
    wanted = {
        "/api/auth/register",
        "/api/auth/login",
        "/api/auth/session",
        "/api/nodes/register",
        "/api/nodes/my-nodes",
        "/api/nodes/{node_id}/status",
        "/api/tasks/create",
        "/api/tasks/{task_id}",
        "/api/payments/earnings",
        "/api/jobs",
        "/api/jobs/{job_id}/results",
        "/api/blobs/{digest}",
        "/api/network",
        "/livez",
        "/readyz",
        "/metrics",
    }
    assert wanted <= document["paths"].keys()
    create = document["paths"]["/api/jobs"]["post"]
    assert "application/problem+json" in create["responses"]["4XX"]["content"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert any(p["name"] == "idempotency-key" for p in create["parameters"])
