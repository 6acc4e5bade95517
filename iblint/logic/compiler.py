"""The three-valued schema evaluator: a subset of JSON Schema over values that may hold unresolved parts.

The result is TRUE if the schema accepts the value whatever the unresolved parts are, FALSE if it refuses it whatever
they are, else UNKNOWN. On values without
unresolved parts the evaluator agrees with JSON Schema 2020-12, with three exceptions: 2.0 is not an integer, ``$`` in a
pattern matches only at the very end of the text, and a text longer than ``regex.MAX_TEXT`` under a pattern is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.logic import combinators as logic
from iblint.logic import keyword_checks as keywords
from iblint.logic.budget import Budget, RunBudget
from iblint.logic.combinators import Check, Keyword, SchemaFault, Unknowns
from iblint.logic.keyword_arguments import BUILDERS, read_fault
from iblint.logic.kind_checks import of_kind
from iblint.logic.kleene import FALSE, TRUE, UNRESOLVED, Truth
from iblint.logic.schema_node import ANY, KNOWN, Node, Part, Reads, SchemaError, Scope
from iblint.model.path import ROOT, Path, to_pointer
from iblint.model.record import Record, field
from iblint.model.values import Unresolved
from iblint.text.wording import AS_CLAUSE, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "Evaluation",
    "Evaluator",
    "SchemaError",
    "SchemaFault",
    "Truth",
    "compile_schema",
    "conforms",
    "substitute_options",
]

MAX_DEPTH: Final = 64
MAX_NODES: Final = 10_000
"""Subschemas. A ``$ref`` counts as all the subschemas it refers to, so this also bounds the cost of an evaluation."""


class Evaluation(Record, compiled=True):
    """The result of evaluating a value."""

    truth: Truth
    errors: tuple[SchemaFault, ...] = ()
    """If FALSE: every broken keyword, except those below a failing ``anyOf``, ``oneOf`` or ``not``."""
    unknowns: tuple[tuple[Path, Unresolved], ...] = ()
    """If UNKNOWN: the unresolved values that the result depends on, at least one."""


_MET: Final = Evaluation(TRUE)


class Evaluator(Record):
    """A compiled schema."""

    reads: tuple[Path, ...]
    """The smallest set of paths that covers everything the schema reads. A path covers everything below it. A schema
    that reads list items or unnamed properties reads the whole list or mapping; () reads nothing."""
    _check: Check = field(repr=False)

    def evaluate(self, value: Any) -> Evaluation:
        """Evaluate plain data, in which Unresolved may occur anywhere. An ABSENT entry counts as missing.

        Raises TooCostlyError if the evaluation exceeds its budget.
        """
        errors: list[SchemaFault] = []
        unknowns: Unknowns = []
        truth = self._check(value, ROOT, errors, unknowns)
        if truth is TRUE:
            return _MET
        if truth is FALSE:
            return Evaluation(truth, errors=tuple(errors))
        distinct_paths = len({path for path, _ in unknowns}) == len(unknowns)  # cheaper than comparing the values
        return Evaluation(truth, unknowns=tuple(unknowns if distinct_paths else dict.fromkeys(unknowns)))


def compile_schema(schema: Any, *, trusted: bool = False, run: RunBudget | None = None) -> Evaluator:
    """Compile a schema whose options are filled in. ``trusted``: any pattern is allowed, and no budget is kept.

    ``run`` is the budget that the schema shares with others, if it is not trusted.

    Raises SchemaError, with the place in the schema, for anything that the evaluator does not support.
    """
    compiler = _Compiler(schema, trusted, run)
    check = compiler.compile(schema, Scope())
    reads = compiler.reads.paths()
    for name in compiler.definitions.keys() - compiler.used:  # definitions without a reference are validated too
        compiler.compile(compiler.definitions[name], Scope(("$defs", name), value=None, refs=(name,)))
    return Evaluator(reads, check if trusted else compiler.budget.limited_evaluation(check))


def conforms(value: Any, schema: Mapping[str, Any]) -> bool:
    """Return whether a value certainly meets a trusted schema; False also if the evaluator does not support it."""
    try:
        evaluator = compile_schema({k: v for k, v in schema.items() if k not in ("$schema", "$id")}, trusted=True)
    except SchemaError:
        return False
    return evaluator.evaluate(value).truth is TRUE


def substitute_options(schema: Any, options: Mapping[str, Any]) -> Any:
    """Return the schema with every ``{$option: name}`` replaced by the option's value.

    Raises SchemaError for an unknown option.
    """
    return _substitute(schema, options, ROOT)


def _substitute(schema: Any, options: Mapping[str, Any], pointer: Path) -> Any:
    if isinstance(schema, list):
        return [_substitute(item, options, (*pointer, index)) for index, item in enumerate(schema)]
    if not isinstance(schema, dict):
        return schema
    if "$option" not in schema:
        return {key: _substitute(item, options, (*pointer, str(key))) for key, item in schema.items()}
    name = schema["$option"]
    if len(schema) > 1 or not isinstance(name, str):
        raise SchemaError("write an option as {$option: name}, with no other key beside it", to_pointer(pointer))
    if name not in options:
        raise SchemaError(
            f"the rule has no option '{name}'{did_you_mean(name, options, AS_CLAUSE)}", to_pointer(pointer)
        )
    return options[name]


class _Compiler:
    """Compiles one schema: counts its subschemas, and sorts their keywords by the value types they apply to."""

    def __init__(self, schema: Any, trusted: bool, run: RunBudget | None) -> None:
        definitions = schema.get("$defs") if isinstance(schema, dict) else None
        self.definitions: Mapping[str, Any] = definitions if isinstance(definitions, dict) else {}
        self.trusted = trusted
        self.reads = Reads()
        self.budget = Budget(None if trusted else run)
        self.nodes = 0
        self.used: set[str] = set()

    def compile(self, schema: Any, scope: Scope) -> Check:
        """Compile a subschema."""
        self.nodes += 1
        if scope.refs:
            self.used.update(scope.refs)
        if self.nodes > MAX_NODES:
            raise SchemaError(f"more than {MAX_NODES} subschemas, with every $ref expanded")
        if scope.depth > MAX_DEPTH:
            raise SchemaError(f"subschemas are nested more than {MAX_DEPTH} levels deep", to_pointer(scope.pointer))
        if schema is True:
            return logic.always
        if schema is False:
            self.reads.presence(scope.value)
            return logic.never(Keyword("false", False, scope.annotation))
        if not isinstance(schema, dict):
            raise SchemaError("a schema must be a mapping, true or false", to_pointer(scope.pointer))
        node = self._node(schema, scope)
        check = keywords.with_fast_text_path(schema, _combine(self._parts(node), node))
        return check if self.trusted else self.budget.limited(check, schema)

    def _node(self, schema: Mapping[Any, Any], scope: Scope) -> Node:
        node = Node(schema, scope, self.definitions, self.trusted, self.reads, self.compile)
        if "fault" in schema:
            annotation = read_fault(node, schema["fault"])
            node.scope = Scope(scope.pointer, scope.value, annotation, scope.refs, scope.depth)
        return node

    def _parts(self, node: Node) -> list[Part]:
        parts: list[Part] = []
        for keyword, argument in node.schema.items():
            builder = BUILDERS.get(keyword)
            if builder is None:
                raise node.error(_unknown_keyword(keyword))
            if isinstance(argument, dict) and "$option" in argument:
                raise node.error(f"the option '{argument['$option']}' is not filled in", keyword)
            part = builder(node, argument)
            if part is not None:
                parts.append(part)
        return parts


def _combine(parts: list[Part], node: Node) -> Check:
    """Combine the checks of all keywords into one."""
    unresolved = _unresolved(parts, node)
    kinds = parts[0].kinds if parts else ANY
    if len(parts) < 2 or all(part.kinds is kinds for part in parts):
        check = logic.conjunction([part.check for part in parts])
        if kinds is ANY:
            return check if "kind" not in node.schema else logic.for_unresolved(unresolved, check)
        if len(kinds) == 1:
            return logic.for_one_kind(kinds[0], check, unresolved)
        return logic.by_kind(_NO_KEYWORDS | dict.fromkeys(kinds, check) | dict.fromkeys(UNRESOLVED, unresolved))
    checks: dict[type, list[Check]] = {}
    for part in parts:
        for kind in part.kinds:
            checks.setdefault(kind, []).append(part.check)
    combined = {kind: logic.conjunction(each) for kind, each in checks.items()}
    return logic.by_kind(_NO_KEYWORDS | combined | dict.fromkeys(UNRESOLVED, unresolved))


def _unresolved(parts: list[Part], node: Node) -> Check:
    """Return the check of an unresolved value: UNKNOWN for every assertion that its kind does not decide."""
    check = logic.conjunction(list(dict.fromkeys(part.unresolved for part in parts)))
    if "kind" not in node.schema:
        return check
    return of_kind(node.schema["kind"], node.keyword("kind"), check)


_NO_KEYWORDS: dict[type, Check] = dict.fromkeys(KNOWN, logic.always) | dict.fromkeys(UNRESOLVED, logic.needs_value)
"""The checks of value types that no keyword of a schema applies to."""


def _unknown_keyword(keyword: Any) -> str:
    if keyword == "$option":
        return "an option must be filled in before it can be used as a schema"
    return f"unknown keyword '{keyword}'.{did_you_mean(str(keyword), BUILDERS)}"
