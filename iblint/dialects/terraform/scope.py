"""One module instance: its variables, locals and outputs, and what its expressions refer to."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import cached_property

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform import references, variables
from iblint.dialects.terraform.evaluate import TOP, Frame, evaluate
from iblint.dialects.terraform.folder import Folder
from iblint.dialects.terraform.instances import Instances, instances_of
from iblint.dialects.terraform.logic import Tag
from iblint.dialects.terraform.run import Run
from iblint.dialects.terraform.scope_names import renamed
from iblint.dialects.terraform.values import refused, unknown
from iblint.model.resource import Location
from iblint.parse.hcl.body import Block
from iblint.parse.hcl.expressions import Expression, Name, Step

MAX_CALLS = 10
"""Levels of module calls."""


class Scope:
    """A module as it is called: or by itself, if nothing calls it."""

    def __init__(
        self,
        run: Run,
        folder: Folder,
        parent: Scope | None = None,
        call: Block | None = None,
        address: str = "",
        frame: Frame = TOP,
        exists: Value | None = None,
    ) -> None:
        self.run = run
        self.folder = folder
        self.parent = parent
        self.call = call
        """The module block that calls it."""
        self.address = address
        """``module.image["a"].`` with the dot at its end; empty for the root."""
        self.frame = frame
        """The instance of the call."""
        self.exists = exists
        """Whether the call exists, as a tree of booleans; None if it does."""
        self._known: dict[tuple[str, ...], tuple[Value, set[str]]] = {}
        self._open: set[tuple[str, ...]] = set()
        self._instances: dict[int, Instances] = {}
        self._children: dict[tuple[str, str], Scope] = {}

    @property
    def root(self) -> Scope:
        """The module that nothing calls."""
        return self if self.parent is None else self.parent.root

    @property
    def root_path(self) -> str:
        """The folder of the root module, which Terraform runs in."""
        return self.root.folder.path

    @cached_property
    def unit(self) -> str:
        """The scope in which names are looked up: the root module."""
        return self.root.folder.path

    @cached_property
    def depth(self) -> int:
        """The number of calls that lead to it."""
        return 0 if self.parent is None else self.parent.depth + 1

    @cached_property
    def calls(self) -> tuple[Block, ...]:
        """The module blocks that lead to it, outermost first."""
        return () if self.parent is None or self.call is None else (*self.parent.calls, self.call)

    def id_of(self, address: str) -> str:
        """Return the ID of a resource by its address in this module."""
        return f"{self.unit}#{self.address}{address}"

    def tag(self, frame: Frame) -> Tag:
        """Return what distinguishes the undecided conditions of a frame from those of others."""
        prefix = f"{self.address[:-1]}: " if self.address else ""
        return Tag(f"{prefix}{frame.tag}", frame.instance)

    def remember(self, key: tuple[str, ...], expression: Expression, make: Callable[[], Value]) -> Value:
        """Return a value that is made once, unless it depends on itself."""
        if key in self._known:
            value, marks = self._known[key]
            self.run.marks |= marks
            return value
        if key in self._open:
            return refused(expression, f"'{'.'.join(key)}' depends on itself")
        self._open.add(key)
        try:
            self._known[key] = self.run.marked(make)
        finally:
            self._open.discard(key)
        return self._known[key][0]

    def refer(self, root: Name, steps: tuple[Step, ...], frame: Frame) -> tuple[Value, tuple[Step, ...]]:
        """Return what a reference names, and the steps that are left to apply to it."""
        return references.refer(self, root, steps, frame)

    def variable(self, name: str, expression: Expression) -> Value:
        """Return the value of a variable."""
        return variables.value_of(self, name, expression)

    def local(self, name: str, expression: Expression) -> Value:
        """Return the value of a local."""
        attribute = self.folder.locals.get(name)
        if attribute is None:
            return unknown(expression, f"the module has no local '{name}'")
        return self.remember(("local", name), expression, lambda: evaluate(self, attribute.expression))

    def output(self, name: str, expression: Expression) -> Value:
        """Return the value of an output."""
        block = self.folder.outputs.get(name)
        attribute = None if block is None else block.body.attributes.get("value")
        if attribute is None:
            return unknown(expression, f"the module has no output '{name}'")
        value = self.remember(("output", name), expression, lambda: evaluate(self, attribute.expression))
        return renamed(value, expression.text)

    def instances(self, block: Block) -> Instances:
        """Return the instances of a resource, data source or module call."""
        if id(block) not in self._instances:
            self._instances[id(block)] = instances_of(self, block)
        found = self._instances[id(block)]
        self.run.marks |= found.marks
        return found

    def child(self, block: Block, address: str, frame: Frame, exists: Value | None) -> Scope | str:
        """Return the module that a block calls, as one of its instances; or why it is not known, as a clause."""
        key = (block.labels[0], address)
        if key not in self._children:
            found = self.called_folder(block)
            if isinstance(found, str):
                return found
            if self.depth >= MAX_CALLS:
                return f"modules are called through more than {MAX_CALLS} levels"
            self._children[key] = Scope(self.run, found, self, block, f"{self.address}{address}.", frame, exists)
        return self._children[key]

    def called_folder(self, block: Block) -> Folder | str:
        """Return the folder that a module block calls, or why it is not known."""
        name = block.labels[0]
        source = source_of(block)
        if source is None:
            return f"the source of the module '{name}' is not known"
        if not is_local(source):
            return f"the module '{name}' comes from {source}"
        folder = self.run.folder(posixpath.normpath(posixpath.join(self.folder.path, source)))
        return f"the folder {source} of the module '{name}' cannot be read" if folder is None else folder

    def argument(self, name: str) -> Expression | None:
        """Return the argument of the call for a variable, if the call has one."""
        attribute = None if self.call is None else self.call.body.attributes.get(name)
        return None if attribute is None else attribute.expression

    def related(self) -> tuple[Location, ...]:
        """Return the module blocks that lead here, as related locations."""
        return tuple(
            Location(block.source.file, block.header, f"module '{block.labels[0]}' is called here")
            for block in reversed(self.calls)
        )


def source_of(block: Block) -> str | None:
    """Return the source of a module block if it is a literal."""
    attribute = block.body.attributes.get("source")
    value = None if attribute is None else getattr(attribute.expression, "value", None)
    return value if isinstance(value, str) else None


def is_local(source: str) -> bool:
    """Return whether the source of a module is a folder beside the module that calls it."""
    return source.startswith(("./", "../"))
