"""Compares the derived description with what Stripe itself has published: example resources, an older description.

The published files lie in a folder of the user's and are read only. What Stripe changed in between (fields that came
or went, values of enumerations) is counted; only types that contradict each other are errors.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from we1web.protocol.errors import We1webError
from we1web.testing.stripe_simulator import operations
from we1web.testing.stripe_simulator.checking import checker
from we1web.testing.stripe_simulator.operation import OPERATIONS
from we1web.testing.stripe_simulator.refusing import StripeRefusal
from we1web.testing.stripe_simulator.sdk_operations import RESOURCES, document
from we1web.testing.stripe_simulator.sdk_schema import REFERENCE, Schema

assert operations.__all__, "importing the operations registers them"
MAX_DEPTH = 4
LABEL = re.compile(r"\{[^}]+\}")


class NothingToCompare(We1webError):
    """The folder holds no file of Stripe's."""

    code = "nothing_to_compare"
    hint = "the folder should hold fixtures-*.json or openapi-*.json as Stripe publishes them"


@dataclass
class Findings:
    """Figures, and what contradicts."""

    fixtures: int = 0
    operations: int = 0
    properties: int = 0
    enumerations: int = 0
    newer_fields: int = 0
    """Only in the installed package."""
    older_fields: int = 0
    """Only in what was published."""
    dropped_values: int = 0
    requests: int = 0
    type_errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        return asdict(self) | {"type_errors": len(self.type_errors)}


def compare(folder: Path, requests: Path | None = None) -> Findings:
    """Everything that can be compared with the files of a folder. Raises NothingToCompare, ValueError, OSError."""
    fixtures, descriptions = sorted(folder.glob("fixtures-*.json")), sorted(folder.glob("openapi-*.json"))
    if not fixtures and not descriptions:
        raise NothingToCompare(f"{folder} holds nothing that Stripe published")
    ours, findings = document(OPERATIONS, everything_expandable=True), Findings()
    published = [json.loads(path.read_text(encoding="utf-8")) for path in descriptions]
    for path in fixtures:
        found = json.loads(path.read_text(encoding="utf-8"))
        _fixtures(found.get("resources", found), ours, findings)
    for theirs in published:
        _description(theirs, ours, findings)
    if requests is not None:
        _requests(requests.read_text(encoding="utf-8").splitlines(), published, findings)
    return findings


def _fixtures(resources: dict[str, Any], ours: dict[str, Any], findings: Findings) -> None:
    lax = {"schemas": {name: _lax(schema) for name, schema in ours["components"]["schemas"].items()}}
    for kind, name in RESOURCES.items():
        if kind not in resources:
            continue
        findings.fixtures += 1
        validator = Draft202012Validator({"$ref": REFERENCE + name.key, "components": lax})
        for error in validator.iter_errors(resources[kind]):
            where = "/".join(map(str, error.absolute_path))
            findings.type_errors.append(f"fixture {kind} {where}: {error.message[:200]}")
        known = ours["components"]["schemas"][name.key]["properties"]
        findings.older_fields += len(set(resources[kind]) - set(known))


def _lax(schema: Any) -> Any:
    """A schema that checks types and values, not which fields are there."""
    match schema:
        case dict():
            fields = {key: _lax(value) for key, value in schema.items() if key != "required" or isinstance(value, dict)}
            return {key: value for key, value in fields.items() if key != "additionalProperties" or value is not False}
        case list():
            return [_lax(item) for item in schema]
    return schema


# --- an older description ---------------------------------------------------------------------------------------------


def _description(theirs: dict[str, Any], ours: dict[str, Any], findings: Findings) -> None:
    older = {LABEL.sub("{}", path): of for path, of in theirs["paths"].items()}
    for path, of in ours["paths"].items():
        for method, operation in of.items():
            other = older.get(LABEL.sub("{}", path), {}).get(method)
            if other is None:
                continue
            findings.operations += 1
            comparison = _Comparison(ours, theirs, findings, f"{method.upper()} {path}")
            comparison.walk(_asked(operation), _asked(other))
            comparison.walk(_answered(operation), _answered(other))


def _asked(operation: dict[str, Any]) -> Schema:
    if "requestBody" in operation:
        return dict(next(iter(operation["requestBody"]["content"].values()))["schema"])
    if "x-query" in operation:
        return dict(operation["x-query"])
    query = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    return {"type": "object", "properties": {parameter["name"]: parameter["schema"] for parameter in query}}


def _answered(operation: dict[str, Any]) -> Schema:
    return dict(operation["responses"]["200"]["content"]["application/json"]["schema"])


@dataclass(frozen=True)
class _Comparison:
    """Two descriptions of one operation, walked side by side."""

    ours: dict[str, Any]
    theirs: dict[str, Any]
    findings: Findings
    where: str

    def walk(self, mine: Schema, other: Schema, path: str = "", depth: int = 0) -> None:
        mine_fields, other_fields = _fields(self.ours, mine), _fields(self.theirs, other)
        self.findings.newer_fields += len(mine_fields.keys() - other_fields.keys())
        self.findings.older_fields += len(other_fields.keys() - mine_fields.keys())
        for name in sorted(mine_fields.keys() & other_fields.keys()):
            self._field(mine_fields[name], other_fields[name], f"{path}/{name}", depth)

    def _field(self, mine: Schema, other: Schema, path: str, depth: int) -> None:
        self.findings.properties += 1
        ours, theirs = _kinds(self.ours, mine), _kinds(self.theirs, other)
        if ours and theirs and not ours & theirs:
            told = f"{sorted(ours)}, Stripe published {sorted(theirs)}"
            self.findings.type_errors.append(f"{self.where}{path}: the package says {told}")
            return
        values, published = _values(self.ours, mine), _values(self.theirs, other)
        if values and published:
            self.findings.enumerations += 1
            self.findings.dropped_values += len(published - values)
        if depth < MAX_DEPTH:
            self.walk(_item(self.ours, mine), _item(self.theirs, other), path, depth + 1)


def _followed(described: dict[str, Any], schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = described["components"]["schemas"].get(schema["$ref"].rpartition("/")[2], {})
    return schema


def _options(described: dict[str, Any], schema: Schema) -> list[Schema]:
    schema = _followed(described, schema)
    if "anyOf" not in schema:
        return [schema]
    return [option for inner in schema["anyOf"] for option in _options(described, inner)]


def _kinds(described: dict[str, Any], schema: Schema) -> set[str]:
    """The types a value may have; empty when anything goes."""
    kinds: set[str] = set()
    for option in _options(described, schema):
        if "enum" in option:
            kinds.update("string" if isinstance(value, str) else "boolean" for value in option["enum"])
        elif "type" in option:
            kinds.update([option["type"]] if isinstance(option["type"], str) else option["type"])
        else:
            return set()
    return {"number" if kind == "integer" else kind for kind in kinds - {"null"}}


def _values(described: dict[str, Any], schema: Schema) -> set[str]:
    found = (option.get("enum", []) for option in _options(described, schema))
    return {value for values in found for value in values if value not in ("", None)}


def _fields(described: dict[str, Any], schema: Schema) -> dict[str, Schema]:
    for option in _options(described, schema):
        if option.get("properties"):
            return dict(option["properties"])
    return {}


def _item(described: dict[str, Any], schema: Schema) -> Schema:
    """What an array holds; of anything else, itself."""
    for option in _options(described, schema):
        if option.get("type") == "array":
            return dict(option.get("items", {}))
    return schema


# --- recorded requests ------------------------------------------------------------------------------------------------


def _requests(lines: Iterable[str], published: list[dict[str, Any]], findings: Findings) -> None:
    """Requests as the simulator recorded them, against the derived description and the published ones."""
    ours = checker(frozenset(OPERATIONS))
    for number, line in enumerate(lines, 1):
        request = json.loads(line)
        findings.requests += 1
        label = f"request {number}, {request['method'].upper()} {request['path']}"
        found = ours.find(request["method"], request["path"])
        if found is None:
            findings.type_errors.append(f"{label}: no such operation")
            continue
        try:
            ours.refuse_unless_valid(found[0], request["parameters"])
        except StripeRefusal as refusal:
            findings.type_errors.append(f"{label}: {refusal}")
        for theirs in published:
            findings.type_errors += [f"{label}: {told}" for told in _against(theirs, found[0].operation, request)]


def _against(theirs: dict[str, Any], operation: tuple[str, str], request: dict[str, Any]) -> list[str]:
    method, path = operation
    older = {LABEL.sub("{}", named): of for named, of in theirs["paths"].items()}
    other = older.get(LABEL.sub("{}", path), {}).get(method)
    if other is None:
        return []
    schema = _lax(_asked(other)) | {"components": _lax(theirs["components"])}
    return [
        f"published: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(request["parameters"])
    ]
