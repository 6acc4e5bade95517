"""Responses that moto lacks or has wrong: owners of KMS keys, and the account's IMDS defaults."""

from __future__ import annotations

from typing import Any

from tests.fake_aws.wire import Answer, AwsError, Call, json_answer


class Overrides:
    """The keys and IMDS defaults that a test sets."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        """Key ID, ARN or alias -> KeyMetadata of DescribeKey."""
        self.imds: dict[str, Any] = {}
        """``{"httpTokens": "required", "httpTokensEnforced": "enabled"}``; empty if the account sets nothing."""

    def foreign_key(self, key: str, owner: str) -> None:
        """Let a key belong to another account."""
        arn = key if key.startswith("arn:") else f"arn:aws:kms:eu-west-1:{owner}:key/{key}"
        self.keys[key] = {
            "KeyId": arn.rpartition("/")[2],
            "Arn": arn,
            "AWSAccountId": owner,
            "KeyManager": "CUSTOMER",
            "KeyState": "Enabled",
            "Enabled": True,
            "KeySpec": "SYMMETRIC_DEFAULT",
            "KeyUsage": "ENCRYPT_DECRYPT",
        }

    def answer(self, call: Call) -> Answer | None:
        """Return the response to an overridden call; None for other calls. Raises AwsError."""
        if call.action == "ec2:GetInstanceMetadataDefaults":
            inner = "".join(f"<{name}>{value}</{name}>" for name, value in self.imds.items())
            text = (
                "<GetInstanceMetadataDefaultsResponse><requestId>fake</requestId>"
                f"<accountLevel>{inner}</accountLevel></GetInstanceMetadataDefaultsResponse>"
            )
            return Answer(200, text.encode(), {"Content-Type": "text/xml"})
        key = self.keys.get(call.params.get("KeyId", ""))
        if key is None:
            return None
        if call.action == "kms:DescribeKey":
            return json_answer({"KeyMetadata": key})
        if call.action == "kms:GetKeyPolicy" and key["AWSAccountId"] != call.account:
            raise AwsError("AccessDeniedException", "The key is in another account.")
        return None
