"""Policies: the data source ``aws_iam_policy_document``, and JSON texts of which parts are not known."""

from __future__ import annotations

import json
from collections.abc import Mapping

from iblint.dialects.shared.decision_tree import Value, lift
from iblint.dialects.terraform.evaluate import Frame
from iblint.dialects.terraform.values import Json, NotKnownError, RefusedError, at, is_unknown, reason_of, wrapped
from iblint.model.values import Choice, Unresolved
from iblint.parse.hcl.body import Block
from iblint.parse.hcl.expressions import Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.scope import Scope

_PRINCIPALS: Mapping[str, Any] = {"principals": {}, "not_principals": {}, "condition": {}}
_BLOCKS: Mapping[str, Any] = {"statement": _PRINCIPALS}
_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_LATER = "it is the text of a policy"


def document(scope: Scope, block: Block, frame: Frame, expression: Expression) -> Value:
    """Return the policy of a data source: its structure is known, its exact text is not."""
    key = ("policy", block.labels[1], frame.instance)
    return scope.remember(key, expression, lambda: _document(scope, block, frame, expression))


def _document(scope: Scope, block: Block, frame: Frame, expression: Expression) -> Value:
    from iblint.dialects.terraform.blocks import content

    members = content(scope, block.body, _BLOCKS, frame)
    statements: list[Value] = []
    statements += _of_documents(members.get("source_json"), members.get("source_policy_documents"))
    statements += _own(members.get("statement"))
    for each in _of_documents(members.get("override_json"), members.get("override_policy_documents")):
        sid = _sid(each)
        statements = [mine for mine in statements if not sid or _sid(mine) != sid]
        statements.append(each)
    structure = Value({"Statement": Value(statements, at(expression))}, at(expression))
    return Value(Json(expression.text, _LATER, structure=structure), at(expression))


def _sid(statement: Value) -> str:
    sid = statement.data.get("Sid") if isinstance(statement.data, dict) else None
    return sid.data if sid is not None and isinstance(sid.data, str) else ""


def _of_documents(*values: Value | None) -> list[Value]:
    """Return the statements of policies that a policy includes."""
    found: list[Value] = []
    for value in values:
        if value is None or value.data is None or value.data == "":
            continue
        for each in value.data if isinstance(value.data, list) else [value]:
            policy = structure_of(each)
            listed = policy.data.get("Statement") if isinstance(policy.data, dict) else policy
            if listed is None:
                continue
            found += listed.data if isinstance(listed.data, list) else [listed]
    return found


def _own(statements: Value | None) -> list[Value]:
    if statements is None:
        return []
    if isinstance(statements.data, Unresolved | Choice):
        return [statements]
    return [_statement(each) for each in statements.data]


def _statement(block: Value) -> Value:
    members: dict[str, Value] = dict(block.data)
    made: dict[str, Value] = {"Effect": members.get("effect") or Value("Allow", block.where)}
    if made["Effect"].data is None:
        made["Effect"] = Value("Allow", block.where)
    if "sid" in members and members["sid"].data is not None:
        made["Sid"] = members["sid"]
    for name, member in _LISTS.items():
        if name in members and members[name].data not in (None, []):
            made[member] = members[name]
    for name, member in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if name in members:
            made[member] = lift(_principals, members[name], expression=name)
    if "condition" in members:
        made["Condition"] = lift(_conditions, members["condition"], expression="condition")
    return Value(made, block.where)


def _principals(blocks: Value) -> Value:
    if not isinstance(blocks.data, list):
        return blocks
    found: dict[str, Value] = {}
    for block in blocks.data:
        kind, names = block.data.get("type"), block.data.get("identifiers")
        if kind is None or names is None or not isinstance(kind.data, str):
            return Value(Unresolved("principals", "the type of a principal is not known"), block.where)
        if kind.data == "*":
            return Value("*", block.where)
        if kind.data in found and not (isinstance(found[kind.data].data, list) and isinstance(names.data, list)):
            return Value(Unresolved("principals", "the principals are not known"), block.where)
        mine = found[kind.data].data if kind.data in found else []
        found[kind.data] = Value([*mine, *names.data], names.where) if isinstance(names.data, list) else names
    return Value(found, blocks.where)


def _conditions(blocks: Value) -> Value:
    if not isinstance(blocks.data, list):
        return blocks
    found: dict[str, Value] = {}
    for number, block in enumerate(blocks.data):
        test, variable, values = (block.data.get(name) for name in ("test", "variable", "values"))
        if test is None or variable is None or values is None:
            continue
        if not isinstance(test.data, str) or not isinstance(variable.data, str):
            found[f"condition {number}"] = Value(Unresolved("condition", "it is not known"), block.where)
            continue
        holder = found.setdefault(test.data, Value({}, block.where))
        holder.data[variable.data] = values
    return Value(found, blocks.where)


def structure_of(value: Value) -> Value:
    """Return what a JSON text holds, as far as it is known; any other value is unresolved."""
    return lift(_structure, value, expression="policy")


def _structure(value: Value) -> Value:
    from iblint.dialects.terraform.functions.encoding import jsondecode

    data = value.data
    if isinstance(data, Json):
        structure: Value = data.structure
        return structure
    text = data.text if isinstance(data, Unresolved) else data
    if isinstance(text, str):
        try:
            parsed = wrapped(jsondecode(text), value.where)
        except (NotKnownError, RefusedError):
            parsed = None
        if parsed is not None:
            return _opened(parsed) if isinstance(data, Unresolved) else parsed
        if isinstance(data, str):
            return Value(Unresolved(json.dumps(data[:80]), "it is not JSON"), value.where)
    if is_unknown(data):
        reason = reason_of(data)
        return Value(data if isinstance(data, Unresolved) else Unresolved("policy", reason), value.where)
    return value


def _opened(value: Value) -> Value:
    """Return a parsed text in which strings with ``${...}`` are unresolved."""
    data = value.data
    if isinstance(data, str) and "${" in data:
        return Value(Unresolved(data, "a part of it is not known", None, data), value.where)
    if isinstance(data, dict):
        if any("${" in key for key in data):
            return Value(Unresolved("policy", "a key in it is not known"), value.where)
        return Value({key: _opened(item) for key, item in data.items()}, value.where)
    return Value([_opened(item) for item in data], value.where) if isinstance(data, list) else value
