"""Resources that are only evidence. Most are never read, so they are resolved when a rule reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.dialects.cloudformation.intrinsics import is_function
from iblint.dialects.cloudformation.misplaced import may_hide
from iblint.dialects.cloudformation.properties import CONVENTIONS, name_of
from iblint.dialects.cloudformation.resolver import Resolver
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.shared.places import place_of
from iblint.dialects.shared.request_shape import Spec
from iblint.model.path import Path
from iblint.model.resource import Deferred, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias


class Evidence(Deferred):
    """The properties of a resource, each resolved when it is read, in this or in another process."""

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
        """Return a spec with one property, if the resource has it, or with all properties for None."""
        known = self._known.get(name)
        if known is None:
            keys = [key for key in self._declared.body.get("Properties", {}) if name in (None, name_of(str(key)))]
            known = Spec(CONVENTIONS)
            known.build(self._resolver.properties(self._declared, keys), None)
            self._known[name] = known
        return known


class LazyEvidencePlaces(Mapping[Path, Place]):
    """The places of the properties of a resource."""

    __slots__ = ("_evidence",)

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyEvidencePlaces, (self._evidence,)

    def __getitem__(self, path: Path) -> Place:
        if not path:
            raise KeyError(path)
        return place_of(self._evidence.with_(str(path[0])).places[path])

    def __iter__(self) -> Iterator[Path]:
        return iter(self._evidence.with_(None).places)

    def __len__(self) -> int:
        return len(self._evidence.with_(None).places)


Properties: TypeAlias = "tuple[Mapping[str, Any], Mapping[Path, Place]]"
"""The properties of a resource, and their places."""


def lazy(resolver: Resolver, declared: Declared) -> Properties:
    """Return properties that are resolved when they are read."""
    spec = Evidence(resolver, declared)
    return spec, LazyEvidencePlaces(spec)


def resolve_now(resolver: Resolver, declared: Declared) -> Properties:
    """Return the resolved properties of a resource."""
    spec = Spec(CONVENTIONS)
    spec.build(resolver.properties(declared), None)
    return spec.spec, spec.known_places


def is_open(declared: Declared) -> bool:
    """Return whether a function may add properties to those that are written, or replace them."""
    body = declared.body
    properties = body.get("Properties", {})
    if declared.replaced or not isinstance(properties, dict):
        return True
    return any(map(is_function, body)) or any(map(is_function, properties))


def may_import(template: Template) -> bool:
    """Return whether a value of the template may be an export of another stack."""
    text = template.document.text
    return "ImportValue" in text or "%" in text or may_hide(text)  # tags are escaped with "%"
