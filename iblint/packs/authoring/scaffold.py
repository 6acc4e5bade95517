"""The text of a new rule file, which is valid and passes its own examples."""

from __future__ import annotations

import re
from collections.abc import Iterable

from iblint.model.errors import UsageError
from iblint.packs.authoring.compile import RESERVED
from iblint.packs.compiled import BUILTIN_PREFIX
from iblint.packs.select import CORE_TAGS

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"([A-Z]{2,8})([0-9]{3,4})")

DEFAULT_PREFIX = "ORG"

RATIONALE = "Say in two to six lines why the rule exists: what goes wrong when it is broken, and for whom."
"""The rationale of a new rule, to be replaced by its author."""

_TEMPLATE = """\
code: {code}
name: {name}
title: {title}
status: stable
since: 0.1.0
severity: warning
enabled: true
tags: []
unknown: count
rationale: |
  {rationale}
remediation: |
  Set {{/description}} to a text that says what the configuration is for.
references:
  - {{title: Infrastructure configurations, url: "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-infra-config.html"}}
at: /description
absent: fail
schema:
  properties:
    description: {{type: string, minLength: 10}}
message: "{{field}} is {{actual}}. A description of at least 10 characters says what the configuration is for."
examples:
  good:
    - text: |
        description: Builds the web server image
  bad:
    - text: |
        description: web
      expect: [{{path: /description, message: "is 'web'"}}]
    - text: |
        name: web
      expect: [{{path: /description, message: "is not set"}}]
  unknown:
    - text: |
        description: !Ref Description
      reason: "!Ref Description"
"""


def new_rule(name: str, code: str) -> tuple[str, str]:
    """Return the file name and the text of a new rule. Raises UsageError for a name or code that a rule cannot have."""
    if not _NAME.fullmatch(name) or len(name) > 64:
        raise UsageError(f"'{name}' is not a valid name: use lower case with hyphens, as in no-public-key.")
    if name in RESERVED | CORE_TAGS:
        raise UsageError(f"'{name}' is a reserved selector; choose another name.")
    if not _CODE.fullmatch(code):
        raise UsageError(f"'{code}' is not a valid code: use 2 to 8 capitals and 3 or 4 digits, as in ORG001.")
    if code.startswith(BUILTIN_PREFIX):
        raise UsageError(f"Codes that begin with {BUILTIN_PREFIX} belong to the built-in pack; choose another code.")
    title = f"Configurations must meet {name}"
    return f"{code}-{name}.yaml", _TEMPLATE.format(code=code, name=name, title=title[:72], rationale=RATIONALE)


def next_code(codes: Iterable[str], prefix: str = "") -> str:
    """Return the code after the highest one with ``prefix``, or with the prefix of the last code, or ``ORG001``."""
    found = [match.groups() for match in map(_CODE.fullmatch, sorted(codes)) if match]
    prefix = prefix or (found[-1][0] if found else DEFAULT_PREFIX)
    numbers = [digits for letters, digits in found if letters == prefix]
    width = max((len(digits) for digits in numbers), default=3)
    return f"{prefix}{max((int(digits) for digits in numbers), default=0) + 1:0{width}d}"
