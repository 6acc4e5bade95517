"""One schema object while it is compiled: where it stands, what it reads, and how its arguments are validated.

These are no records: a run makes hundreds of them before it judges anything, and the first of a record are slow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType

from iblint.logic.checks import Blame, Check
from iblint.logic.keywords import Pattern
from iblint.logic.kleene import UNRESOLVED
from iblint.model.errors import RulePackError
from iblint.model.path import ROOT, Path, to_pointer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

Kinds = tuple[type, ...]
"""Classes of values; ``object`` stands for what JSON does not have (dates, bytes)."""

STRING: Final[Kinds] = (str,)
NUMBER: Final[Kinds] = (int, float)
MAPPING: Final[Kinds] = (dict,)
LIST: Final[Kinds] = (list,)
KNOWN: Final[Kinds] = (str, int, float, bool, NoneType, dict, list, object)
ANY: Final[Kinds] = (*KNOWN, *UNRESOLVED)


class SchemaError(RulePackError):
    """A schema that the evaluator cannot judge. ``pointer`` is the JSON Pointer of what is wrong in it."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(f"schema, at {pointer}: {message}" if pointer else f"schema: {message}")
        self.reason = message
        self.pointer = pointer


class Scope:
    """Where the compiler is."""

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
        """In the schema."""
        self.value = value
        """In the value that will be judged; None inside of lists and of properties without a name."""
        self.annotation = annotation
        self.refs = refs
        self.depth = depth


class Part:
    """What one keyword comes to: a check for values of some kinds."""

    __slots__ = ("check", "kinds")

    def __init__(self, kinds: Kinds, check: Check) -> None:
        self.kinds = kinds
        self.check = check


class Reads:
    """The paths of the value that a schema looks at."""

    def __init__(self) -> None:
        self._deep: dict[Path, None] = {}
        self._shallow: dict[Path, None] = {}

    def value(self, path: Path | None) -> None:
        """The value at ``path`` is read, with all that is below it."""
        if path is not None:
            self._deep[path] = None

    def presence(self, path: Path | None, *steps: str) -> None:
        """Of the value at ``steps`` below ``path``, only presence or type is read."""
        if path is not None:
            self._shallow[(*path, *steps)] = None

    def paths(self) -> tuple[Path, ...]:
        """The fewest paths that say it all: whoever reads a path meets all that is above and below it."""
        covered: dict[Path, None] = {}
        above: set[Path] = set()
        for path in (*sorted(self._deep, key=len), *sorted(self._shallow, key=len, reverse=True)):
            prefixes = [path[:length] for length in range(len(path) + 1)]
            if path not in above and not any(prefix in covered for prefix in prefixes):
                covered[path] = None
                above.update(prefixes)
        return tuple(covered)


class Node:
    """One schema object, with what the keywords need to compile their arguments."""

    __slots__ = ("compile", "definitions", "noted", "schema", "scope", "trusted")

    def __init__(
        self,
        schema: Mapping[Any, Any],
        scope: Scope,
        definitions: Mapping[str, Any],
        trusted: bool,
        noted: Reads,
        compile: Callable[[Any, Scope], Check],
    ) -> None:
        self.schema = schema
        self.scope = scope
        self.definitions = definitions
        self.trusted = trusted
        self.noted = noted
        self.compile = compile

    def error(self, message: str, *steps: str | int) -> SchemaError:
        """What is wrong at ``steps`` below this schema object."""
        return SchemaError(message, to_pointer((*self.scope.pointer, *steps)))

    def blame(self, keyword: str) -> Blame:
        """The keyword, with its argument and the annotation that holds here."""
        return Blame(keyword, self.schema.get(keyword), self.scope.annotation)

    def child(self, schema: Any, *steps: str | int, value: Path | None = None) -> Check:
        """Compile the subschema at ``steps``, which judges the value at ``value``."""
        scope = self.scope
        pointer = (*scope.pointer, *steps)
        return self.compile(schema, Scope(pointer, value, scope.annotation, scope.refs, scope.depth + 1))

    def branch(self, keyword: str) -> Check:
        """Compile the keyword's subschema, which judges the same value; everything passes when it is not there."""
        return self.child(self.schema.get(keyword, True), keyword, value=self.scope.value)

    def branches(self, keyword: str) -> list[Check]:
        """Compile the keyword's list of subschemas."""
        argument = self.schema[keyword]
        if not isinstance(argument, list) or not argument:
            raise self.error("expected a list of schemas with at least one", keyword)
        return [self.child(schema, keyword, i, value=self.scope.value) for i, schema in enumerate(argument)]

    def reads(self) -> None:
        """Note that the value here is read, with all that is below it."""
        self.noted.value(self.scope.value)

    def looks_at(self, *steps: str) -> None:
        """Note that the presence or the type of the value at ``steps`` is read."""
        self.noted.presence(self.scope.value, *steps)

    def names(self, argument: Any, *steps: str) -> list[str]:
        """A list of property names."""
        if not isinstance(argument, list) or not all(isinstance(name, str) for name in argument):
            raise self.error("expected a list of property names", *steps)
        return list(dict.fromkeys(argument))

    def mapping(self, keyword: str) -> Mapping[str, Any]:
        """The keyword's argument, when it must be a mapping with text for keys; empty when it is not there."""
        argument = self.schema.get(keyword, {})
        if not isinstance(argument, dict) or not all(isinstance(key, str) for key in argument):
            raise self.error("expected a mapping", keyword)
        return argument

    def count(self, keyword: str) -> int:
        """The keyword's argument, when it must be a whole number from 0."""
        argument = self.schema[keyword]
        if not isinstance(argument, int) or isinstance(argument, bool) or argument < 0:
            raise self.error("expected a whole number, 0 or more", keyword)
        return argument

    def pattern(self, text: Any, *steps: str) -> Pattern:
        """A regular expression of the linear-time subset."""
        if not isinstance(text, str):
            raise self.error("expected a regular expression", *steps)
        if not self.trusted:
            try:
                from iblint.logic.regex.limits import check_pattern  # not for the built-in rules

                check_pattern(text)
            except ValueError as refusal:
                raise self.error(f"pattern '{text[:80]}': {refusal}", *steps) from None
        return Pattern(text)
