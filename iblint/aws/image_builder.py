"""The calls of ``apply``: read, create, update and tag a configuration. Each makes one attempt; the caller retries.

Each returns AWS's response or an AwsFailure, and raises for neither AWS nor the network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from botocore.parsers import ResponseParserError

from iblint.aws.errors import AwsFailure, classify
from iblint.aws.session import Session
from iblint.facts.questions import CONFIGURATION
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Response: TypeAlias = "Mapping[str, Any]"

NOT_FOUND = "ResourceNotFoundException"
"""The only error that means "does not exist": a 404 of a proxy does not."""


_NOT_UPDATED = ("name", "tags", "infrastructureConfigurationArn")
"""Members of a request that are no fields of an update: the ARN is an argument of its own."""


class Acknowledged(Record):
    """A write that AWS acknowledged."""

    arn: str | None
    """None if the response has no ARN, as a damaged one."""
    request_id: str | None


class ImageBuilder:
    """Image Builder in one account and Region, with writes."""

    def __init__(self, session: Session) -> None:
        self._client = session.writer()

    def get(self, arn: str) -> Response | AwsFailure | None:
        """Return the configuration with an ARN; None if AWS says that it does not exist."""
        response = self._call(
            CONFIGURATION.action,
            lambda: self._client.get_infrastructure_configuration(infrastructureConfigurationArn=arn),
        )
        if isinstance(response, AwsFailure):
            return None if response.code == NOT_FOUND else response
        try:
            found = CONFIGURATION.parse(response, arn)
        except (LookupError, TypeError):
            return _damaged()
        return found if isinstance(found, Mapping) else None

    def dry_run(self, request: Response, token: str) -> Acknowledged | AwsFailure:
        """Let AWS check a create without creating anything. Success is the failure of kind "dry-run"."""
        return self._send(
            "imagebuilder:CreateInfrastructureConfiguration",
            lambda: self._client.create_infrastructure_configuration(**request, clientToken=token, dryRun=True),
        )

    def create(self, request: Response, token: str) -> Acknowledged | AwsFailure:
        """Create a configuration."""
        return self._write(
            "imagebuilder:CreateInfrastructureConfiguration",
            lambda: self._client.create_infrastructure_configuration(**request, clientToken=token),
        )

    def update(self, arn: str, request: Response, token: str) -> Acknowledged | AwsFailure:
        """Replace all fields of a configuration except its name and tags."""
        fields = {key: value for key, value in request.items() if key not in _NOT_UPDATED}
        return self._write(
            "imagebuilder:UpdateInfrastructureConfiguration",
            lambda: self._client.update_infrastructure_configuration(
                infrastructureConfigurationArn=arn, **fields, clientToken=token
            ),
        )

    def tag(self, arn: str, tags: Mapping[str, str]) -> Acknowledged | AwsFailure:
        """Set tags."""
        return self._write(
            "imagebuilder:TagResource", lambda: self._client.tag_resource(resourceArn=arn, tags=dict(tags))
        )

    def untag(self, arn: str, keys: Sequence[str]) -> Acknowledged | AwsFailure:
        """Remove tags."""
        return self._write(
            "imagebuilder:UntagResource", lambda: self._client.untag_resource(resourceArn=arn, tagKeys=list(keys))
        )

    def _write(self, action: str, call: Callable[[], Any]) -> Acknowledged | AwsFailure:
        """Make a call that takes effect. An answer that says "dry run" is not a success: it is of another call."""
        response = self._send(action, call)
        return _damaged() if isinstance(response, AwsFailure) and response.kind == "dry-run" else response

    def _send(self, action: str, call: Callable[[], Any]) -> Acknowledged | AwsFailure:
        response = self._call(action, call)
        if isinstance(response, AwsFailure):
            return response
        arn, request_id = response.get("infrastructureConfigurationArn"), response.get("requestId")
        request_id = request_id or (response.get("ResponseMetadata") or {}).get("RequestId")
        return Acknowledged(str(arn) if arn else None, str(request_id) if request_id else None)

    def _call(self, action: str, call: Callable[[], Any]) -> Response | AwsFailure:
        try:
            response = call()
        except Exception as error:  # of any kind: ``apply`` decides what follows from the failure
            return classify(error, permission=action)
        return response if isinstance(response, Mapping) else _damaged()


def _damaged() -> AwsFailure:
    """Return the failure for a response that has not the documented shape."""
    return classify(ResponseParserError("The response has not the documented shape."))
