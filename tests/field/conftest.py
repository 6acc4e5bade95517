"""A repository with one sound request and one file of each kind that is not judged."""

from __future__ import annotations

import json

import pytest

GOOD = """# iblint: build-type=ami
name: web-base
instanceProfileName: image-builder
subnetId: subnet-0fedcba9876543210
securityGroupIds: [sg-0fedcba9876543210]
instanceMetadataOptions: {httpTokens: required, httpPutResponseHopLimit: 2}
terminateInstanceOnFailure: true
"""
WEAK = "name: weak\ninstanceProfileName: p\ninstanceMetadataOptions: {httpTokens: optional}\n"
CALL = "aws imagebuilder create-infrastructure-configuration --name web\n"
NOT_JUDGED = {
    "Dockerfile": f"FROM amazon/aws-cli\nRUN {json.dumps(CALL.split())}\n",
    "Jenkinsfile": f"sh '{CALL.strip()}'\n",
    "Makefile": f"infra:\n\t{CALL}",
    "New.ps1": "New-EC2IBInfrastructureConfiguration -Name web\n",
    "cdk.ts": 'import "aws-cdk-lib";\nnew imagebuilder.CfnInfrastructureConfiguration(this, "I", {});\n',
    "cdktf.ts": 'import "cdktf";\nnew ImagebuilderInfrastructureConfiguration(this, "I", {});\n',
    "infra": 'resource "aws_imagebuilder_infrastructure_configuration" "x" {}\n',
    "make.sh": f"bash -c '{CALL.strip()}'\n",
    "note.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": ["%%bash\n", CALL]}]}) + "\n",
    "pulumi.ts": 'import "@pulumi/aws";\nnew aws.imagebuilder.InfrastructureConfiguration("x", {});\n',
    "sdk.py": "send(client.create_infrastructure_configuration, name='x')\n",
    "terraform.tfstate": '{"resources": [{"type": "aws_imagebuilder_infrastructure_configuration"}]}\n',
    "terragrunt.hcl": 'x = <<EOF\nresource "aws_imagebuilder_infrastructure_configuration" "x" {}\nEOF\n',
    "tropo.py": "import troposphere.imagebuilder as ib\nib.InfrastructureConfiguration('I')\n",
}
KINDS = {
    *("cdk-source", "cdktf-source", "dockerfile", "jenkinsfile", "makefile", "notebook", "powershell", "pulumi-source"),
    *("sdk-code", "shell-script", "terraform", "terraform-state", "terragrunt", "troposphere-source"),
}


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Write files into a repository that is the working folder."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def write(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write
