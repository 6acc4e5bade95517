"""Resources that are evidence only: most are never looked at, so they are resolved when a rule does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.dialects.cloudformation.intrinsics import is_function
from iblint.dialects.cloudformation.misplaced import may_hide
from iblint.dialects.cloudformation.resolver import Resolver
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.shared.places import place_of
from iblint.dialects.shared.shape import Spec, name_of
from iblint.model.path import Path
from iblint.model.resource import Deferred, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias


class Evidence(Deferred):
    """The properties of a resource, each resolved when it is asked for, here or in another process."""

    __slots__ = ("_declared", "_known", "_resolver")

    def __init__(self, resolver: Resolver, declared: Declared) -> None:
        self._resolver = resolver
        self._declared = declared
        self._known: dict[str | None, Spec] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Evidence, (self._resolver, self._declared)

    def __getitem__(self, name: str) -> Any:
        return self.with_(name).spec[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.with_(None).spec)

    def __len__(self) -> int:
        return len(self.with_(None).spec)

    def with_(self, name: str | None) -> Spec:
        """A spec that holds one property, if there is such, or all for None."""
        known = self._known.get(name)
        if known is None:
            keys = [key for key in self._declared.body.get("Properties", {}) if name in (None, name_of(str(key)))]
            known = Spec()
            known.build(self._resolver.properties(self._declared, keys), None)
            self._known[name] = known
        return known


class EvidencePlaces(Mapping[Path, Place]):
    """Where the properties of a resource stand."""

    __slots__ = ("_evidence",)

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def __reduce__(self) -> tuple[Any, ...]:
        return EvidencePlaces, (self._evidence,)

    def __getitem__(self, path: Path) -> Place:
        if not path:
            raise KeyError(path)
        return place_of(self._evidence.with_(str(path[0])).places[path])

    def __iter__(self) -> Iterator[Path]:
        return iter(self._evidence.with_(None).places)

    def __len__(self) -> int:
        return len(self._evidence.with_(None).places)


Made: TypeAlias = "tuple[Mapping[str, Any], Mapping[Path, Place]]"
"""The properties of a resource, and where they stand."""


def waiting(resolver: Resolver, declared: Declared) -> Made:
    """A resource that is resolved when it is looked at."""
    spec = Evidence(resolver, declared)
    return spec, EvidencePlaces(spec)


def resolved(resolver: Resolver, declared: Declared) -> Made:
    """A resource that is resolved now."""
    spec = Spec()
    spec.build(resolver.properties(declared), None)
    return spec.spec, spec.known_places


def is_open(declared: Declared) -> bool:
    """Whether the properties of a resource may be more than the mapping that is written."""
    body = declared.body
    properties = body.get("Properties", {})
    return not isinstance(properties, dict) or any(map(is_function, body)) or any(map(is_function, properties))


def may_import(template: Template) -> bool:
    """Whether a value of the template may be an export of another stack."""
    text = template.document.text
    return "ImportValue" in text or "%" in text or may_hide(text)  # tags are escaped with "%"
