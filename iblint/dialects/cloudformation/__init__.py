"""CloudFormation and SAM templates, in YAML and JSON.

Every value is resolved as far as the template, the parameters and the deployment that the user declares allow.
"""

from __future__ import annotations

from iblint.dialects.shared.extraction import Deployment, Extraction
from iblint.model.document import Document, InputError

DIALECT = "cloudformation"
MARKERS = (b"AWS::ImageBuilder::",)


def extract(document: Document, forced: bool, deployment: Deployment) -> Extraction:
    """The configurations of a template, and its resources that are evidence for them."""
    data = document.data
    if isinstance(data, dict) and isinstance(data.get("Resources"), dict):
        from iblint.dialects.cloudformation.resources import read_template  # other documents need not pay for it

        return read_template(document, deployment, whole=forced)
    if forced:
        return Extraction((), (_not_a_template(document),))
    if "AWS::ImageBuilder::" not in document.text and "\\" not in document.text:
        return Extraction()
    from iblint.dialects.cloudformation.misplaced import misplaced_configurations

    return Extraction((), misplaced_configurations(document))


def _not_a_template(document: Document) -> InputError:
    span = document.spans.root
    message = (
        "The document has no resources, so it cannot be a template as the dialect setting says. "
        "Write 'Resources:', or take the setting away from this file."
    )
    return InputError(document.file, span.line, span.column, message)
