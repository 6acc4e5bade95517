"""IB306: the Availability Zone is in the target Region."""

from __future__ import annotations

import re

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

ZONE: Path = ("placement", "availabilityZone")
_ZONE_ID = r"[a-z]{2,5}[0-9]+-[a-z0-9-]*az[0-9]+"


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the zone's name with the target Region: the name of a zone is its Region and a suffix."""
    zone, field = lookup(resource.spec, ZONE), resource.spell(ZONE)
    region = context.target.region or context.facts.region
    if is_unresolved(zone):
        return unknown(cannot_tell(resource, ZONE, zone))
    if not isinstance(zone, str) or not zone:
        return not_applicable(f"{field} is not the name of a zone.")
    if region is None:
        message = f"Cannot tell whether the zone {show(zone)} is in the target Region: no Region is declared."
        return unknown(Violation(ZONE, message, "Declare the target Region: --region, or region in .iblint.yaml."))
    if re.fullmatch(_ZONE_ID, zone):
        message = f"Cannot tell whether {field} {show(zone)} is in Region '{region}': it is a zone ID, not a zone name."
        return unknown(Violation(ZONE, message, f"Set {field} to the name of the zone, such as {region}a."))
    # Local and Wavelength Zones: us-west-2-lax-1a, us-east-1-wl1-bos-wlz-1.
    if re.fullmatch(rf"{re.escape(region)}([a-z]|-[a-z0-9-]+)", zone):
        return passed(f"The zone {zone} is in Region {region}.")
    message = f"{field} {show(zone)} is not a zone of the target Region '{region}'. No instance can start there."
    return failed(Violation(ZONE, message))
