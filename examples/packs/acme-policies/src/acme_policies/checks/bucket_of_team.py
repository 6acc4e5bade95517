"""The log bucket belongs to the team that owns the configuration."""

from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, Unresolved, lookup
from iblint.model.verdict import Fault, Judgement, failed, not_applicable, passed, unknown

BUCKET = ("logging", "s3Logs", "s3BucketName")


def check(resource: Resource, context: Context) -> Judgement:
    """The bucket's name begins with the value of the team's tag."""
    tag = ("tags", context.options["tag"])
    bucket, team = lookup(resource.spec, BUCKET), lookup(resource.spec, tag)
    if bucket is ABSENT or team is ABSENT:
        return not_applicable("Either no log bucket or no team is named.")
    for path, value in ((BUCKET, bucket), (tag, team)):
        if isinstance(value, Unresolved):
            return unknown(
                Fault(path, f"Cannot tell whose bucket it is: {resource.spell(path)} is '{value.expression}'.")
            )
    if str(bucket).startswith(f"{team}-"):
        return passed(f"The bucket '{bucket}' belongs to the team '{team}'.")
    return failed(Fault(BUCKET, f"The log bucket '{bucket}' does not belong to the team '{team}'."))
