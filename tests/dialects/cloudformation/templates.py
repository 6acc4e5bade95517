"""Templates for tests, and what a report says of the one configuration in them."""

from __future__ import annotations

import json

from iblint.dialects.shared.extraction import document_unit
from iblint.dialects.shared.registry import extract
from iblint.model.document import Source
from iblint.model.path import to_pointer
from iblint.model.verdict import Verdict
from iblint.parse.load import load

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE


def template(properties, **sections):
    """A template with one configuration, in the shape of JSON."""
    properties = {"Name": "web", "InstanceProfileName": "builder"} | properties
    body = {"Type": "AWS::ImageBuilder::InfrastructureConfiguration", "Properties": properties}
    resources = {"Web": body} | sections.pop("Resources", {})
    return {**sections, "Resources": resources}


def tokens(value, **sections):
    return template({"InstanceMetadataOptions": {"HttpTokens": value, "HttpPutResponseHopLimit": 2}}, **sections)


def verdicts(report):
    (configuration,) = report.configurations
    return {outcome.rule: outcome.verdict for outcome in configuration.outcomes}


def verdict(report, rule="IB201"):
    assert report.problems == ()
    return verdicts(report)[rule]


def found(report, rule):
    """Line and path of each finding of a rule."""
    return [(f.location.span.line, to_pointer(f.path)) for f in report.findings if f.rule == rule]


def finding(report, rule="IB201"):
    (one,) = [f for f in report.findings if f.rule == rule]
    return one


def specs(text, name="web.yaml"):
    """The specs of all resources by address, without settings."""
    (document,) = load(Source(name, (text if isinstance(text, str) else json.dumps(text)).encode()))
    return {r.address: r.spec for r in extract(document_unit(document)).resources}


def parameter(**fields):
    return {"Parameters": {"Tokens": {"Type": "String", **fields}}}
