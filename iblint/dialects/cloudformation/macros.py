"""Macros, which may replace what a template says before it is deployed.

A macro of the whole template gets all of it, and ``Fn::Transform`` in a mapping gets the mapping with all that is below
it. Each returns what is deployed in its place:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

REASON = "a macro may replace it"

_TRANSFORM = "Fn::Transform"
_LOOP = "Fn::ForEach::"
_HARMLESS = (
    r"(?a)AWS::(?:Serverless-2016-10-31|LanguageExtensions|CodeDeployBlueGreen|ServiceCatalog"
    r"|SecretsManager-[0-9]{4}-[0-9]{2}-[0-9]{2})"
)
"""AWS's own transforms that leave resources of Image Builder, SNS, KMS, IAM and EC2 as they are written.

AWS::Include is not among them: it inserts a file that can be anything.
"""


def may_replace(key: Any) -> bool:
    """Return whether the key of a mapping is a function that may replace its other entries. A loop only adds some."""
    return isinstance(key, str) and key.startswith("Fn::") and not is_loop(key)


def is_loop(key: Any) -> bool:
    """Return whether the key of a mapping is a loop, ``Fn::ForEach::X``."""
    return isinstance(key, str) and key.startswith(_LOOP)


def has_macro(mapping: Mapping[Any, Any]) -> bool:
    """Return whether a macro may replace the entries of a mapping."""
    return any(map(may_replace, mapping))


def replaces_template(data: Mapping[Any, Any]) -> bool:
    """Return whether a macro may replace anything in a template."""
    declared = [data[key] for key in ("Transform", _TRANSFORM) if key in data]
    return not all(re.fullmatch(_HARMLESS, name) for transforms in declared for name in _names(transforms))


def _names(transforms: Any) -> Iterator[str]:
    """Yield the names of transforms; "" for one that is not known."""
    for each in transforms if isinstance(transforms, list) else [transforms]:
        if each is not None:
            name = each.get("Name") if isinstance(each, dict) else each
            yield name if isinstance(name, str) else ""
