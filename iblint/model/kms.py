"""How people name a KMS key: one grammar for comments, settings, templates and answers of AWS."""

from __future__ import annotations

BARE_KEY = r"alias/[A-Za-z0-9/_-]{1,250}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}"
"""An alias or a key id: it is looked up in the account of who uses it."""

KEY_ARN = r"arn:(?P<partition>aws[a-z-]*):kms:[a-z0-9-]+:(?P<account>[0-9]{12}):(?:key|alias)/[A-Za-z0-9/_-]{1,250}"
"""The ARN of a key or of an alias, with groups for its partition and its account."""

OPEN_KEY_ARN = (
    r"arn:(?P<partition>aws[a-z-]*|\$\{[A-Za-z:]*\}):kms:(?:[a-z0-9-]+|\$\{[A-Za-z:]*\})"
    r":(?P<account>[0-9]{12}|\$\{AWS::AccountId\}):(?:key|alias)/[A-Za-z0-9/_${}:-]{1,250}"
)
"""The same where parts of it may not be known, as a template leaves them open; the account is known, or the stack's."""

KEY = rf"(?:{BARE_KEY}|{KEY_ARN})"
"""Any of them, to be matched as a whole."""
