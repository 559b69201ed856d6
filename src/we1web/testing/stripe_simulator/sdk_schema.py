"""JSON Schemas out of the type annotations of the installed `stripe` package.

Parameters become closed objects: what the package does not name is unknown to Stripe. Resources become closed objects
as well, with every field required that is not marked optional. Open enumerations (`Literal[...] | str`) are closed:
we neither send nor answer what this version does not know.
"""

import ast
from collections.abc import Iterable
from typing import Any, Literal

from we1web.testing.stripe_simulator import sdk_source
from we1web.testing.stripe_simulator.sdk_source import Name

Schema = dict[str, Any]
Kind = Literal["parameters", "resource"]
REFERENCE = "#/components/schemas/"
PLAIN: dict[str, Schema] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "float": {"type": "number"},
    "Decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "None": {"type": "null"},
}
ANYTHING = {"Any", "object", "StripeObject", "UntypedStripeObject"}
V1_LIST: dict[str, Schema] = {
    "object": {"enum": ["list"]},
    "has_more": {"type": "boolean"},
    "url": {"type": "string"},
}
V2_LIST: dict[str, Schema] = {
    "next_page_url": {"type": ["string", "null"]},
    "previous_page_url": {"type": ["string", "null"]},
}


class Derivation:
    """Schemas of classes, collected in `schemas` under their keys."""

    def __init__(self, expandable: Iterable[str] | None) -> None:
        self.schemas: dict[str, Schema] = {}
        self.unresolved: set[str] = set()
        self._expandable = None if expandable is None else frozenset(expandable)
        """Classes that may stand in place of their ids; None: all of them."""

    def reference(self, name: Name, kind: Kind) -> Schema:
        if name.key not in self.schemas:
            self.schemas[name.key] = {}  # reserved first: classes refer to themselves
            self.schemas[name.key] = self._object(name, kind)
        return {"$ref": REFERENCE + name.key}

    def _object(self, name: Name, kind: Kind) -> Schema:
        properties: dict[str, Schema] = {}
        required: set[str] = set()
        for base in sdk_source.definition(name).bases if kind == "parameters" else ():
            inherited = sdk_source.resolve(name.module, "", ast.unparse(base))
            if inherited:
                schema = self._object(inherited, kind)
                properties.update(schema["properties"])
                required.update(schema["required"])
        for key, annotation in _fields(name):
            schema, optional = self.of(annotation, name, kind)
            properties[key] = schema
            if not optional:
                required.add(key)
        closed = {"additionalProperties": False, "required": sorted(required)}
        return {"type": "object", "properties": properties, **closed}

    def of(self, annotation: ast.expr, within: Name, kind: Kind) -> tuple[Schema, bool]:
        """The schema of an annotation, and whether the field may be absent."""
        match annotation:
            case ast.Constant(value=str(quoted)):
                return self.of(ast.parse(quoted.strip(), mode="eval").body, within, kind)
            case ast.Constant(value=None):
                return PLAIN["None"], False
            case ast.BinOp(op=ast.BitOr()):
                return self._union(_alternatives(annotation), within, kind), False
            case ast.Subscript(value=head, slice=inner):
                return self._generic(ast.unparse(head), inner, within, kind)
        written = ast.unparse(annotation)
        if written in PLAIN:
            return PLAIN[written], False
        if written in ANYTHING:
            return {}, False
        found = sdk_source.resolve(within.module, within.path, written)
        if found:
            return self.reference(found, kind), False
        self.unresolved.add(f"{within.module}:{written}")
        return {}, False

    def _generic(self, head: str, inner: ast.expr, within: Name, kind: Kind) -> tuple[Schema, bool]:
        match head:
            case "NotRequired":
                return self.of(inner, within, kind)[0], True
            case "Optional":
                return {"anyOf": [self.of(inner, within, kind)[0], PLAIN["None"]]}, True
            case "Literal":
                return {"enum": [ast.literal_eval(item) for item in _items(inner)]}, False
            case "List" | "list" | "Sequence":
                return {"type": "array", "items": self.of(inner, within, kind)[0]}, False
            case "Dict" | "dict":
                return _mapping(self.of(_items(inner)[1], within, kind)[0]), False
            case "UntypedStripeObject":
                return _mapping(self.of(inner, within, kind)[0]), False
            case "Union":
                return self._union(_items(inner), within, kind), False
            case "ExpandableField":
                return self._expandable_field(inner, within, kind), False
            case "ListObject":
                return _page(self.of(inner, within, kind)[0], v2=".v2." in within.module), False
        self.unresolved.add(f"{within.module}:{head}")
        return {}, False

    def _union(self, alternatives: Iterable[ast.expr], within: Name, kind: Kind) -> Schema:
        schemas = [self.of(item, within, kind)[0] for item in alternatives]
        if any("enum" in schema for schema in schemas):
            schemas = [schema for schema in schemas if schema != PLAIN["str"]]
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def _expandable_field(self, inner: ast.expr, within: Name, kind: Kind) -> Schema:
        """An id, or the object where we can be asked to expand it."""
        classes = [inner]
        if isinstance(inner, ast.Subscript) and ast.unparse(inner.value) == "Union":
            classes = _items(inner.slice)
        objects = [
            self.of(item, within, kind)[0]
            for item in classes
            if self._expandable is None or ast.unparse(item).strip("'\"") in self._expandable
        ]
        return {"anyOf": [PLAIN["str"], *objects]} if objects else PLAIN["str"]


def _fields(name: Name) -> list[tuple[str, ast.expr]]:
    """The fields of a class as Stripe spells them."""
    node = sdk_source.definition(name)
    reserved = sdk_source.load(name.module).typed_dicts
    fields, spelled = [], {}
    for base in node.bases:
        fields += reserved.get(ast.unparse(base), [])
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=field), annotation=annotation):
                hidden = field.startswith("_") or field == "deleted" or ast.unparse(annotation).startswith("ClassVar")
                if not hidden:
                    fields.append((field, annotation))
            case ast.Assign(targets=[ast.Name(id="_field_remappings")], value=value):
                spelled = {ours: theirs for theirs, ours in ast.literal_eval(value).items()}
    return [(spelled.get(field, field), annotation) for field, annotation in fields]


def _alternatives(annotation: ast.expr) -> list[ast.expr]:
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_alternatives(left), *_alternatives(right)]
    return [annotation]


def _items(inner: ast.expr) -> list[ast.expr]:
    return inner.elts if isinstance(inner, ast.Tuple) else [inner]


def _mapping(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _page(item: Schema, *, v2: bool) -> Schema:
    fields = {"data": {"type": "array", "items": item}, **(V2_LIST if v2 else V1_LIST)}
    required = ["data"] if v2 else sorted(fields)
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}
