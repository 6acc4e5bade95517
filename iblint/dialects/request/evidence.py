"""Decide by its keys whether a mapping is a request, and which member each key means.

``name``, ``description`` and ``tags`` prove nothing, and keys of other programs count against a request. A key in
another spelling (``InstanceProfileName``, ``instance_profile_name``) or with one wrong letter counts as the member that
it means.
"""

from __future__ import annotations

from collections.abc import Mapping

from iblint.dialects.request.candidates import MAPPINGS, describes, is_plain
from iblint.dialects.shared.prefilter import DISTINCTIVE, KNOWN
from iblint.model.record import Record
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeGuard

UPDATE_KEY = "infrastructureConfigurationArn"


def fold(key: str) -> str:
    """Return a key without case and separators. Names in capitals are those of variables and stay as they are."""
    return key if key.isupper() else key.replace("-", "").replace("_", "").lower()


class Members(dict):  # type: ignore[type-arg]
    """The members of a mapping of the request, each with its own members; None if it has none."""

    def __init__(self, *names: str, **nested: Members) -> None:
        super().__init__(dict.fromkeys(names), **nested)
        self.folded = {fold(name): name for name in self}

    def meant(self, key: Any) -> str | None:
        """Return the member that a key is or means: in another spelling, or with one wrong letter; else None."""
        if not isinstance(key, str):
            return None
        if key in self:
            return key
        folded = fold(key)
        if folded in self.folded or len(key) < _SHORTEST:
            return self.folded.get(folded)
        return next((name for right, name in self.folded.items() if _misspells(folded, right, name)), None)


NESTED: Mapping[str, Members] = {
    "instanceMetadataOptions": Members("httpTokens", "httpPutResponseHopLimit"),
    "logging": Members(s3Logs=Members("s3BucketName", "s3KeyPrefix")),
    "placement": Members("availabilityZone", "tenancy", "hostId", "hostResourceGroupArn"),
    "parentInstance": Members(autoScalingGroup=Members("name", "capacityWaitTimeoutSeconds")),
}
"""The members of the request that have members of their own."""

MEMBERS = Members(*sorted({*KNOWN, UPDATE_KEY} - NESTED.keys()), **NESTED)
"""The members of the create and the update request."""

_TRIVIAL = frozenset({"name", "description", "tags"})
_LISTS = frozenset({"instanceTypes", "securityGroupIds"})
_KEPT = frozenset({"terminateInstanceOnFailure", "terminateInstanceOnCompletion"})
"""Members of no other API."""
_IN_SUMMARIES = _TRIVIAL | {"resourceTags", "instanceTypes", "instanceProfileName", "placement"}
"""The members that the summaries of ListInfrastructureConfigurations have."""
_RESPONSE = frozenset({"arn", "datecreated", "dateupdated"})
"""Folded members that only responses have."""
_RECIPES = frozenset({"imagerecipearn", "containerrecipearn"})
_LENGTHS = range(17, 37)
"""Lengths of keys that may mean a distinctive member."""
_MOST_FOREIGN = 100
"""Foreign keys after which no more keys are looked at."""
_SHORTEST = 6
"""The length of a key from which on a wrong letter is no other word."""


class Weight(Record):
    """What a mapping is, by its keys."""

    verdict: Literal["", "create", "update", "answer", "summary", "doubt"]
    """``answer``: what GetInfrastructureConfiguration returns. Empty for a mapping that is none of these."""
    members: Mapping[Any, str]
    """Key -> the member that it is or means."""
    foreign: int
    """How many keys are none of a request."""

    @property
    def is_request(self) -> bool:
        """Whether it is judged."""
        return self.verdict in ("create", "update", "answer")


NOTHING = Weight("", {}, 0)


def is_request(data: dict[Any, Any]) -> bool:
    """Return whether a mapping is a create or update request, or the answer of a Get, in any spelling."""
    return is_plain(data) or weigh(data).is_request


def weigh(data: dict[Any, Any]) -> Weight:
    """Return what a mapping is. The lengths of its keys dismiss most mappings quickly."""
    if not any(isinstance(key, str) and len(key) in _LENGTHS for key in data) or describes(data):
        return NOTHING
    members: dict[Any, str] = {}
    others: set[str] = set()
    foreign = 0
    for key, value in data.items():
        member = MEMBERS.meant(key)
        if member is not None and (key == member or _fits(member, value)):
            if key == member or member not in members.values():
                members[key] = member
        elif key != "$schema":
            others.add(fold(key) if isinstance(key, str) else "")
            foreign += 1
            if foreign > _MOST_FOREIGN:
                break
    names = frozenset(members.values())
    if answered_arn(data) is not None:
        foreign -= len(others & _RESPONSE)
        return Weight(_answer(names, foreign), members, foreign)
    values = {member: data[key] for key, member in members.items()}
    if UPDATE_KEY in names:
        return Weight("" if others & _RECIPES else _update(values, foreign), members, foreign)
    return Weight(_create(values, foreign, bool(DISTINCTIVE & data.keys())), members, foreign)


def _misspells(folded: str, right: str, name: str) -> bool:
    """Return whether a folded key has one wrong, missing, surplus or swapped letter. A plural is another word."""
    if abs(len(folded) - len(right)) > 1:
        return False
    if name not in DISTINCTIVE and (folded + "s" == right or folded == right + "s"):
        return False
    start = next((i for i, (one, other) in enumerate(zip(folded, right, strict=False)) if one != other), len(right))
    ours, theirs = folded[start:], right[start:]
    swapped = ours[:2] == theirs[1::-1] and ours[2:] == theirs[2:]
    return swapped or ours[1:] == theirs[1:] or ours[1:] == theirs or ours == theirs[1:]


def _create(values: Mapping[str, Any], foreign: int, is_exact: bool) -> Literal["", "create", "doubt"]:
    """Return what the members of a create request prove; ``is_exact`` if a distinctive one is spelled correctly."""
    if not DISTINCTIVE & values.keys():
        return ""
    special = values.keys() - _TRIVIAL
    own, most = bool(special & _KEPT), foreign < len(values)
    if len(values) >= 2 and (foreign == 0 or (most and _is_strong(values) and (own or len(special) >= 2))):
        return "create"
    return "doubt" if own or (is_exact and most and len(special) >= 2) else ""


def _update(values: Mapping[str, Any], foreign: int) -> Literal["", "update", "doubt"]:
    special = values.keys() - _TRIVIAL - {UPDATE_KEY, "clientToken", "dryRun"}
    if not special:
        return ""
    if foreign == 0 or (foreign < len(values) and _is_strong(values)):
        return "update"
    return "doubt" if special & DISTINCTIVE else ""


def _answer(names: frozenset[str], foreign: int) -> Literal["", "answer", "summary"]:
    if foreign >= len(names):
        return ""
    if names - _IN_SUMMARIES:
        return "answer"
    return "summary" if names - _TRIVIAL else ""


def _is_strong(values: Mapping[str, Any]) -> bool:
    """Return whether a member is there that is hardly one of another program, also beside foreign keys."""
    if "clientToken" in values or _KEPT & values.keys():
        return True
    return any(
        isinstance(values.get(name), Tagged) or _has_member(values.get(name), name)
        for name in ("instanceMetadataOptions", "logging")
    )


def _has_member(value: Any, name: str) -> bool:
    """Return whether a value has one of the members of a member. EC2 has further metadata options: they disprove it."""
    if not isinstance(value, dict) or not value:
        return False
    found = [NESTED[name].meant(key) is not None for key in value]
    return all(found) if name == "instanceMetadataOptions" else any(found)


def _fits(member: str, value: Any) -> bool:
    """Return whether the value of a key in another spelling can be one of the member that it means."""
    if isinstance(value, dict):
        return member in MAPPINGS
    if isinstance(value, list):
        return member in _LISTS
    return (member not in _LISTS and (member not in MAPPINGS or value is None)) or isinstance(value, Tagged)


def answered_arn(data: Mapping[Any, Any]) -> str | None:
    """Return the ARN of the configuration that a response describes."""
    value = data.get("arn", data.get("Arn", data.get("ARN")))
    return value if is_arn(value) else None


def is_arn(value: Any) -> TypeGuard[str]:
    """Return whether a value is the ARN of an infrastructure configuration in a known account and Region."""
    parts = value.split(":") if isinstance(value, str) else ()
    return (
        len(parts) == 6
        and (parts[0], parts[2]) == ("arn", "imagebuilder")
        and parts[3].replace("-", "").isalnum()
        and len(parts[4]) == 12
        and parts[4].isdigit()
        and parts[5].startswith("infrastructure-configuration/")
        and parts[5].rpartition("/")[2].replace("-", "").replace("_", "").isalnum()
    )
