"""Where programs make a configuration, under whatever name, and where they only speak of one."""

from __future__ import annotations

import pytest

import iblint

MAKE_ONE = {
    "imported as.ts": "import { CfnInfrastructureConfiguration as I } from 'aws-cdk-lib/aws-imagebuilder';\n",
    "imported as.py": "from aws_cdk.aws_imagebuilder import CfnInfrastructureConfiguration as I\nI(s, 'x')\n",
    "assigned class.ts": "import * as ib from 'aws-cdk-lib';\nconst I = ib.CfnInfrastructureConfiguration;\n",
    "returned class.py": "def make():\n    return imagebuilder.CfnInfrastructureConfiguration\n",
    "target typed.cs": 'using Amazon.CDK;\nCfnInfrastructureConfiguration x = new(this, "x", props);\n',
    "constant.ts": "const T = 'AWS::ImageBuilder::InfrastructureConfiguration';\nnew CfnResource(s, 'x', { type: T });",
    "constant.py": "T = 'AWS::ImageBuilder::InfrastructureConfiguration'\ncontrol.create_resource(TypeName=T)\n",
    "bracket.js": "client['createInfrastructureConfiguration']({ name: 'x' });\n",
    "bound.js": "client['createInfrastructureConfiguration'].bind(client)({});\n",
    "destructured.js": "const { createInfrastructureConfiguration } = new Imagebuilder({});\n",
    "command as.ts": "import { CreateInfrastructureConfigurationCommand as C } from '@aws-sdk/client-imagebuilder';\n",
    "symbol.rb": "client.public_send(:create_infrastructure_configuration, name: 'x')\n",
    "method.rb": "client.method(:create_infrastructure_configuration).call\n",
    "low level.py": "client._make_api_call('CreateInfrastructureConfiguration', spec)\n",
    "request.js": "client.makeRequest('createInfrastructureConfiguration', spec);\n",
    "lower case.ps1": "new-ec2ibinfrastructureconfiguration -name x\n",
    "when.rb": "case x when (1) then client.create_infrastructure_configuration(name: 'x') end\n",
    "bound.py": "create = client.create_infrastructure_configuration\ncreate()\n",
}

MAKE_NONE = {
    "mock.py": "c.create_infrastructure_configuration.return_value = {}\n"
    "c.create_infrastructure_configuration.assert_called_once_with(name='x')\n",
    "patched.py": "client.create_infrastructure_configuration = MagicMock()\n",
    "jest.ts": "client.createInfrastructureConfiguration = jest.fn();\n"
    "expect(client.createInfrastructureConfiguration).toHaveBeenCalledTimes(1);\n",
    "gomock.go": "m.EXPECT().CreateInfrastructureConfiguration(gomock.Any()).Return(nil, nil)\n",
    "Mockito.java": "when(client.createInfrastructureConfiguration(any())).thenReturn(answer);\n"
    "verify(client).createInfrastructureConfiguration(any());\n",
    "moq.cs": "mock.Setup(x => x.CreateInfrastructureConfigurationAsync(It.IsAny<R>())).ReturnsAsync(answer);\n",
    "stubber.py": "stubber.add_response('create_infrastructure_configuration', {}, {})\n",
    "aspect.ts": "if (node instanceof imagebuilder.CfnInfrastructureConfiguration) { check(node); }\n",
    "type alias.ts": "export type I = imagebuilder.CfnInfrastructureConfiguration;\n",
    "imported.js": "const { CreateInfrastructureConfigurationCommand } = require('@aws-sdk/client-imagebuilder');\n",
    "constant.py": "T = 'AWS::ImageBuilder::InfrastructureConfiguration'\nprint(T)\n",
    "block.ps1": "<#\nNew-EC2IBInfrastructureConfiguration -Name x\n#>\n",
    "block.rb": "=begin\nclient.create_infrastructure_configuration\n=end\n",
}


@pytest.mark.parametrize(("name", "text"), MAKE_ONE.items(), ids=MAKE_ONE)
def test_a_program_that_makes_one_is_listed(tree, name, text):
    tree({name: text})
    assert [entry.file for entry in iblint.check(["."]).not_judged] == [name]


@pytest.mark.parametrize(("name", "text"), MAKE_NONE.items(), ids=MAKE_NONE)
def test_a_program_that_makes_none_is_nothing(tree, name, text):
    tree({name: text})
    report = iblint.check(["."])
    assert (report.not_judged, report.problems) == ((), ())


CLI = "aws imagebuilder create-infrastructure-configuration --name x\n"
PROBLEMS = {
    "snake.toml": '[infra]\nname = "x"\ninstance_profile_name = "p"\nterminate_instance_on_failure = false\n',
    "capitals.toml": '[infra]\nInstanceProfileName = "p"\nTerminateInstanceOnFailure = false\n',
    "inline.toml": 'infra = { name = "x", instanceProfileName = "p" }\n',
    "dotted.toml": 'infra.instanceProfileName = "p"\ninfra.terminateInstanceOnFailure = false\n',
    "task.yml": "inputs: {awsCommand: imagebuilder, awsSubCommand: create-infrastructure-configuration}\n",
    "pod.yaml": "command: [aws, imagebuilder]\nargs: [create-infrastructure-configuration, --name, x]\n",
    "one list.yaml": "command: [aws]\nargs: [imagebuilder, create-infrastructure-configuration]\n",
    "make-infra": CLI,
    "lower.yaml": "run: |\n  new-ec2ibinfrastructureconfiguration -Name x\n",
    "changes.json": '{"format_version": "1.2", "resource_changes": [{"mode": "managed", "change": {}, '
    '"type": "aws_imagebuilder_infrastructure_configuration"}]}',
    "nul.yaml": "\0name: x\ninstanceProfileName: p\n",
}


@pytest.mark.parametrize(("name", "text"), PROBLEMS.items(), ids=PROBLEMS)
def test_data_that_declares_one_is_a_problem(tree, name, text):
    tree({name: text})
    assert [problem.file for problem in iblint.check(["."]).problems] == [name]


@pytest.mark.parametrize("name", ["README", "CHANGELOG", "docs/LICENSE"])
def test_a_text_for_people_without_a_suffix_is_nothing(tree, name):
    tree({name: f"Run `{CLI.strip()}`.\n"})
    report = iblint.check(["."])
    assert (report.not_judged, report.problems) == ((), ())


def test_a_comment_in_toml_is_nothing(tree):
    tree({"x.toml": f"# {CLI}# instanceProfileName = 1\n# terminateInstanceOnFailure = 2\n"})
    assert iblint.check(["."]).problems == ()


def test_a_state_is_listed_whatever_its_name(tree):
    resource = '{"mode": "managed", "type": "aws_imagebuilder_infrastructure_configuration", "instances": []}'
    tree({"state.json": f'{{"version": 4, "terraform_version": "1.9", "resources": [\n{resource}]}}\n'})
    assert [(n.kind, n.line) for n in iblint.check(["."]).not_judged] == [("terraform-state", 2)]
