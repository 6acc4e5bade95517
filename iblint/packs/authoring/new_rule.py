"""The text of a new rule file. It is valid, and its examples pass."""

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

RATIONALE = "Explain in two to six lines why the rule exists: what goes wrong if it is violated, and for whom."
"""The rationale of a new rule. `rules test` asks for another one."""

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
  Set {{/description}} to the purpose of the configuration.
references:
  - {{title: Infrastructure configurations, url: "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-infra-config.html"}}
at: /description
absent: fail
schema:
  properties:
    description: {{type: string, minLength: 10}}
message: "{{field}} is {{actual}}: at least 10 characters are required."
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
    """Return the file name and the text of a new rule. Raises UsageError if the name or the code is not valid."""
    if not _NAME.fullmatch(name) or len(name) > 64:
        raise UsageError(f"'{name}' is not a valid rule name. Use lower case and hyphens, as in no-public-key.")
    if name in RESERVED | CORE_TAGS:
        raise UsageError(f"'{name}' is reserved: it is a selector. Choose another name.")
    if not _CODE.fullmatch(code):
        raise UsageError(f"'{code}' is not a valid rule code. Use 2 to 8 capitals and 3 or 4 digits, as in ORG001.")
    if code.startswith(BUILTIN_PREFIX):
        raise UsageError(f"Codes that begin with {BUILTIN_PREFIX} are reserved for iblint. Choose another code.")
    title = f"Configurations must meet {name}"
    return f"{code}-{name}.yaml", _TEMPLATE.format(code=code, name=name, title=title[:72], rationale=RATIONALE)


def next_code(codes: Iterable[str], prefix: str = "") -> str:
    """Return the code after the highest one in use.

    The prefix is ``prefix``, else that of the last code, else DEFAULT_PREFIX.
    """
    found = [match.groups() for match in map(_CODE.fullmatch, sorted(codes)) if match]
    prefix = prefix or (found[-1][0] if found else DEFAULT_PREFIX)
    numbers = [digits for letters, digits in found if letters == prefix]
    width = max((len(digits) for digits in numbers), default=3)
    return f"{prefix}{max((int(digits) for digits in numbers), default=0) + 1:0{width}d}"
