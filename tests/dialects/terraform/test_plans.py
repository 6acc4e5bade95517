"""Modules against the plans that the real Terraform makes of them: every value is the same, or it is unresolved."""

from __future__ import annotations

import json

import pytest

from iblint.config.load import from_mapping
from iblint.dialects.shared.places import place_of
from iblint.dialects.terraform.aws import request
from iblint.dialects.terraform.shape import spec_of
from iblint.dialects.terraform.values import wrapped
from iblint.model.resource import Place
from iblint.model.span import Span
from iblint.model.values import ABSENT, Choice, Unresolved
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from iblint.session import Session
from tests.dialects.terraform import plans

MODULES = sorted(folder.name for folder in plans.MODULES.iterdir() if folder.is_dir())
HERE = Place(Span(1, 1, 1, 2))
RULES = load_packs(from_mapping({}))


def configurations(monkeypatch, folder, **settings):
    monkeypatch.chdir(folder)
    session = Session(keep_resources=True)
    report = check_paths(
        ["."], from_mapping({"region": "eu-west-1", "exclude": [plans.PLAN], **settings}), RULES, session
    )
    assert report.problems == ()
    return {resource.address: resource for resource in report.resources}


def planned(change):
    """Return the request that the provider makes of a planned resource."""
    known = with_unknown(change["after"], change["after_unknown"])
    tags = known.pop("tags_all", None)
    if not isinstance(tags, Unresolved):  # it is unknown if there are no tags at all, and then it stays empty
        known["tags"] = tags
    members = request({name: wrapped(value, HERE) for name, value in known.items() if value is not None})
    return spec_of(members, HERE).spec


def with_unknown(value, unknown):
    """Return a planned value with unresolved ones in place of those that are known after apply."""
    if unknown is True:
        return Unresolved("known after apply", "it is known only after apply")
    if isinstance(unknown, dict) and unknown:
        value = value or {}
        return {key: with_unknown(value.get(key), unknown.get(key)) for key in {**value, **unknown}}
    if isinstance(unknown, list) and unknown:
        return [with_unknown(item, each) for item, each in zip(value, unknown, strict=True)]
    return value


def differences(ours, theirs, path=""):
    """Yield where a known value of ours is not the planned one."""
    if isinstance(ours, Unresolved | Choice):
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in {**ours, **theirs}:
            yield from differences(ours.get(key, ABSENT), theirs.get(key, ABSENT), f"{path}/{key}")
    elif path in ("/instanceTypes", "/securityGroupIds") and isinstance(ours, list) and isinstance(theirs, list):
        left = list(theirs)
        for item in ours:
            if not isinstance(item, Unresolved | Choice) and item in left:
                left.remove(item)
            elif not isinstance(item, Unresolved | Choice):
                yield path, item, theirs
    elif ours != theirs and not (isinstance(theirs, Unresolved) and unresolved(ours)):  # ours is finer
        yield path, ours, theirs


def unresolved(value):
    """Count the values that are not known."""
    if isinstance(value, dict | list):
        return sum(map(unresolved, value.values() if isinstance(value, dict) else value))
    return isinstance(value, Unresolved | Choice)


def members_not_known(spec):
    """Return the names of the members that are not known, or in which something is not."""
    return {name for name, value in spec.items() if unresolved(value)}


def test_there_are_enough_modules():
    assert len(MODULES) >= 40


def compared(name, changes, monkeypatch):
    ours = configurations(monkeypatch, plans.MODULES / name)
    certain = {address for address, resource in ours.items() if resource.existence.holds is True}
    assert certain <= set(changes) <= set(ours)
    for address, change in changes.items():
        theirs = planned(change)
        sent = {"terminateInstanceOnFailure": False, **ours[address].spec}  # the provider sends it in any case
        assert list(differences(sent, theirs)) == [], address
        if name not in NOT_KNOWN:  # what Terraform knows, we know
            assert members_not_known(ours[address].spec) <= members_not_known(theirs), address


NOT_KNOWN = {"sensitive", "unicode"}
"""Modules in which Terraform knows more: a sensitive value is not shown, so it is none to judge by."""


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_the_values_of_its_plan(name, monkeypatch):
    changes = json.loads((plans.MODULES / name / plans.PLAN).read_text(encoding="utf-8"))
    compared(name, changes, monkeypatch)


@pytest.mark.integration
@pytest.mark.skipif(not plans.available(), reason=plans.NEEDS)
@pytest.mark.parametrize("name", MODULES)
def test_terraform_plans_a_module_as_committed(name, tmp_path):
    committed = json.loads((plans.MODULES / name / plans.PLAN).read_text(encoding="utf-8"))
    assert plans.plan(plans.MODULES / name, tmp_path) == committed


def test_the_places_of_values_can_be_shown(monkeypatch):
    (resource,) = configurations(monkeypatch, plans.MODULES / "tfvars").values()
    place = place_of(resource.places["instanceMetadataOptions", "httpTokens"])
    assert (place.file, place.value) == ("b.auto.tfvars", Span(1, 11, 1, 21))
    assert place.provenance == "the value of variable 'tokens' in b.auto.tfvars"
