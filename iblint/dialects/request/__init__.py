"""The request dialect: YAML and JSON in the shape of boto3's create_infrastructure_configuration call.

``aws imagebuilder create-infrastructure-configuration --cli-input-yaml|--cli-input-json`` reads the same. Recognised by
content, wherever in a document it is. So are the update request, the answer of GetInfrastructureConfiguration, requests
in other spellings, and the forms of other tools that send the same members (``forms``).
"""

from __future__ import annotations

from iblint.dialects.shared.extraction import Deployment, Extraction, Unit, no_companions, unit_per_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIALECT = "request"
SUFFIXES = (".json", ".yaml", ".yml")
MARKERS = (
    b"instanceProfileName",
    b"terminateInstanceOnFailure",
    b"terminateInstanceOnCompletion",
    b"instanceMetadataOptions",
    b"snsTopicArn",
    b"instanceTypes",
    b"securityGroupIds",
    b"resourceTags",
)

unit_of = unit_per_document
companions = no_companions


def extract(unit: Unit, _deployment: Deployment, *, forced: bool) -> Extraction:
    """Return the requests of a document. If ``forced``, its root or the items of a list there are requests."""
    if not forced and _is_template(unit.document.data):
        return Extraction()
    from iblint.dialects.request.requests import requests_in  # which a template does not need

    return requests_in(unit.document, forced=forced)


def _is_template(data: Any) -> bool:
    """Return whether a document is a template of CloudFormation, which its own dialect reads."""
    resources = data.get("Resources") if isinstance(data, dict) else None
    if not isinstance(resources, dict):
        return False
    return any(isinstance(body, dict) and "::" in str(body.get("Type", "")) for body in resources.values())
