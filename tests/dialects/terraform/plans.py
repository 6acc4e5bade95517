"""Plan modules with the real Terraform and the real provider, without an account."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from tests.dialects.terraform.console import TERRAFORM, run

MODULES = Path(__file__).with_name("modules")
PLAN = "expected-plan.json"
"""The plan of a module, as far as it is about configurations. It is committed, so the comparison needs no Terraform."""
NEEDS = "needs terraform, and the AWS provider in the mirror that IBLINT_TERRAFORM_MIRROR names"
TYPE = "aws_imagebuilder_infrastructure_configuration"

PROVIDER = """
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""


def mirror():
    """Return the folder that holds ``registry.terraform.io``, or None. CI finds it, and others name it."""
    named = os.environ.get("IBLINT_TERRAFORM_MIRROR", "")
    return named if os.path.isdir(os.path.join(named, "registry.terraform.io")) else None


def available():
    """Return whether plans can be made here."""
    return TERRAFORM is not None and mirror() is not None


def environment(folder):
    """Return the environment in which Terraform uses the mirror alone."""
    config = folder / "cli.tfrc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror()}"\n  }}\n}}\n')
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TF_CLI_CONFIG_FILE": str(config),
        "CHECKPOINT_DISABLE": "1",
    }


def prepare(module, folder):
    """Copy a module, with a provider block if it has none. Return the environment to run Terraform in."""
    shutil.copytree(module, folder, dirs_exist_ok=True)
    if not any('provider "aws"' in path.read_text(encoding="utf-8") for path in folder.glob("*.tf")):
        (folder / "provider_for_test.tf").write_text(PROVIDER)
    env = environment(folder)
    run("init", "-no-color", folder=folder, env=env)
    return env


def plan(module, folder):
    """Return what Terraform plans for the configurations of a module: address -> after and after_unknown."""
    env = prepare(module, folder)
    run("plan", "-refresh=false", "-out=plan", "-no-color", folder=folder, env=env)
    shown = json.loads(run("show", "-json", "plan", folder=folder, env=env).stdout)
    changes = [each for each in shown["resource_changes"] if each["type"] == TYPE]
    return {
        each["address"]: {key: each["change"][key] for key in ("after", "after_unknown")}
        for each in sorted(changes, key=lambda each: each["address"])
    }
