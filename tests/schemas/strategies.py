"""Random requests: good ones, and good ones with something broken."""

from __future__ import annotations

import copy
import string

from hypothesis import strategies as st

NAME = st.text(string.ascii_letters + string.digits + "-_", min_size=3, max_size=20)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
TYPES = st.lists(st.sampled_from(["m7i.large", "m7g.large", "t3.nano", "mac2.metal"]), max_size=3)
TAG_KEYS = st.text(string.ascii_letters + "_.:/=+-@ ", min_size=1, max_size=12).filter(
    lambda key: not key.startswith("aws:") and key not in {"CreatedBy", "Ec2ImageBuilderArn", "Name", "Tags"}
)
TAGS = st.dictionaries(TAG_KEYS, st.text(max_size=12), min_size=1, max_size=4)
ACCOUNTS = st.text(string.digits, min_size=12, max_size=12)

_PLACEMENT = st.one_of(
    st.fixed_dictionaries(
        {}, optional={"availabilityZone": TEXT, "tenancy": st.sampled_from(["default", "dedicated"])}
    ),
    st.fixed_dictionaries({"tenancy": st.just("host")}, optional={"hostId": TEXT}),
    st.fixed_dictionaries({"tenancy": st.just("host"), "hostResourceGroupArn": TEXT}),
)
_LOGS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"s3BucketName": TEXT}, optional={"s3KeyPrefix": TEXT}),
)
_NETWORK = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"securityGroupIds": st.lists(TEXT, max_size=2)}),
    st.fixed_dictionaries({"subnetId": TEXT, "securityGroupIds": st.lists(TEXT, min_size=1, max_size=2)}),
)


def good_requests():
    """Requests that botocore takes and that break no documented constraint."""
    members = st.fixed_dictionaries(
        {"name": NAME, "instanceProfileName": NAME},
        optional={
            "description": TEXT,
            "instanceTypes": TYPES,
            "keyPair": TEXT,
            "terminateInstanceOnFailure": st.booleans(),
            "terminateInstanceOnCompletion": st.booleans(),
            "snsTopicArn": st.builds("arn:aws:sns:eu-west-1:{}:{}".format, ACCOUNTS, NAME),
            "resourceTags": TAGS,
            "tags": TAGS,
            "instanceMetadataOptions": st.fixed_dictionaries(
                {},
                optional={
                    "httpTokens": st.sampled_from(["optional", "required"]),
                    "httpPutResponseHopLimit": st.integers(1, 64),
                },
            ),
            "logging": st.fixed_dictionaries({}, optional={"s3Logs": _LOGS}),
            "placement": _PLACEMENT,
            "parentInstance": st.fixed_dictionaries(
                {
                    "autoScalingGroup": st.fixed_dictionaries(
                        {"name": TEXT}, optional={"capacityWaitTimeoutSeconds": st.integers(0, 3600)}
                    )
                }
            ),
            "clientToken": NAME,
            "dryRun": st.booleans(),
        },
    )
    return st.builds(lambda request, network: request | network, members, _NETWORK)


WRONG = st.one_of(
    st.sampled_from(["", "x", "true", "1", 0, 1, -1, 65, 3601, 2.0, 1.5, True, None, [], {}, [""], [1], {"a": 1}]),
    st.integers(1025, 1100).map(lambda length: "x" * length),
)
"""Values of which most are wrong in most places."""


def paths(value, path=()):
    """Paths of everything below the root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in items:
        yield (*path, step)
        yield from paths(child, (*path, step))


@st.composite
def mutated_requests(draw):
    """Good requests in which one to three things are replaced, removed or added."""
    request = copy.deepcopy(draw(good_requests()))
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(request))
        if places:
            _mutate(draw, request, draw(st.sampled_from(places)))
    return request


def _mutate(draw, request, path):
    parent = request
    for step in path[:-1]:
        parent = parent[step]
    action = draw(st.sampled_from(["replace", "remove", "add"]))
    wrong = copy.deepcopy(draw(WRONG))  # the strategy's own lists must not be changed by a later mutation
    if action == "replace":
        parent[path[-1]] = wrong
    elif action == "remove":
        del parent[path[-1]]
    elif isinstance(parent, dict):
        parent[draw(st.sampled_from(["extra", "Name", "SnsTopicArn", "hostId", "subnetId", "aws:x", ""]))] = wrong


def requests():
    """Good and mutated requests; every value is plain JSON."""
    return good_requests() | mutated_requests()
