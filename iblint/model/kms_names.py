"""The ways to name a KMS key, as regular expressions: key ID, alias and ARN."""

from __future__ import annotations

BARE_KEY = r"alias/[A-Za-z0-9/_-]{1,250}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}"
"""An alias or a key ID. AWS looks it up in the account of the caller."""

KEY_ARN = r"arn:(?P<partition>aws[a-z-]*):kms:[a-z0-9-]+:(?P<account>[0-9]{12}):(?:key|alias)/[A-Za-z0-9/_-]{1,250}"
"""The ARN of a key or of an alias, with groups for its partition and its account."""

OPEN_KEY_ARN = (
    r"arn:(?P<partition>aws[a-z-]*|\$\{[A-Za-z:]*\}):kms:(?:[a-z0-9-]+|\$\{[A-Za-z:]*\})"
    r":(?P<account>[0-9]{12}|\$\{AWS::AccountId\}):(?:key|alias)/[A-Za-z0-9/_${}:-]{1,250}"
)
"""The ARN in a template, where parts may be unresolved. The account is known, or it is the stack's."""

KEY = rf"(?:{BARE_KEY}|{KEY_ARN})"
"""Any of these. Use ``fullmatch``."""
