"""Extract the resources of a unit: infrastructure configurations, and the evidence for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iblint.dialects.shared.decision_tree import Value, assume_all
from iblint.dialects.shared.directives import attach as attach_directives
from iblint.dialects.shared.extraction import MAX_CONFIGURATIONS, Deployment, Extraction, Unit
from iblint.dialects.shared.request_shape import request_shape
from iblint.dialects.terraform import aws, awscc, logic
from iblint.dialects.terraform.attachments import Found, attach, group_rules
from iblint.dialects.terraform.blocks import BlockAt, argument, content
from iblint.dialects.terraform.folder import Folder
from iblint.dialects.terraform.instances import Instance
from iblint.dialects.terraform.modules import instances_below, roots, together, zero_by_default
from iblint.dialects.terraform.references import provider_of, region_of
from iblint.dialects.terraform.run import MAX_STEPS, Run, folder_of
from iblint.dialects.terraform.scope import Scope
from iblint.dialects.terraform.shape import spec_of
from iblint.dialects.terraform.siblings import ATTACHMENTS, AWSCC, SIBLINGS, arguments_of, properties_of
from iblint.dialects.terraform.variables import from_elsewhere
from iblint.model.document import InputError, NotJudged
from iblint.model.record import Record
from iblint.model.resource import ALWAYS, INFRASTRUCTURE_CONFIGURATION, Directive, Existence, Resource
from iblint.model.values import Choice, Option, Unresolved
from iblint.parse.hcl.body import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIALECT = "terraform"

_MENTION = "imagebuilder_infrastructure_configuration"
_RULES = {"aws_security_group_rule", "aws_vpc_security_group_ingress_rule"}


def read_modules(unit: Unit, deployment: Deployment) -> Extraction:
    """Return the resources of all root modules of a unit."""
    first = Run(unit, deployment)
    resources: list[Resource] = []
    problems: dict[InputError, None] = {}
    texts: dict[str, str] = {}
    for folder in roots(first):
        run = Run(unit, deployment, first=first)
        root = Scope(run, run.folder(folder.path) or folder)
        opened = zero_by_default(root)
        if opened:
            run = Run(unit, deployment, opened, first)
            root = Scope(run, run.folder(folder.path) or folder)
        resources += _Root(root).resources()
        if run.is_over:
            run.problems.append(_too_much(root.folder))
        problems.update(dict.fromkeys(run.problems))
        texts.update(run.texts)
    problems.update(dict.fromkeys(first.problems))
    texts.update(first.texts)
    problems.update(dict.fromkeys(_problems_of_others(first, resources)))
    problems.update(dict.fromkeys(_templates(first)))
    return Extraction(tuple(resources), tuple(problems), tuple(_not_read(first, problems)), texts)


def _problems_of_others(run: Run, resources: Sequence[Resource]) -> Iterator[InputError]:
    """Yield what is wrong with files that mention a configuration, although nothing in their folder was judged."""
    judged = {folder_of(resource.file) for resource in resources}
    for document in run.unit.documents:
        path = folder_of(document.file)
        if path not in judged and _MENTION in document.text:
            folder = run.folder(path)
            yield from () if folder is None else folder.problems


def _too_much(folder: Folder) -> InputError:
    file = folder.documents[0].file
    message = (
        f"Evaluating the module takes more than {MAX_STEPS} steps; from some value on they count as unknown. "
        "Split the module."
    )
    return InputError(file, 1, 1, message)


_TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"
_STACKS = ("aws_cloudformation_stack", "aws_cloudformation_stack_set", "awscc_cloudformation_stack")


def _templates(run: Run) -> Iterator[InputError]:
    """Yield the templates in strings that declare a configuration: they are not judged."""
    for path in dict.fromkeys([folder_of(document.file) for document in run.unit.documents if _TYPE in document.text]):
        folder = run.folder(path)
        for (type, name), block in () if folder is None else folder.resources.items():
            attribute = block.body.attributes.get("template_body")
            if type not in _STACKS or attribute is None:
                continue
            expression = attribute.expression
            if _TYPE in expression.source.cut(expression.start, expression.end):
                span = attribute.key_span
                message = (
                    f"The template of '{type}.{name}' declares an infrastructure configuration, and iblint does not "
                    "read templates in strings of Terraform; it was not judged. Put it into a file of its own."
                )
                yield InputError(block.source.file, span.line, span.column, message)


def _not_read(run: Run, problems: Iterable[InputError]) -> Iterator[NotJudged]:
    """Yield what makes a configuration in another way than its resource: Cloud Control, a command, a template."""
    said = {(problem.file, problem.line) for problem in problems}
    for document in run.unit.documents:
        folder = run.folder(folder_of(document.file))
        if document.syntax != "hcl" or folder is None or "nfrastructure" not in document.text:
            continue
        from iblint.dialects.shared.programs import find_in_program  # few files mention one

        spans = [block.header for block in folder.configurations if block.source.file == document.file]
        attributes = (block.body.attributes.get("template_body") for block in folder.resources.values())
        spans += [a.expression.span for a in attributes if a is not None and a.source.file == document.file]
        read = {line for span in spans for line in range(span.line, span.end_line + 1)}
        for entry in find_in_program(document.file, document.text.encode("utf-8", "replace"), "terraform"):
            if entry.line not in read and (entry.file, entry.line) not in said:
                yield entry


class _Made(Record, eq=False):
    """A configuration block with one of its instances."""

    scope: Scope
    block: Block
    instance: Instance

    @property
    def address(self) -> str:
        """Its address in its module."""
        return f"{'.'.join(self.block.labels)}{self.instance.key}"


class _Root:
    """One root module: the resources of all module instances that it leads to."""

    def __init__(self, root: Scope) -> None:
        self.root = root
        self.run = root.run
        self.scopes = list(instances_below(root))

    def resources(self) -> list[Resource]:
        """Return the configurations, then the evidence for them."""
        directives = self._directives()
        made = [each for scope in self.scopes for each in _instances(scope)]
        if len(made) > MAX_CONFIGURATIONS:
            span, file = made[MAX_CONFIGURATIONS].block.header, made[MAX_CONFIGURATIONS].block.source.file
            message = f"The module has more than {MAX_CONFIGURATIONS} configurations; the others were not judged."
            self.run.problems.append(InputError(file, span.line, span.column, message))
        configurations = [self._configuration(each, directives) for each in made[:MAX_CONFIGURATIONS]]
        return [*configurations, *self._evidence()] if configurations else []

    def _directives(self) -> Mapping[tuple[str, int, int], tuple[Directive, ...]]:
        """Return the directives of each block of a configuration or call, by file and place of the block."""
        found: dict[tuple[str, int, int], tuple[Directive, ...]] = {}
        folders = {scope.folder.path: scope.folder for scope in self.scopes}
        for folder in folders.values():
            self.run.problems += folder.problems
            blocks = [*folder.configurations, *folder.modules.values()]
            for document in folder.documents:
                own = [block for block in blocks if block.source.file == document.file]
                if document.syntax != "hcl" or not own:
                    continue
                lines = [range(block.header.line, block.span.end_line + 1) for block in own]
                attached = attach_directives(document, lines)
                self.run.problems += attached.problems
                for block, directives in zip(own, attached.directives, strict=True):
                    found[_key(block)] = directives
        return found

    def _configuration(self, made: _Made, directives: Mapping[Any, tuple[Directive, ...]]) -> Resource:
        scope, block, frame = made.scope, made.block, made.instance.frame
        exists = together(scope.exists, made.instance.exists, block)
        labels = {} if exists is None else logic.labels_of(exists)
        provider = awscc if block.labels[0] == awscc.TYPE else aws
        arguments = content(scope, block.body, provider.BLOCKS, frame)
        is_aws = provider is aws
        members = aws.request(arguments, _default_tags(scope, block)) if is_aws else awscc.request(arguments)
        if labels:
            members = {name: assume_all(value, labels) for name, value in members.items()}
        spec = spec_of(members, BlockAt(block), request_shape())
        declared = [d for each in (block, *reversed(scope.calls)) for d in directives.get(_key(each), ())]
        return Resource(
            id=scope.id_of(made.address),
            kind=INFRASTRUCTURE_CONFIGURATION,
            dialect=DIALECT,
            origin="cloudformation" if provider is awscc else "terraform",
            file=block.source.file,
            address=f"{scope.address}{made.address}",
            span=block.header,
            spec=spec.spec,
            places=spec.known_places,
            directives=tuple(dict.fromkeys(declared)),
            spelling=spec.spelling,
            related=scope.related(),
            existence=_existence(exists, labels),
            unit=scope.unit,
            region=region_of(scope, block, frame),
        )

    def _evidence(self) -> Iterator[Resource]:
        found: list[tuple[Found, Scope, Block, str]] = []
        added: list[tuple[str, dict[str, Value], Value | None, Scope, Block, str]] = []
        for scope in self.scopes:
            for block in scope.folder.resources.values():
                type = block.labels[0]
                if type not in SIBLINGS and type not in AWSCC and type not in ATTACHMENTS:
                    continue
                for instance in scope.instances(block).found:
                    exists = together(scope.exists, instance.exists, block)
                    if exists is not None and exists.data is False:
                        continue
                    address = f"{'.'.join(block.labels)}{instance.key}"
                    arguments = arguments_of(scope, block, instance.frame)
                    if type in ATTACHMENTS:
                        added.append((type, arguments, exists, scope, block, address))
                    else:
                        properties = properties_of(type, arguments)
                        found.append((Found(type, scope.id_of(address), properties, exists), scope, block, address))
        listed = [each for each, *_ in found]
        for type, arguments, exists, scope, block, address in added:
            if type in _RULES:
                for number, rule in enumerate(group_rules(type, arguments)):
                    suffix = f"/{number}" if number else ""
                    one = Found(type, scope.id_of(address), rule, exists)
                    yield self._sibling(one, scope, block, f"{address}{suffix}", "SecurityGroupIngress")
            else:
                attach(listed, type, arguments, exists)
        for each, scope, block, address in found:
            kind = AWSCC.get(each.type) or SIBLINGS[each.type].kind
            yield self._sibling(each, scope, block, address, kind)

    def _sibling(self, found: Found, scope: Scope, block: Block, address: str, kind: str) -> Resource:
        spec = spec_of(found.properties, BlockAt(block))
        return Resource(
            id=scope.id_of(address),
            kind=kind,
            dialect=DIALECT,
            origin="terraform",
            file=block.source.file,
            address=f"{scope.address}{address}",
            span=block.header,
            spec=spec.spec,
            places=spec.known_places,
            existence=_existence(found.exists, {}),
            unit=scope.unit,
        )


def _key(block: Block) -> tuple[str, int, int]:
    span = block.header
    return block.source.file, span.line, span.column


def _instances(scope: Scope) -> Iterator[_Made]:
    for block in scope.folder.configurations:
        for instance in scope.instances(block).found:
            exists = together(scope.exists, instance.exists, block)
            if exists is None or exists.data is not False:
                yield _Made(scope, block, instance)


def _existence(exists: Value | None, labels: Mapping[str, str]) -> Existence:
    if exists is None:
        return ALWAYS
    return Existence(None, _holds(exists), labels=labels)


def _holds(exists: Value) -> Any:
    """Return a tree of booleans without the places of its values."""
    data = exists.data
    if isinstance(data, Choice):
        options = tuple(Option(option.label, _holds(option.value)) for option in data.options)
        return Choice(data.variable, options, data.expression)
    return data if isinstance(data, bool) else Unresolved("count", "it is not certain that the resource exists")


def _default_tags(scope: Scope, block: Block) -> Value | None:
    """Return the tags that the provider gives every resource; None if it gives none."""
    found = provider_of(scope, block)
    if found is None:
        return None
    owner, provider = found
    for inner in provider.body.blocks_of("default_tags"):
        attribute = inner.body.attributes.get("tags")
        if attribute is not None:
            value = argument(owner, attribute, owner.frame)
            return from_elsewhere(value, "default_tags of the provider")
    return None
