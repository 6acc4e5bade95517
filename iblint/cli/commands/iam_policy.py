"""``iblint iam-policy``: the least that a caller of plan and apply must be allowed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from iblint.cli.click_options import PATH, Word, account, pack_options, region
from iblint.cli.console import say, write_out
from iblint.cli.settings import settings_of
from iblint.model.errors import UsageError


@click.command("iam-policy", short_help="Print the least-privilege IAM policy of a run.")
@click.argument("purpose", type=Word(["apply", "preflight"]), metavar="apply|preflight")
@click.argument("specs", type=PATH, nargs=-1, required=True, metavar="SPEC...")
@click.option("--account", callback=account, metavar="ID", help="Account of the configurations.")
@click.option("--region", callback=region, metavar="NAME", help="Region of the configurations.")
@click.option("--build-role", metavar="NAME", help="Role in the instance profile.  [default: the profile's name]")
@click.option("--update", is_flag=True, help="Allow 'apply --update' too.")
@click.option("--resource", multiple=True, metavar="NAME", help="Configuration to take out of a template.")
@click.option("--parameters", multiple=True, metavar="FILE", help="Values of template parameters.")
@pack_options
def command(
    purpose: str,
    specs: Sequence[str],
    account: str | None,
    region: str | None,
    build_role: str | None,
    update: bool,
    resource: Sequence[str],
    parameters: Sequence[str],
    config: str | None,
    no_config: bool,
    rules: Sequence[str],
    packs: Sequence[str],
) -> None:
    """Print the least-privilege IAM policy for the configurations in SPEC..., as JSON.

    'preflight' is what plan and the live rules read; 'apply' is what creating needs besides. No account is asked.
    """
    import json

    from iblint.apply.iam_policy import Subject, apply_policy, preflight_policy
    from iblint.apply.request import request_of
    from iblint.aws.session import partition_of
    from iblint.cli.apply_judge import bench
    from iblint.model.answers import Identity
    from iblint.model.question import NoFacts
    from iblint.pipeline import load_rules

    given = {"account": account, "region": region, "parameters": parameters, "rules": rules, "packs": packs}
    settings = settings_of(config, no_config, given)
    judged = bench(specs, settings, load_rules(settings), None, resource, ()).judge(NoFacts(), None, None)
    subjects = []
    for found in judged.resources:
        at, where = judged.expected[found.file]
        if at is None or where is None:
            raise UsageError("Say which account and Region the policy is for: --account and --region, or .iblint.yaml.")
        request = request_of(found)
        profile = str(request.get("instanceProfileName", ""))
        identity = Identity(at, "", where, partition_of(where))
        subjects.append(Subject(request, identity, build_role or profile))
    if build_role is None:
        say("The role is taken to have the name of its instance profile; say otherwise with --build-role.")
    policy = preflight_policy(subjects) if purpose == "preflight" else apply_policy(subjects, update=update)
    write_out(json.dumps(policy, indent=2) + "\n")
