"""The operations of Stripe that a set of paths names, as one OpenAPI-like document made from the installed package."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

from we1web.testing.stripe_simulator import sdk_source
from we1web.testing.stripe_simulator.sdk_schema import PLAIN, Derivation, Schema
from we1web.testing.stripe_simulator.sdk_source import Name

Operation = tuple[str, str]
"""Method in lower case, and path with placeholders."""

RESOURCES: dict[str, Name] = {
    kind: Name(module, path)
    for kind, module, path in (
        ("account", "stripe._account", "Account"),
        ("account_link", "stripe._account_link", "AccountLink"),
        ("balance", "stripe._balance", "Balance"),
        ("balance_settings", "stripe._balance_settings", "BalanceSettings"),
        ("balance_transaction", "stripe._balance_transaction", "BalanceTransaction"),
        ("charge", "stripe._charge", "Charge"),
        ("checkout.session", "stripe.checkout._session", "Session"),
        ("dispute", "stripe._dispute", "Dispute"),
        ("event", "stripe._event", "Event"),
        ("payment_intent", "stripe._payment_intent", "PaymentIntent"),
        ("payout", "stripe._payout", "Payout"),
        ("refund", "stripe._refund", "Refund"),
        ("transfer", "stripe._transfer", "Transfer"),
        ("transfer_reversal", "stripe._transfer_reversal", "TransferReversal"),
        ("webhook_endpoint", "stripe._webhook_endpoint", "WebhookEndpoint"),
        ("v2.core.account", "stripe.v2.core._account", "Account"),
        ("v2.core.event", "stripe.v2.core._event", "Event"),
        ("v2.core.event_destination", "stripe.v2.core._event_destination", "EventDestination"),
    )
}
EXPANDABLE = (
    "Account", "BalanceTransaction", "Charge", "DisputeResource", "Dispute", "PaymentIntent", "Payout", "Refund",
    "Reversal", "Transfer", "TransferReversal",
)  # fmt: skip
"""Classes that an answer may hold in place of their ids."""


def document(wanted: Iterable[Operation], *, everything_expandable: bool = False) -> dict[str, Any]:
    """The description of these operations. Raises LookupError for one that the package does not have."""
    derivation = Derivation(None if everything_expandable else EXPANDABLE)
    for name in RESOURCES.values():
        derivation.reference(name, "resource")
    paths: dict[str, dict[str, Any]] = {}
    missing = set(wanted)
    for operation, described in _operations(frozenset(missing), derivation):
        method, path = operation
        paths.setdefault(path, {})[method] = described
        missing.discard(operation)
    if missing:
        raise LookupError(f"the installed stripe package has no operations {sorted(missing)}")
    _amend(derivation.schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Derived from the types of the stripe package", "version": api_version()},
        "paths": paths,
        "components": {"schemas": derivation.schemas},
        "x-unresolved": sorted(derivation.unresolved),
    }


def api_version() -> str:
    """The version of Stripe's interface that the package speaks."""
    for node in ast.walk(sdk_source.load("stripe._api_version").tree):
        match node:
            case ast.Assign(targets=[ast.Name(id="CURRENT")], value=ast.Constant(value=str(version))):
                return version
    raise LookupError("the stripe package does not say which version it speaks")


def _amend(schemas: dict[str, Schema]) -> None:
    """What the package keeps in subclasses that it picks at run time: the parts of a thin event beyond its frame."""
    fields = schemas[RESOURCES["v2.core.event"].key]["properties"]
    text = PLAIN["str"]
    fields["data"] = {}
    fields["related_object"] = {
        "type": "object",
        "properties": {"id": text, "type": text, "url": text},
        "required": ["id", "type", "url"],
        "additionalProperties": False,
    }


def _operations(wanted: frozenset[Operation], derivation: Derivation) -> Iterator[tuple[Operation, dict[str, Any]]]:
    beginnings = {path.partition("{")[0].rstrip("/") for _, path in wanted}
    for module, path in sdk_source.service_modules():
        source = path.read_text(encoding="utf-8")
        if any(beginning in source for beginning in beginnings):
            yield from _of_module(module, wanted, derivation)


def _of_module(
    module: str, wanted: frozenset[Operation], derivation: Derivation
) -> Iterator[tuple[Operation, dict[str, Any]]]:
    for service in sdk_source.load(module).classes.values():
        for function in service.body:
            if isinstance(function, ast.FunctionDef):
                for operation in _requests(function):
                    if operation in wanted:
                        yield operation, _described(operation, module, function, derivation)


def _requests(function: ast.FunctionDef) -> Iterator[Operation]:
    """`self._request("post", "/v1/x/{id}".format(...))` → what it asks for."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr="_request"), args=[ast.Constant(value=str(method)), url, *_]):
                match url:
                    case ast.Constant(value=str(path)):
                        yield method, path
                    case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(path)), attr="format")):
                        yield method, path


def _described(operation: Operation, module: str, function: ast.FunctionDef, derivation: Derivation) -> dict[str, Any]:
    method, path = operation
    parameters: Schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    for argument in function.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            quoted = re.search(r"""['"]([\w.]+)['"]""", ast.unparse(argument.annotation))
            found = quoted and sdk_source.resolve(module, "", quoted[1])
            if found:
                parameters = derivation.reference(found, "parameters")
    answer = derivation.of(function.returns, Name(module, ""), "resource")[0] if function.returns else {}
    media = "application/json" if path.startswith("/v2/") else "application/x-www-form-urlencoded"
    described: dict[str, Any] = {"responses": {"200": {"content": {"application/json": {"schema": answer}}}}}
    if method == "post":
        described["requestBody"] = {"content": {media: {"schema": parameters}}}
    else:
        described["x-query"] = parameters
    return described
