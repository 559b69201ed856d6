"""Checks requests and answers against the derived description, and makes the smallest object it allows.

A wrong request is refused with Stripe's error shape; a wrong answer is a bug of ours and is told as a list of problems.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from we1web.testing.stripe_simulator.refusing import StripeRefusal, malformed
from we1web.testing.stripe_simulator.sdk_operations import RESOURCES, Operation, document
from we1web.testing.stripe_simulator.sdk_schema import REFERENCE, Schema

BASE = "urn:stripe"
MAX_PROBLEMS = 5
TEXT = {"type": "string"}


@dataclass(frozen=True)
class Route:
    """An operation that the description has, and what it takes and gives."""

    operation: Operation
    pattern: re.Pattern[str]
    parameters: Schema
    answer: Schema


class Checker:
    """The description of a set of operations, compiled."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.version: str = described["info"]["version"]
        self._schemas: dict[str, Schema] = described["components"]["schemas"]
        resource = DRAFT202012.create_resource(described)
        registry: Registry[Any] = Registry().with_resource(BASE, resource)
        self._registry = registry
        self._validators: dict[int, tuple[Schema, Draft202012Validator]] = {}
        routes = [
            _route(path, method, operation)
            for path, of in described["paths"].items()
            for method, operation in of.items()
        ]
        self._routes = sorted(routes, key=lambda route: route.operation[1].count("{"))

    def find(self, method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
        """The operation of a request, and the ids in its path."""
        for route in self._routes:
            matched = route.pattern.fullmatch(path)
            if matched and route.operation[0] == method:
                return route, matched.groups()
        return None

    def typed(self, tree: Any, schema: Schema) -> Any:
        """A decoded form with the types that the schema asks for; what does not fit stays text, to be refused."""
        schema = self._followed(schema)
        options = [self._followed(option) for option in schema.get("anyOf", [schema])]
        if isinstance(tree, dict):
            return self._typed_tree(tree, options)
        types = {option.get("type") for option in options}
        if "integer" in types and re.fullmatch(r"-?\d{1,18}", tree):
            return int(tree)
        if "number" in types and re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", tree):
            return float(tree)
        if "boolean" in types and tree in ("true", "false"):
            return tree == "true"
        return tree

    def _typed_tree(self, tree: dict[str, Any], options: list[Schema]) -> Any:
        for option in options:
            if option.get("type") == "array" and all(key.isdigit() for key in tree):
                return [self.typed(tree[key], option["items"]) for key in sorted(tree, key=int)]
        for option in options:
            if option.get("type") == "object":
                named, others = option.get("properties", {}), option.get("additionalProperties")
                other = others if isinstance(others, dict) else {}
                return {key: self.typed(value, named.get(key, other)) for key, value in tree.items()}
        return {key: self.typed(value, {}) for key, value in tree.items()}

    def refuse_unless_valid(self, route: Route, parameters: Any) -> None:
        """Raises StripeRefusal."""
        for error in self._validator(route.parameters).iter_errors(parameters):
            raise _refusal(error)

    def problems(self, schema: Schema, answer: Any) -> list[str]:
        """What is wrong with an answer of ours."""
        found = []
        for whole in self._validator(schema).iter_errors(answer):
            error = _deepest(whole)
            found.append(f"{'/'.join(map(str, error.absolute_path)) or 'answer'}: {error.message[:200]}")
            if len(found) == MAX_PROBLEMS:
                break
        return found

    def resource_problems(self, kind: str, body: Any) -> list[str]:
        return self.problems(_of(kind), body)

    def blank(self, kind: str) -> dict[str, Any]:
        """The smallest object of a kind: what is required with empty values, what may be null as null."""
        schema = self._followed(_of(kind))
        made: dict[str, Any] = self._smallest(schema)
        for name, field in schema["properties"].items():
            if name not in made and {"type": "null"} in field.get("anyOf", []):
                made[name] = None
        return made

    def _smallest(self, schema: Schema) -> Any:
        schema = self._followed(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if "anyOf" in schema:
            return None if {"type": "null"} in schema["anyOf"] else self._smallest(schema["anyOf"][0])
        if schema.get("type") == "object":
            return {name: self._smallest(schema["properties"][name]) for name in schema.get("required", ())}
        empty: dict[str, Any] = {"array": [], "integer": 0, "number": 0, "boolean": False, "string": ""}
        value = empty.get(str(schema.get("type")))
        return value.copy() if isinstance(value, list) else value

    def _followed(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def _validator(self, schema: Schema) -> Draft202012Validator:
        """Kept with its schema, whose identity is the key."""
        known = self._validators.get(id(schema))
        if known is None:
            known = (schema, Draft202012Validator(_absolute(schema), registry=self._registry))
            self._validators[id(schema)] = known
        return known[1]


@cache
def checker(operations: frozenset[Operation]) -> Checker:
    """One for each set of operations: deriving it takes a second."""
    return Checker(document(operations))


@cache
def _of(kind: str) -> Schema:
    return {"$ref": REFERENCE + RESOURCES[kind].key}


def _absolute(schema: Any) -> Any:
    match schema:
        case {"$ref": str(reference), **rest} if reference.startswith("#"):
            return {"$ref": BASE + reference, **rest}
        case dict():
            return {key: _absolute(value) for key, value in schema.items()}
        case list():
            return [_absolute(item) for item in schema]
    return schema


def _route(path: str, method: str, described: dict[str, Any]) -> Route:
    pattern = re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path)))
    if method == "post":
        parameters = next(iter(described["requestBody"]["content"].values()))["schema"]
    else:
        parameters = described["x-query"]
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]
    return Route((method, path), pattern, parameters, answer)


def _spelled(path: Iterable[Any]) -> str:
    first, *rest = [*map(str, path)] or [""]
    return first + "".join(f"[{step}]" for step in rest)


def _deepest(error: ValidationError) -> ValidationError:
    """Of alternatives that all failed, what is wrong with the one that came furthest."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return error


def _refusal(error: ValidationError) -> StripeRefusal:
    """The first thing that is wrong with a request, as Stripe would tell it."""
    error = _deepest(error)
    at = list(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            name = _spelled([*at, next(key for key in error.instance if key not in known)])
            return malformed(f"Received unknown parameter: {name}", "parameter_unknown", name)
        case "required":
            name = _spelled([*at, next(key for key in error.validator_value if key not in error.instance)])
            return malformed(f"Missing required param: {name}.", "parameter_missing", name)
        case "type":
            name, wanted = _spelled(at), error.validator_value
            return malformed(f"Invalid {wanted}: {str(error.instance)[:100]}", f"parameter_invalid_{wanted}", name)
    return malformed(f"Invalid {_spelled(at)}: {error.message[:200]}", None, _spelled(at))
