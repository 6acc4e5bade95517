"""``iblint iam-policy``: print the least-privilege IAM policy for plan or apply."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from iblint.apply.iam_policy import Subject, apply_policy, preflight_policy
from iblint.apply.request import request_of
from iblint.aws.session import partition_of
from iblint.cli.command import PATH, Command, Word, options_of
from iblint.cli.console import write_stderr, write_stdout
from iblint.cli.options import IAM_POLICY
from iblint.cli.settings import settings_of
from iblint.cli.specs import read_specs
from iblint.model.answers import Identity
from iblint.model.errors import UsageError
from iblint.model.question import NoFacts
from iblint.pipeline import load_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXAMPLES = (
    (
        "Print the policy for 'iblint plan' and for live rules",
        "iblint iam-policy preflight infra/web.yaml --account 123456789012 --region eu-west-1",
    ),
    (
        "Print the policy for 'iblint apply'",
        "iblint iam-policy apply infra/web.yaml --account 123456789012 --region eu-west-1 --build-role builder",
    ),
)


@click.command("iam-policy", cls=Command, short_help="Print the least-privilege IAM policy.", examples=EXAMPLES)
@click.argument("purpose", type=Word(["apply", "preflight"]), metavar="apply|preflight")
@click.argument("specs", type=PATH, nargs=-1, required=True, metavar="SPEC...")
@options_of(IAM_POLICY)
def command(purpose: str, specs: Sequence[str], **options: Any) -> None:
    """Print the least-privilege IAM policy for the configurations in SPEC..., as JSON. Makes no calls to AWS.

    'preflight' is the read permissions of plan and the live rules; 'apply' adds the permissions to create.
    """
    given = {name: options[name] for name in ("account", "region", "parameters", "rules", "packs")}
    settings = settings_of(options["config"], options["no_config"], given)
    loaded = read_specs(specs, settings, load_rules(settings), None, options["resource"], ())
    judged = loaded.judge(NoFacts(), None, None)
    build_role = options["build_role"]
    subjects = []
    for found in judged.resources:
        account, region = judged.expected[found.file]
        if account is None or region is None:
            raise UsageError(
                "The policy needs an account and a Region: give --account and --region, or set them in .iblint.yaml."
            )
        request = request_of(found)
        identity = Identity(account, "", region, partition_of(region))
        subjects.append(Subject(request, identity, build_role or str(request.get("instanceProfileName", ""))))
    if build_role is None:
        write_stderr("Assuming that the role has the name of its instance profile; if not, give --build-role.")
    policy = preflight_policy(subjects) if purpose == "preflight" else apply_policy(subjects, update=options["update"])
    write_stdout(json.dumps(policy, indent=2) + "\n")
