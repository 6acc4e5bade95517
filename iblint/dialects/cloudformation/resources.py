"""Extract the resources of a template: its infrastructure configurations, and the evidence for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from iblint.dialects.cloudformation.evidence import is_open, lazy, may_import, resolve_now
from iblint.dialects.cloudformation.macros import has_macro
from iblint.dialects.cloudformation.metadata import construct_of, directives_of
from iblint.dialects.cloudformation.misplaced import may_hide, misplaced_configurations
from iblint.dialects.cloudformation.parameter_variants import variants_of
from iblint.dialects.cloudformation.properties import CONVENTIONS
from iblint.dialects.cloudformation.requirements import named_by
from iblint.dialects.cloudformation.resolver import MAYBE, Resolver
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.directives import attach
from iblint.dialects.shared.extraction import Deployment, Extraction, within_bounds
from iblint.dialects.shared.request_shape import Spec, request_shape
from iblint.model.document import Document, InputError
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.resource import ALWAYS, INFRASTRUCTURE_CONFIGURATION, Directive, Place, Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIALECT = "cloudformation"

_OURS = "AWS::ImageBuilder::"
_CONFIGURATION = _OURS + INFRASTRUCTURE_CONFIGURATION
_EVIDENCE = frozenset(
    f"AWS::{name}"
    for name in (
        *("ImageBuilder::ImagePipeline", "ImageBuilder::Image", "ImageBuilder::ContainerRecipe"),
        *("ImageBuilder::ImageRecipe", "ImageBuilder::Component"),
        *("SNS::Topic", "SNS::TopicPolicy", "KMS::Key", "KMS::Alias"),
        *("IAM::InstanceProfile", "IAM::Role", "IAM::Policy", "IAM::RolePolicy", "IAM::ManagedPolicy"),
        *("EC2::SecurityGroup", "EC2::SecurityGroupIngress", "EC2::Subnet", "EC2::VPC"),
        "S3::Bucket",
    )
)
"""Types of the other resources that rules read. The last word is their kind."""

MAX_CONDITIONS = 20_000
"""Conditions of evidence times configurations of a template that are followed. Evidence beyond is not certain."""

_USERS = frozenset({_OURS + "ImagePipeline", _OURS + "Image"})
"""Types that are resolved at once, because every configuration is linked to them."""


def read_template(document: Document, deployment: Deployment, *, whole: bool) -> Extraction:
    """Return the configurations of a template, the resources that are evidence for them, and the exports.

    A template without a resource of Image Builder gives nothing unless ``whole`` is set.
    """
    if "ForEach" in document.text or may_hide(document.text):
        from iblint.dialects.cloudformation.loops import expand_loops, with_items  # few templates have loops

        expanded = expand_loops(document, deployment)
        if expanded is not document:
            return with_items(expanded, _read(Template(expanded), deployment, whole=whole, looped=True))
    return _read(Template(document), deployment, whole=whole)


def _read(template: Template, deployment: Deployment, *, whole: bool, looped: bool = False) -> Extraction:
    """Return what a template gives. ``looped``: whether it has expanded loops."""
    document = template.document
    if not whole and not any(declared.type.startswith(_OURS) for declared in template.resources):
        return Extraction((), misplaced_configurations(document, looped=looped))
    resolver = Resolver(template, deployment)
    declarations = [declared for declared in template.resources if declared.type == _CONFIGURATION]
    configurations, surplus = within_bounds(document, declarations, lambda declared: declared.place.value)
    attached = attach(document, [declared.lines for declared in configurations])
    judged = {id(declared.body) for declared in declarations}
    misplaced = misplaced_configurations(document, judged, looped=looped)
    problems = [*surplus, *misplaced, *attached.problems]
    conditions = _conditions_of_evidence(template, len(configurations))
    resources: list[Resource] = []
    for declared, comments in zip(configurations, attached.directives, strict=True):
        directives, wrong = directives_of(template, declared)
        problems += wrong
        malformed = _malformed(template, declared)
        if malformed is not None:
            problems.append(malformed)
        else:
            made = _configuration(template, resolver, declared, (*comments, *directives), conditions)
            variants = variants_of(template, deployment, declared, made.spec, resolver.work)
            resources.append(replace(made, variants=variants))
    deviating = any(resource.existence.deviating for resource in resources)
    resources += _evidence(template, resolver, deviating=deviating)
    resources += _exports(template, resolver)
    problems += resolver.work.problems(document)
    document.spans.forget()
    return Extraction(tuple(resources), tuple(problems))


def _malformed(template: Template, declared: Declared) -> InputError | None:
    """Return the error if the properties of a configuration cannot be judged, else None."""
    properties = declared.body.get("Properties", {})
    if not isinstance(properties, list | str | int | float | None):
        return None
    span = template.place(declared.body, "Properties").value
    message = (
        f"The properties of '{declared.logical_id}' are not a mapping; the configuration was not judged. "
        "Write 'Name: ...' and the other properties below 'Properties:'."
    )
    return InputError(template.document.file, span.line, span.column, message)


def _configuration(
    template: Template,
    resolver: Resolver,
    declared: Declared,
    directives: tuple[Directive, ...],
    conditions: Collection[str],
) -> Resource:
    spec = Spec(CONVENTIONS)
    spec.build(resolver.properties(declared), request_shape())
    rest: dict[str, Any] = {"spelling": spec.spelling, "directives": directives, "construct": construct_of(declared)}
    if conditions or "Condition" in declared.body or declared.optional or declared.replaced:
        rest["existence"] = resolver.existence_with(_condition_of(declared), conditions)
    return _made(template, declared.logical_id, declared.type, declared.place, spec.spec, spec.known_places, **rest)


def _condition_of(declared: Declared) -> Any:
    """Return what decides whether a resource exists: the name of a condition, None, or anything else if not known."""
    return MAYBE if declared.optional or declared.replaced else declared.body.get("Condition")


def _conditions_of_evidence(template: Template, configurations: int) -> tuple[str, ...]:
    """Return the conditions of the resources that are evidence, as many as are followed."""
    found = [declared.body.get("Condition") for declared in template.resources if declared.type in _EVIDENCE]
    names = dict.fromkeys(name for name in found if isinstance(name, str))
    return tuple(names)[: MAX_CONDITIONS // max(configurations, 1)]


def _evidence(template: Template, resolver: Resolver, *, deviating: bool) -> Iterator[Resource]:
    """Yield the other resources that rules read, which are not configurations.

    ``deviating``: whether a configuration exists only with other parameters than the known ones.
    """
    imports = may_import(template)
    for declared in template.resources:
        if declared.type in _EVIDENCE:
            at_once = imports or declared.type in _USERS or is_open(declared)
            spec, places = (resolve_now if at_once else lazy)(resolver, declared)
            rest: dict[str, Any] = {"construct": construct_of(declared)}
            if "Condition" in declared.body or declared.optional or declared.replaced:
                rest["existence"] = resolver.existence(_condition_of(declared))
            if deviating:
                names = frozenset(named_by(template, declared.body.get("Properties")))
                rest["existence"] = replace(rest.get("existence", ALWAYS), names=names)
            yield _made(template, declared.logical_id, declared.type, declared.place, spec, places, **rest)


def _exports(template: Template, resolver: Resolver) -> Iterator[Resource]:
    """Yield the exports of the stack: kind Export, with ``name`` and ``value``."""
    outputs = template.section("Outputs")
    resolver.loops = {}
    for key, output in outputs.items():
        export = output.get("Export") if isinstance(output, dict) else None
        if isinstance(export, dict) and "Name" in export and "Value" in output:
            place = template.place(outputs, key)
            members = {"Name": resolver.child(export, "Name"), "Value": resolver.child(output, "Value")}
            spec = Spec(CONVENTIONS)
            spec.build(Value(members, place), None)
            replaced = template.replaced or has_macro(outputs) or has_macro(output) or has_macro(export)
            existence = resolver.existence(MAYBE if replaced else output.get("Condition"))
            address = f"Outputs/{key}"
            yield _made(template, address, "Export", place, spec.spec, spec.known_places, existence=existence)


def _made(
    template: Template,
    address: str,
    type: str,
    place: Place,
    spec: Mapping[str, Any],
    places: Mapping[Path, Place],
    **rest: Any,
) -> Resource:
    return Resource(
        id=template.id_of(address),
        kind=type.rpartition("::")[2],
        dialect=DIALECT,
        origin="cloudformation",
        file=template.document.file,
        address=address,
        span=place.key or place.value,
        spec=spec,
        places=places,
        within=template.document.within,
        **rest,
    )
