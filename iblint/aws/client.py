"""The calls that ``apply`` makes: read, create, update and tag a configuration. One attempt each; the caller retries.

Each returns what AWS answered, or an AwsFailure; none raises for what AWS or the network does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from botocore.parsers import ResponseParserError

from iblint.aws.errors import AwsFailure, classify
from iblint.aws.session import Session
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

ServerAnswer: TypeAlias = "Mapping[str, Any]"

NOT_FOUND = "ResourceNotFoundException"
"""The only answer that counts as absence: a proxy's 404 does not."""


class Sent(Record):
    """A write that AWS acknowledged."""

    arn: str | None
    """None when the answer names none, as a damaged one does."""
    request_id: str | None


class Submitter:
    """Image Builder in one account and Region, with writes."""

    def __init__(self, session: Session) -> None:
        self._client = session.writer()

    def get(self, arn: str) -> ServerAnswer | AwsFailure | None:
        """The configuration with an ARN, or None when AWS says that there is none."""
        answer = self._call(
            "imagebuilder:GetInfrastructureConfiguration",
            lambda: self._client.get_infrastructure_configuration(infrastructureConfigurationArn=arn),
        )
        if isinstance(answer, AwsFailure):
            return None if answer.code == NOT_FOUND else answer
        found = answer.get("infrastructureConfiguration")
        if not isinstance(found, Mapping) or found.get("arn") != arn:
            return _damaged()
        return found

    def dry_run(self, request: ServerAnswer, token: str) -> Sent | AwsFailure:
        """Let AWS check a create without making anything: the failure of kind "dry-run" is the success."""
        return self._write(
            "imagebuilder:CreateInfrastructureConfiguration",
            lambda: self._client.create_infrastructure_configuration(**request, clientToken=token, dryRun=True),
        )

    def create(self, request: ServerAnswer, token: str) -> Sent | AwsFailure:
        """Create a configuration."""
        return self._write(
            "imagebuilder:CreateInfrastructureConfiguration",
            lambda: self._client.create_infrastructure_configuration(**request, clientToken=token),
        )

    def update(self, arn: str, request: ServerAnswer, token: str) -> Sent | AwsFailure:
        """Replace everything of a configuration but its name and its tags."""
        fields = {key: value for key, value in request.items() if key not in ("name", "tags")}
        return self._write(
            "imagebuilder:UpdateInfrastructureConfiguration",
            lambda: self._client.update_infrastructure_configuration(
                infrastructureConfigurationArn=arn, **fields, clientToken=token
            ),
        )

    def tag(self, arn: str, tags: Mapping[str, str]) -> Sent | AwsFailure:
        """Add tags, or give them new values."""
        return self._write(
            "imagebuilder:TagResource", lambda: self._client.tag_resource(resourceArn=arn, tags=dict(tags))
        )

    def untag(self, arn: str, keys: Sequence[str]) -> Sent | AwsFailure:
        """Remove tags."""
        return self._write(
            "imagebuilder:UntagResource", lambda: self._client.untag_resource(resourceArn=arn, tagKeys=list(keys))
        )

    def _write(self, action: str, call: Callable[[], Any]) -> Sent | AwsFailure:
        answer = self._call(action, call)
        if isinstance(answer, AwsFailure):
            return answer
        arn, request_id = answer.get("infrastructureConfigurationArn"), answer.get("requestId")
        request_id = request_id or (answer.get("ResponseMetadata") or {}).get("RequestId")
        return Sent(str(arn) if arn else None, str(request_id) if request_id else None)

    def _call(self, action: str, call: Callable[[], Any]) -> ServerAnswer | AwsFailure:
        try:
            answer = call()
        except Exception as error:  # whatever it is, the state machine decides what it means
            return classify(error, permission=action)
        return answer if isinstance(answer, Mapping) else _damaged()


def _damaged() -> AwsFailure:
    """The failure for an answer that is not what the service documents."""
    return classify(ResponseParserError("The answer lacks what the service documents."))
