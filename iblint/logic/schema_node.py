"""One schema object during compilation: its position, what it reads, and the validation of its arguments.

These classes are not Records: a run makes hundreds of them at its start, and they are faster to make this way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType

from iblint.logic.combinators import Check, Keyword, needs_value
from iblint.logic.kleene import UNRESOLVED
from iblint.logic.regex import Pattern
from iblint.model.errors import RulePackError
from iblint.model.path import ROOT, Path, to_pointer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

Kinds = tuple[type, ...]
"""Value types; ``object`` is any type that JSON does not have (dates, bytes)."""

STRING: Final[Kinds] = (str,)
NUMBER: Final[Kinds] = (int, float)
MAPPING: Final[Kinds] = (dict,)
LIST: Final[Kinds] = (list,)
KNOWN: Final[Kinds] = (str, int, float, bool, NoneType, dict, list, object)
ANY: Final[Kinds] = (*KNOWN, *UNRESOLVED)


class SchemaError(RulePackError):
    """A schema that the evaluator does not support. ``pointer`` is the JSON Pointer of the fault in the schema."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(f"schema, at {pointer}: {message}" if pointer else f"schema: {message}")
        self.reason = message
        self.pointer = pointer


class Scope:
    """The position of the compiler."""

    __slots__ = ("annotation", "depth", "pointer", "refs", "value")

    def __init__(
        self,
        pointer: Path = ROOT,
        value: Path | None = ROOT,
        annotation: Mapping[str, Any] | None = None,
        refs: tuple[str, ...] = (),
        depth: int = 0,
    ) -> None:
        self.pointer = pointer
        """The position in the schema."""
        self.value = value
        """The position in the value; None inside lists and unnamed properties."""
        self.annotation = annotation
        """The innermost ``fault:`` annotation."""
        self.refs = refs
        """The names in ``$defs`` that are being expanded."""
        self.depth = depth


class Part:
    """A compiled keyword: the check, the value types it applies to, and the check of an unresolved value."""

    __slots__ = ("check", "kinds", "unresolved")

    def __init__(self, kinds: Kinds, check: Check, unresolved: Check | None = None) -> None:
        self.kinds = kinds
        self.check = check
        self.unresolved: Check = unresolved or (check if kinds is ANY else needs_value)


class Reads:
    """Collects the paths of the value that a schema reads."""

    def __init__(self) -> None:
        self._deep: dict[Path, None] = {}
        self._shallow: dict[Path, None] = {}

    def value(self, path: Path | None) -> None:
        """Add the value at ``path``, with everything below it."""
        if path is not None:
            self._deep[path] = None

    def presence(self, path: Path | None, *steps: str) -> None:
        """Add the value at ``steps`` below ``path``, of which only the presence or type is read."""
        if path is not None:
            self._shallow[(*path, *steps)] = None

    def paths(self) -> tuple[Path, ...]:
        """Return the smallest set of paths that covers all: a path covers what is above and below it."""
        covered: dict[Path, None] = {}
        above: set[Path] = set()
        for path in (*sorted(self._deep, key=len), *sorted(self._shallow, key=len, reverse=True)):
            prefixes = [path[:length] for length in range(len(path) + 1)]
            if path not in above and not any(prefix in covered for prefix in prefixes):
                covered[path] = None
                above.update(prefixes)
        return tuple(covered)


class Node:
    """One schema object, with the context that its keywords need to compile their arguments."""

    __slots__ = ("_reads", "compile", "definitions", "schema", "scope", "trusted")

    def __init__(
        self,
        schema: Mapping[Any, Any],
        scope: Scope,
        definitions: Mapping[str, Any],
        trusted: bool,
        reads: Reads,
        compile: Callable[[Any, Scope], Check],
    ) -> None:
        self.schema = schema
        self.scope = scope
        self.definitions = definitions
        self.trusted = trusted
        self._reads = reads
        self.compile = compile

    def error(self, message: str, *steps: str | int) -> SchemaError:
        """Return the error for the fault at ``steps`` below this schema object."""
        return SchemaError(message, to_pointer((*self.scope.pointer, *steps)))

    def keyword(self, name: str) -> Keyword:
        """Return a keyword of this schema object, for the faults of its check."""
        return Keyword(name, self.schema.get(name), self.scope.annotation)

    def child(self, schema: Any, *steps: str | int, value: Path | None = None) -> Check:
        """Compile the subschema at ``steps``, which judges the value at ``value``."""
        scope = self.scope
        pointer = (*scope.pointer, *steps)
        return self.compile(schema, Scope(pointer, value, scope.annotation, scope.refs, scope.depth + 1))

    def branch(self, keyword: str) -> Check:
        """Compile the keyword's subschema, which judges the same value. A missing one accepts everything."""
        return self.child(self.schema.get(keyword, True), keyword, value=self.scope.value)

    def branches(self, keyword: str) -> list[Check]:
        """Compile the keyword's list of subschemas, which judge the same value."""
        argument = self.schema[keyword]
        if not isinstance(argument, list) or not argument:
            raise self.error("expected a list of at least one schema", keyword)
        return [self.child(schema, keyword, i, value=self.scope.value) for i, schema in enumerate(argument)]

    def reads_value(self) -> None:
        """Record that the value at this position is read, with everything below it."""
        self._reads.value(self.scope.value)

    def reads_presence(self, *steps: str) -> None:
        """Record that the presence or the type of the value at ``steps`` is read."""
        self._reads.presence(self.scope.value, *steps)

    def names(self, argument: Any, *steps: str) -> list[str]:
        """Validate a list of property names."""
        if not isinstance(argument, list) or not all(isinstance(name, str) for name in argument):
            raise self.error("expected a list of property names", *steps)
        return list(dict.fromkeys(argument))

    def mapping(self, keyword: str) -> Mapping[str, Any]:
        """Return the keyword's argument, which must be a mapping with strings as keys; empty if it is missing."""
        argument = self.schema.get(keyword, {})
        if not isinstance(argument, dict) or not all(isinstance(key, str) for key in argument):
            raise self.error("expected a mapping", keyword)
        return argument

    def count(self, keyword: str) -> int:
        """Return the keyword's argument, which must be a whole number, 0 or more."""
        argument = self.schema[keyword]
        if not isinstance(argument, int) or isinstance(argument, bool) or argument < 0:
            raise self.error("expected a whole number, 0 or more", keyword)
        return argument

    def pattern(self, text: Any, *steps: str) -> Pattern:
        """Validate a regular expression: outside the built-in rules only the linear-time subset is allowed."""
        if not isinstance(text, str):
            raise self.error("expected a regular expression", *steps)
        if not self.trusted:
            from iblint.logic.regex.limits import check_pattern  # not needed for built-in rules

            try:
                check_pattern(text)
            except ValueError as error:
                raise self.error(f"pattern '{text[:80]}': {error}", *steps) from None
        return Pattern(text)
