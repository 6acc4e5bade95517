"""The modules of a unit: which are roots, and the module instances that each leads to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform import logic
from iblint.dialects.terraform.folder import Folder
from iblint.dialects.terraform.run import Run, folder_of, marked_defaults
from iblint.dialects.terraform.scope import Scope, is_local, source_of
from iblint.model.document import InputError
from iblint.model.values import Unresolved
from iblint.parse.hcl.body import Block
from iblint.parse.hcl.expressions import Expression

MAX_MODULES = 2_000
"""Module instances of one root that are evaluated."""


def roots(run: Run) -> list[Folder]:
    """Return the folders of a unit that are judged as roots, in order.

    Those that hold configurations or lead to some, and that no folder outside them calls.
    """
    paths = sorted({folder_of(document.file) for document in run.unit.documents})
    folders = {path: folder for path in paths if (folder := run.folder(path)) is not None}
    called: set[str] = set()
    for path, folder in folders.items():
        called.update(target for target in _targets(folder) if not _is_below(path, target))
    leading = {path: folder for path, folder in folders.items() if leads_to_configurations(run, folder)}
    found = [folder for path, folder in leading.items() if path not in called]
    # In a circle of calls each folder is called, so all of them are judged by themselves.
    reached = {target for folder in found for target in _reached(run, folder)}
    return found + [folder for path, folder in leading.items() if path in called and path not in reached]


def _targets(folder: Folder) -> Iterator[str]:
    for block in folder.modules.values():
        source = source_of(block)
        if source is not None and is_local(source):
            yield posixpath.normpath(posixpath.join(folder.path, source))


def _is_below(path: str, target: str) -> bool:
    """Return whether a folder is another one or inside it."""
    return path == target or target == "." or path.startswith(f"{target}/")


def _reached(run: Run, folder: Folder) -> frozenset[str]:
    """Return the folders that a folder leads to, itself included."""
    if folder.path not in run.reached:
        run.reached[folder.path] = _reach(run, folder)
    return run.reached[folder.path]


def _reach(run: Run, folder: Folder) -> frozenset[str]:
    found: set[str] = set()
    waiting = [folder.path]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            inner = run.folder(path)
            waiting += [] if inner is None else _targets(inner)
    return frozenset(found)


def leads_to_configurations(run: Run, folder: Folder) -> bool:
    """Return whether a folder has configurations, or calls a module that leads to some."""
    for path in _reached(run, folder):
        inner = run.folder(path)
        if inner is not None and inner.configurations:
            return True
    return False


def instances_below(root: Scope) -> Iterator[Scope]:
    """Yield a root and every module instance that it leads to. Faulty calls are problems of the run."""
    waiting, count = [root], 0
    while waiting:
        scope = waiting.pop()
        count += 1
        if count > MAX_MODULES:
            message = f"The module leads to more than {MAX_MODULES} module instances; the others were not judged."
            _note(root.run, next(iter(root.folder.modules.values())), message)
            return
        yield scope
        below: list[Scope] = []
        for block in scope.folder.modules.values():
            below += _called(scope, block)
        waiting += reversed(below)


def _called(scope: Scope, block: Block) -> list[Scope]:
    source = source_of(block)
    if source is None or not is_local(source):
        return []
    folder = scope.called_folder(block)
    if isinstance(folder, str):
        _note(
            scope.run,
            block,
            f"{folder[:1].upper()}{folder[1:]}, so what it declares was not judged. Correct the source.",
        )
        return []
    if any(folder is each.folder for each in _above(scope)):
        _note(scope.run, block, f"The module '{block.labels[0]}' calls itself, which Terraform refuses.")
        return []
    found: list[Scope] = []
    for instance in scope.instances(block).found:
        exists = together(scope.exists, instance.exists, block)
        address = f"module.{block.labels[0]}{instance.key}"
        child = scope.child(block, address, instance.frame, exists)
        if isinstance(child, str):
            _note(scope.run, block, f"{child[:1].upper()}{child[1:]}, so what it declares was not judged.")
        else:
            child.exists = exists
            found.append(child)
    return found


def _above(scope: Scope | None) -> Iterator[Scope]:
    while scope is not None:
        yield scope
        scope = scope.parent


def together(one: Value | None, other: Value | None, block: Block) -> Value | None:
    """Return whether two things both exist; None if they certainly do."""
    if one is None or other is None:
        return other if one is None else one
    for each in (one, other):
        if isinstance(each.data, Unresolved):
            return each
    made = logic.joined(one, other, stop=False, expression=_expression(block))
    return None if made.data is True else made


def _expression(block: Block) -> Expression:
    attribute = block.body.attributes.get("count") or block.body.attributes.get("for_each")
    if attribute is not None:
        return attribute.expression
    return Expression(block.source, 0, 0)


def zero_by_default(root: Scope) -> frozenset[str]:
    """Return the variables by whose defaults a configuration does not exist at all."""
    found: set[str] = set()
    for scope in instances_below(root):
        for block in scope.folder.configurations:
            instances = scope.instances(block)
            if not instances.found or all(_never(each.exists) for each in instances.found):
                found |= marked_defaults(instances.marks)
        for block in scope.folder.modules.values():
            folder = scope.called_folder(block)
            if isinstance(folder, str) or not leads_to_configurations(scope.run, folder):
                continue
            instances = scope.instances(block)
            if not instances.found:
                found |= marked_defaults(instances.marks)
    return frozenset(found)


def _never(exists: Value | None) -> bool:
    return exists is not None and exists.data is False


def _note(run: Run, block: Block, message: str) -> None:
    span = block.header
    problem = InputError(block.source.file, span.line, span.column, message)
    if problem not in run.problems:
        run.problems.append(problem)
