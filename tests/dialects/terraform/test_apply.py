"""What iblint judges is what AWS would get: the request that the real provider sends, and the one that it judged."""

from __future__ import annotations

import pytest

from iblint.apply.request import NotSendable, request_of
from tests.dialects.terraform import plans
from tests.dialects.terraform.console import run
from tests.dialects.terraform.test_plans import configurations
from tests.fake_aws.fixture import _impatient, bare_fake

__all__ = ["_impatient", "bare_fake"]

SETS = ("instanceTypes", "securityGroupIds")
MODULES = ["literals", "minimal", "zero-values", "json-syntax", "dynamic-blocks", "for-each-objects", "module-call"]
ENDPOINT = '  endpoints {{\n    imagebuilder = "{}"\n  }}\n}}\n'


def comparable(request):
    """Return a request with its sets sorted, because the provider sends them in any order."""
    return {key: sorted(value) if key in SETS else value for key, value in request.items()}


@pytest.mark.integration
@pytest.mark.skipif(not plans.available(), reason=plans.NEEDS)
@pytest.mark.parametrize("name", MODULES)
def test_terraform_sends_the_request_that_was_judged(name, tmp_path, monkeypatch, bare_fake):
    monkeypatch.setattr(plans, "PROVIDER", plans.PROVIDER.rstrip("}\n") + "\n" + ENDPOINT.format(bare_fake.endpoint))
    judged = {r.spec["name"]: request_of(r) for r in configurations(monkeypatch, plans.MODULES / name).values()}
    bare_fake.other_services.profiles.update(request["instanceProfileName"] for request in judged.values())
    bare_fake.other_services.topics.update(request.get("snsTopicArn", "none") for request in judged.values())
    env = plans.prepare(plans.MODULES / name, tmp_path)
    run("apply", "-auto-approve", "-no-color", folder=tmp_path, env=env)
    sent = [dict(call.params) for call in bare_fake.writes() if call.operation == "CreateInfrastructureConfiguration"]
    for request in sent:
        request.pop("clientToken")
    assert {request["name"]: comparable(request) for request in sent} == {
        key: comparable(request) for key, request in judged.items()
    }


def test_a_configuration_with_unknown_values_is_not_applied(monkeypatch):
    (resource,) = configurations(monkeypatch, plans.MODULES / "references").values()
    with pytest.raises(NotSendable, match=r"is not known: .*terraform apply.*iblint check plan.json"):
        request_of(resource)
