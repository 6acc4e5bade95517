"""The forms of other tools that hold a request: a table of how each is recognised and what its members are.

Where a form says for certain what is sent, its members are judged. Otherwise it is a problem that says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from iblint.dialects.request.evidence import MEMBERS, Members, Weight, answered_arn, fold, is_arn, weigh
from iblint.model.errors import ParseError
from iblint.model.path import Path
from iblint.model.record import Record, replace
from iblint.model.resource import Origin
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Form(Record):
    """A request in the form of another tool. Without members and problem it declares nothing that is judged here."""

    name: str = ""
    """What it is, for the address: "Step Functions task"."""
    members: Mapping[Any, Any] | None = None
    """The members of the request, as they are written."""
    steps: Path = ()
    """Path of the members, or of the problem, below the mapping."""
    problem: str = ""
    origin: Origin = "api"
    capitals: bool = False
    """Whether the members are in PascalCase, as in CloudFormation."""
    is_update: bool = False
    without: frozenset[str] = frozenset()
    """Keys that the tool does not send."""
    unknown: Mapping[str, str] = {}
    """Member -> why its value is not known, if it is not written: the tool makes a name."""
    has_references: bool = False
    """Whether ``nameRef`` and ``nameSelector`` name objects that have the value of the member ``name``."""
    is_text: bool = False
    """Whether the members are JSON in a string, so that they have no places of their own."""
    region: str | None = None
    is_summary: bool = False
    """Whether it lacks most of the members, so that it is not judged."""


CLAIMED = Form()
"""A form that another dialect reads, or that declares nothing."""


def find_form(data: dict[Any, Any], path: Path, weight: Weight) -> Form | None:
    """Return the form of another tool that a mapping has; None if it has none."""
    for key, read in _BY_KEY.items():
        if key in data:
            form = read(data, path, weight)
            if form is not None:
                return form
    for key, value in data.items():
        if isinstance(key, str) and key.endswith(_MODULE):
            return _ansible_module(key, value)
    return None


def is_other(data: dict[Any, Any]) -> bool:
    """Return whether a mapping records what happened or exists, so that what it holds declares no configuration."""
    if any(signs <= data.keys() for signs in _RECORDS):
        return True
    inner = data.get("infrastructureConfiguration")
    return isinstance(inner, dict) and answered_arn(inner) is not None and not _OF_IMAGES.isdisjoint(data)


_RECORDS = (
    frozenset({"eventName", "eventSource"}),  # CloudTrail
    frozenset({"detail-type", "source"}),  # EventBridge
    frozenset({"resourceType", "configurationItemStatus"}),  # AWS Config
    frozenset({"resourceType", "configurationItemCaptureTime"}),
    frozenset({"operations", "shapes"}),  # a service model
    frozenset({"urn", "inputs", "type"}),  # the state of Pulumi
)

_OF_IMAGES = frozenset({"imageRecipe", "containerRecipe", "outputResources", "imageTestsConfiguration"})
"""Members of an image, which has a configuration too."""

_TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"
_TERRAFORM = ("aws_imagebuilder_infrastructure_configuration", "awscc_imagebuilder_infrastructure_configuration")
_MODULE = "imagebuilder_infrastructure_configuration"
_PULUMI = re.compile(
    r"(?P<provider>aws|aws-native):imagebuilder(/infrastructureConfiguration)?:InfrastructureConfiguration"
)
_UPBOUND = re.compile(r"imagebuilder\.aws(\.m)?\.upbound\.io/")
_TASK = re.compile(r"arn:[\w-]+:states:::aws-sdk:imagebuilder:(?P<verb>create|update)InfrastructureConfiguration\b")
_TARGET = re.compile(r"arn:[\w-]+:scheduler:::aws-sdk:imagebuilder:(create|update)InfrastructureConfiguration")
_API = {"createinfrastructureconfiguration": False, "updateinfrastructureconfiguration": True}

_ANSWER = "Judge the answer of get-infrastructure-configuration or the request that is sent, or exclude the file."


def _problem(name: str, why: str, steps: Path = ()) -> Form:
    message = f"This {name} declares an infrastructure configuration, but was not judged: {why} {_ANSWER}"
    return Form(name, steps=steps, problem=message)


def _text(value: Any) -> str:
    while isinstance(value, Tagged):
        value = value.value
    return value.strip() if isinstance(value, str) else ""


def _in_capitals(name: str, members: Mapping[Any, Any], steps: Path, **rest: Any) -> Form:
    """Return a form with members in PascalCase. In another spelling it is not certain what the tool does with them."""
    wrong = _not_in_capitals(members, MEMBERS)
    if wrong is not None:
        path, right = wrong
        return _problem(name, f"its member '{path[-1]}' has to be '{right}'.", (*steps, *path))
    return Form(name, members, steps, capitals=True, **rest)


def _not_in_capitals(members: Mapping[Any, Any], names: Members) -> tuple[Path, str] | None:
    """Return the path of the first member that is not in PascalCase, and its right name."""
    for key, value in members.items():
        member = names.meant(key.removesuffix(".$") if isinstance(key, str) else key)
        if member is None:
            continue
        right = member[0].upper() + member[1:]
        if key.removesuffix(".$") != right:
            return (key,), right
        inner = names[member]
        wrong = _not_in_capitals(value, inner) if inner is not None and isinstance(value, dict) else None
        if wrong is not None:
            return (key, *wrong[0]), wrong[1]
    return None


def _cloud_control(data: dict[Any, Any], _path: Path, _weight: Weight) -> Form | None:
    if _text(data["TypeName"]) != _TYPE:
        return None
    name = "Cloud Control request"
    if "PatchDocument" in data:
        return _problem(name, "a patch says only what it changes.", ("PatchDocument",))
    described = data.get("ResourceDescription")
    if isinstance(described, dict) and "Properties" in described:
        return _properties(name, described["Properties"], ("ResourceDescription", "Properties"))
    if "DesiredState" in data:
        return _properties(name, data["DesiredState"], ("DesiredState",))
    return None if "ResourceDescriptions" in data else CLAIMED


def _described(data: dict[Any, Any], _path: Path, _weight: Weight) -> Form | None:
    """Return the properties of one resource in an answer of Cloud Control. A list may give the ARN alone."""
    if not is_arn(data["Identifier"]) or "Properties" not in data:
        return None
    form = _properties("Cloud Control answer", data["Properties"], ("Properties",))
    return replace(form, is_summary=form.members is not None and form.members.keys() <= {"Arn", "Name"})


def _properties(name: str, value: Any, steps: Path) -> Form:
    """Return the properties of a Cloud Control request: a mapping, or JSON in a string."""
    is_text = isinstance(value, str)
    if is_text:
        from iblint.parse.json import fast as json  # few documents are Cloud Control requests

        try:
            value = json.parse(value).data
        except ParseError as error:
            return _problem(name, f"its string is not JSON ({error.message.rstrip('.')}).", steps)
    if not isinstance(value, dict):
        return _problem(name, f"its {steps[-1]} is not a mapping.", steps)
    without = frozenset({"Arn"})
    form = _in_capitals(name, value, steps, origin="cloudformation", is_text=is_text, without=without)
    return form if not (form.problem and is_text) else Form(name, steps=steps, problem=form.problem)


def _task(data: dict[Any, Any], _path: Path, _weight: Weight) -> Form | None:
    match = _TASK.match(_text(data["Resource"]))
    if match is None:
        return None
    name = "Step Functions task"
    for key in ("Arguments", "Parameters"):
        if isinstance(data.get(key), dict):
            return _in_capitals(name, data[key], (key,), is_update=match["verb"] == "update")
    return _problem(name, "its members come from the input of the state.", ("Resource",))


def _scheduler_target(data: dict[Any, Any], _path: Path, _weight: Weight) -> Form | None:
    if _TARGET.match(_text(data["Arn"])) is None:
        return None
    return _problem("EventBridge Scheduler target", "its input is a text that the scheduler sends.", ("Arn",))


def _runbook_step(data: dict[Any, Any], _path: Path, _weight: Weight) -> Form | None:
    """Return the inputs of ``aws:executeAwsApi``: the members of the call, as boto3 names them."""
    is_update = _API.get(fold(_text(data["Api"])))
    if is_update is None or fold(_text(data.get("Service"))) != "imagebuilder":
        return None
    name = "runbook step"
    names = {key: MEMBERS.meant(key) for key in data}
    wrong = next((key for key, member in names.items() if member not in (None, key)), None)
    if wrong is not None:
        return _problem(name, f"its member '{wrong}' has to be '{names[wrong]}'.", (wrong,))
    return Form(name, data, is_update=is_update, without=frozenset({"Service", "Api"}))


def _pulumi(data: dict[Any, Any], _path: Path, _weight: Weight) -> Form | None:
    kind = _text(data["type"])
    if kind in _TERRAFORM:
        return CLAIMED
    match = _PULUMI.fullmatch(kind)
    if match is None:
        return None
    name, native = "Pulumi resource", match["provider"] == "aws-native"
    members = data.get("properties")
    if not isinstance(members, dict):
        return CLAIMED if members is None else _problem(name, "its properties are not a mapping.", ("properties",))
    return Form(
        name,
        members,
        ("properties",),
        # The provider 'aws' is made from Terraform's.
        origin="cloudformation" if native else "terraform",
        without=frozenset({"region"}),
        unknown={"name": "Pulumi makes a name"},
        region=_region(members),
    )


def _kubernetes(data: dict[Any, Any], path: Path, _weight: Weight) -> Form | None:
    spec, version = data.get("spec"), _text(data.get("apiVersion"))
    if _text(data["kind"]) != "InfrastructureConfiguration" or not version or not isinstance(spec, dict):
        return None
    name = "Kubernetes object"
    members = spec.get("forProvider", spec)
    members = members if isinstance(members, dict) else {}
    ours = "imagebuilder" in fold(version.partition("/")[0]) or weigh(members).verdict
    if _UPBOUND.match(version) is None or not members:
        return _problem(name, "what its operator sends is not known.", ("kind",)) if ours else None
    if "Observe" in (spec.get("managementPolicies") or ()):
        return CLAIMED
    if "initProvider" in spec or path[-1:] == ("base",):
        return _problem(name, "other parts of the document may change it.", ("kind",))
    return Form(
        "Crossplane resource",
        members,
        ("spec", "forProvider"),
        origin="terraform",  # which the provider is made from
        without=frozenset({"region"}),
        has_references=True,
        region=_region(members),
    )


def _region(members: Mapping[Any, Any]) -> str | None:
    region = members.get("region")
    return region if isinstance(region, str) and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region) else None


def _template_resource(data: dict[Any, Any], _path: Path, _weight: Weight) -> Form | None:
    """Return CLAIMED for a resource of CloudFormation, whose dialect reports those outside of templates."""
    return CLAIMED if _text(data["Type"]) == _TYPE else None


def _ansible_module(key: str, value: Any) -> Form:
    if key in _TERRAFORM or not isinstance(value, dict) or value.get("state") == "absent":
        return CLAIMED
    return _problem("Ansible task", "what the module sends is not known.", (key,))


_BY_KEY: Mapping[str, Callable[[dict[Any, Any], Path, Weight], Form | None]] = {
    "TypeName": _cloud_control,
    "Identifier": _described,
    "Resource": _task,
    "Arn": _scheduler_target,
    "Api": _runbook_step,
    "type": _pulumi,
    "kind": _kubernetes,
    "Type": _template_resource,
}
"""A key that the form has, and the function that reads it. A new tool is a function here."""
