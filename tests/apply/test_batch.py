"""Many specifications, Regions and credentials: a failure affects only its account and Region."""

import threading

import pytest

from iblint.exit_codes import ExitCode
from tests.apply.conftest import SPEC
from tests.fake_aws.faults import Fault
from tests.fake_aws.seed import client, seed_role
from tests.fake_aws.server import ACCOUNT

OTHER = "333322221111"


@pytest.fixture
def specs(tmp_path):
    folder = tmp_path / "specs"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.yaml").write_text(SPEC.replace("golden-web", f"web-{name}"))
    return folder


@pytest.fixture
def profiles(bare_fake, tmp_path, monkeypatch):
    """Two profiles: one of the default account, one of another."""
    bare_fake.accounts["AKIAOTHER00000000000"] = OTHER
    (tmp_path / "aws").write_text(
        "[one]\naws_access_key_id = AKIAONE0000000000000\naws_secret_access_key = x\n"
        "[two]\naws_access_key_id = AKIAOTHER00000000000\naws_secret_access_key = x\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    return ("--aws-profile", "one", "--aws-profile", "two")


def created(fake):
    return sorted((arn.split(":")[3], arn.split(":")[4], arn.rpartition("/")[2]) for arn in fake.imagebuilder.creates())


def test_every_specification_goes_to_every_region_of_every_account(bare_fake, iblint, specs, profiles):
    done = iblint(bare_fake, "apply", "specs", "--yes", *profiles, "--region", "eu-west-1", "--region", "us-east-1")
    assert done.code == 0, done.out
    assert created(bare_fake) == sorted(
        (region, account, f"web-{name}")
        for region in ("eu-west-1", "us-east-1")
        for account in (ACCOUNT, OTHER)
        for name in "abc"
    )
    assert done.out.count("created") == 12


def test_an_exhausted_quota_stops_only_its_account_and_region(bare_fake, iblint, specs, profiles):
    bare_fake.imagebuilder.quota = 1
    done = iblint(bare_fake, "apply", "specs", "--yes", *profiles)
    assert done.code == ExitCode.PARTIAL
    assert len(bare_fake.imagebuilder.creates()) == 2
    assert done.out.count(": skipped") == 2
    dry_runs = [call for call in bare_fake.writes() if call.params.get("dryRun")]
    assert len(dry_runs) == 4


def test_an_unknown_identity_stops_only_its_account_and_region(bare_fake, iblint, specs, profiles):
    bare_fake.script.add(Fault("error", service="sts", operation="GetCallerIdentity", code="ExpiredToken", status=403))
    done = iblint(bare_fake, "apply", "specs", "--yes", *profiles)
    assert done.code == ExitCode.PARTIAL
    assert "1 account/Region could not be reached" in done.out
    assert {account for _, account, _ in created(bare_fake)} == {OTHER}


def test_one_failure_does_not_stop_the_others(bare_fake, iblint, specs):
    bare_fake.script.add(Fault("error", code="InvalidRequestException"))
    done = iblint(bare_fake, "apply", "specs", "--yes")
    assert done.code == ExitCode.PARTIAL
    assert len(bare_fake.imagebuilder.creates()) == 2


def test_if_one_specification_is_refused_none_is_sent(bare_fake, iblint, specs):
    (specs / "b.yaml").write_text(SPEC.replace("required", "optional"))
    refused = iblint(bare_fake, "apply", "specs", "--yes")
    assert refused.code == 1
    assert bare_fake.calls == []


def test_names_that_collide_are_refused(bare_fake, iblint, specs):
    (specs / "b.yaml").write_text(SPEC.replace("golden-web", "Web A"))
    refused = iblint(bare_fake, "apply", "specs", "--yes", "--account", ACCOUNT, "--region", "eu-west-1")
    assert refused.code == 1
    assert "IB307" in refused.out
    assert bare_fake.calls == []


def test_names_that_collide_are_also_refused_if_the_account_is_known_later(bare_fake, iblint, specs):
    (specs / "b.yaml").write_text(SPEC.replace("golden-web", "Web A"))
    done = iblint(bare_fake, "apply", "specs", "--yes")
    assert done.code == ExitCode.PARTIAL
    assert "IB307" in done.out
    assert [name for _, _, name in created(bare_fake)] == ["web-a", "web-c"]


def test_calls_in_one_account_and_region_are_made_in_sequence(bare_fake, iblint, specs, profiles):
    under_way: dict[tuple[str, str], int] = {}
    most: dict[tuple[str, str], int] = {}
    lock = threading.Lock()
    handle = bare_fake.imagebuilder.handle

    def counting(call):
        place = call.account, call.region
        with lock:
            under_way[place] = under_way.get(place, 0) + 1
            most[place] = max(most.get(place, 0), under_way[place])
        bare_fake.wait(0.01)
        try:
            return handle(call)
        finally:
            with lock:
                under_way[place] -= 1

    bare_fake.imagebuilder.handle = counting
    assert iblint(bare_fake, "apply", "specs", "--yes", *profiles, "--aws-profile", "one").code == 0
    assert set(most.values()) == {1}


def test_roles_are_assumed_with_an_external_id(fake, iblint):
    role = f"arn:aws:iam::{OTHER}:role/deploy"
    fake.accounts["AKIAOTHER00000000000"] = OTHER
    seed_role(client(fake, "iam", access_key="AKIAOTHER00000000000"))
    fake.calls.clear()
    done = iblint(fake, "apply", "web.yaml", "--yes", "--role-arn", role, "--external-id", "shared-secret")
    assert done.code == 0, done.out
    assert {account for _, account, _ in created(fake)} == {OTHER}
    (assumed,) = [call for call in fake.calls if call.operation == "AssumeRole"]
    assert (assumed.params["RoleArn"], assumed.params["ExternalId"]) == (role, "shared-secret")


def test_an_external_id_needs_a_role(bare_fake, iblint):
    assert iblint(bare_fake, "plan", "web.yaml", "--external-id", "xx").code == 2


def test_another_run_in_the_account_and_region_is_reported(bare_fake, iblint, tmp_path):
    from iblint.apply.journal import Journal

    with Journal(tmp_path / "state", ACCOUNT, "eu-west-1"):
        refused = iblint(bare_fake, "apply", "web.yaml", "--yes")
    assert refused.code == 4
    assert "Another run is using" in refused.out
    assert bare_fake.writes() == []
