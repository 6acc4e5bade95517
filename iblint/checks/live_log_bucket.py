"""IB908: the log bucket exists and is in the Region of the builds."""

from __future__ import annotations

from iblint.checks._live import caller, identifier_at, missing, unavailable
from iblint.checks.profile_role_policies import BUCKET
from iblint.facts import questions
from iblint.model.answers import Missing, Unavailable
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement, Severity, Violation, failed, passed


def check(resource: Resource, context: Context) -> Judgement:
    """Look up the bucket. A bucket that the caller may not see may exist."""
    name = identifier_at(resource, BUCKET, context)
    if isinstance(name, Judgement):
        return name
    bucket = context.facts.ask(questions.BUCKET, name)
    if isinstance(bucket, Unavailable):
        return unavailable(BUCKET, f"The bucket '{name}'", bucket)
    if isinstance(bucket, Missing):
        help = f"Create the bucket, or set {resource.spell(BUCKET)} to one that exists."
        return missing(resource, BUCKET, bucket, "Image Builder does not create it, and the logs are lost.", help)
    region = caller(context).region
    if bucket.region != region:
        message = (
            f"The bucket '{name}' in {resource.spell(BUCKET)} is in '{bucket.region}', but builds run in '{region}'. "
            "Logs sent across Regions cost more, and are lost if the subnet has no route there."
        )
        return failed(Violation(BUCKET, message, severity=Severity.WARNING))
    return passed(f"The bucket '{name}' exists in {region}.")
