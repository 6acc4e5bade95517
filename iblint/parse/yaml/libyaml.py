"""Import PyYAML's parser in C without the rest of PyYAML.

``import yaml`` also imports the parser, resolver and constructor in Python and compiles their patterns, which takes
longer than Python takes to start. The module in C needs a few small modules, and classes for its errors: a temporary
``yaml`` package provides them during the import. Afterwards ``import yaml`` gives the real package, which finds the
module in C under its usual name, with the real error classes in it. If anything is not as expected, the whole of
``yaml`` is imported instead.
"""

from __future__ import annotations

import sys
from _thread import RLock
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


CParser: Any
"""The parser, or None if PyYAML was built without it."""
YAMLError: type[Exception]
ScalarNode: Any
MappingNode: Any

_SMALL = ("error", "tokens", "events", "nodes")
_ERRORS = ("reader", "scanner", "parser", "composer", "constructor", "emitter", "serializer", "representer")
_lock = RLock()


class _StandIn(ModuleType):
    """The temporary ``yaml`` package. If another thread uses it meanwhile, it gets the attributes of the real one."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        with _lock:
            real = import_module("yaml")
        if real is self:
            raise AttributeError(name)
        return getattr(real, name)


class _HandOver(ModuleType):
    """A placeholder under the name of the module in C. The first access replaces it by the module itself."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module.__name__)
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        package = sys.modules["yaml"]
        for small in _SMALL:
            setattr(package, small, sys.modules[f"yaml.{small}"])
        for part in _ERRORS:
            error = f"{part.title()}Error"
            setattr(self._module, error, getattr(import_module(f"yaml.{part}"), error))
        sys.modules[self.__name__] = package._yaml = self._module  # type: ignore[attr-defined]
        return getattr(self._module, name)


def _import_alone() -> ModuleType:
    """Import only the module in C. If that fails, restore ``sys.modules`` and raise the error."""
    spec = PathFinder.find_spec("yaml")
    package = _StandIn("yaml")
    package.__path__ = list((spec and spec.submodule_search_locations) or ())
    before = set(sys.modules)
    sys.modules["yaml"] = package
    try:
        error = import_module("yaml.error").YAMLError
        for small in _SMALL:
            import_module(f"yaml.{small}")
        for part in _ERRORS:
            name = f"{part.title()}Error"
            stand_in = ModuleType(f"yaml.{part}")
            setattr(stand_in, name, type(name, (error,), {}))
            setattr(package, part, stand_in)
        module = import_module("yaml._yaml")
        sys.modules["yaml._yaml"] = _HandOver(module)
    except BaseException:
        for name in set(sys.modules) - before:
            if name.startswith("yaml."):
                del sys.modules[name]
        raise
    finally:
        del sys.modules["yaml"]
        for name in [*_SMALL, *_ERRORS, "_yaml"]:
            vars(package).pop(name, None)
    return module


def _import() -> ModuleType | None:
    if "yaml" not in sys.modules:
        try:
            with _lock:
                return _import_alone()
        except Exception:  # noqa: S110 - the ordinary import below reports it better
            pass
    import_module("yaml")
    try:
        return import_module("yaml._yaml")
    except ImportError:
        return None


_module = _import()
CParser = getattr(_module, "CParser", None)
YAMLError = sys.modules["yaml.error"].YAMLError
ScalarNode = sys.modules["yaml.nodes"].ScalarNode
MappingNode = sys.modules["yaml.nodes"].MappingNode
