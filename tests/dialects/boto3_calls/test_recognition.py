"""What counts as a call, where its values stand, and what is said of programs that cannot be read."""

from __future__ import annotations

import json

import pytest

from iblint.model.settings import Settings
from iblint.model.values import Unresolved
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from iblint.session import Session

RULES = load_packs(Settings())
CALL = 'create_infrastructure_configuration(name="web", instanceProfileName="builder")'


@pytest.fixture
def judge(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(text, file="app.py", **settings):
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / file).write_bytes(data)
        return check_paths(["."], Settings(**settings), rules=RULES, session=Session(keep_resources=True))

    return run


def said(report):
    return len(report.configurations), len(report.problems), [entry.kind for entry in report.not_judged]


CALLS = {
    "a client of a session": 'import boto3\nboto3.Session().client("imagebuilder").' + CALL,
    "a parameter": f"def f(client):\n    return client.{CALL}",
    "an attribute": f"class A:\n    def f(self):\n        return self._ib.{CALL}",
    "a method": f"class A:\n    def f(self):\n        return self._client().{CALL}",
    "a wrapper around the client": "class A:\n"
    f"    def create_infrastructure_configuration(self):\n        self.c.{CALL}",
    "awaited": "import aioboto3\nasync def f():\n    async with aioboto3.Session().client('imagebuilder') as c:\n"
    f"        await c.{CALL}",
    "a mapping alone": "def f(c, **kwargs):\n    return c.create_infrastructure_configuration(**kwargs)",
    "a misspelt member of a known client": 'import boto3\nc = boto3.client("imagebuilder")\n'
    'c.create_infrastructure_configuration(name="web", instanceProfilename="builder")',
    "a misspelt member": "def f(c):\n"
    "    c.create_infrastructure_configuration(name=1, instanceProfileName=2, keypair=3)",
    "the answer is used": f"def f(c):\n    return c.{CALL}['infrastructureConfigurationArn']",
    "an update": "def f(c):\n"
    "    c.update_infrastructure_configuration(infrastructureConfigurationArn=c.a, description='x')",
}


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS.keys())
def test_calls_are_judged(judge, text):
    assert said(judge(text)) == (1, 0, [])


NONE = {
    "a definition": "def create_infrastructure_configuration(*, name: str = ..., instanceProfileName: str = ...): ...",
    "a stub": "class Client:\n    def create_infrastructure_configuration(self, **kwargs: object) -> dict: ...",
    "a bare name": f"from helpers import create_infrastructure_configuration\n{CALL}",
    "a wrapper of the program's own": "class H:\n    def create_infrastructure_configuration(self, name): ...\n"
    'H().create_infrastructure_configuration(name="x")\nh = H()\nh.create_infrastructure_configuration(name="x")',
    "a wrapper by its keywords": 'def f(h):\n    h.create_infrastructure_configuration(name="x", profile_name="y")',
    "a wrapper of the same class": "class A:\n    def create_infrastructure_configuration(self, name): ...\n"
    f"    def run(self):\n        self.{CALL}",
    "a module": f"import helpers\nhelpers.{CALL}",
    "no keywords": "def f(c):\n    c.create_infrastructure_configuration()",
    "positional arguments": 'def f(c):\n    c.create_infrastructure_configuration("web", instanceProfileName="x")',
    "an assertion of a mock": f"def test(client):\n    client.{CALL.replace('(', '.assert_called_once_with(', 1)}",
    "the answer of a mock": "def test(client):\n    client.create_infrastructure_configuration.return_value = {}",
    "a mock": f"from unittest.mock import MagicMock\nc = MagicMock()\nc.{CALL}",
    "an expected call": f"from unittest.mock import call\ndef test(m):\n    m.assert_has_calls([call.{CALL}])",
    "a name of a mock": f"def test(mock_client):\n    mock_client.{CALL}",
    "a patch": "from unittest.mock import patch\npatch.object(C, 'create_infrastructure_configuration')",
    "a stubber": "def test(stubber):\n"
    "    stubber.add_response('create_infrastructure_configuration', {}, {'name': 'x'})",
    "a docstring": f'"""Example::\n\n    client.{CALL}\n"""',
    "a comment": f"# client.{CALL}",
    "another string": f"EXAMPLE = '''client.{CALL}'''",
    "another service": f'import boto3\nboto3.client("ec2").{CALL}',
    "a permission": 'ACTIONS = ["imagebuilder:CreateInfrastructureConfiguration"]\n'
    "# create_infrastructure_configuration",
    "a list of operations": 'OPERATIONS = ["create_infrastructure_configuration"]',
    "a paginator test": 'def f(c):\n    c.can_paginate("create_infrastructure_configuration")',
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_is_no_call_is_nothing(judge, text):
    assert said(judge(text)) == (0, 0, [])


PASSED_ON = {
    "a name for the method": "def f(c, **kw):\n    create = c.create_infrastructure_configuration\n    create(**kw)",
    "partial": "from functools import partial\ndef f(c):\n"
    '    partial(c.create_infrastructure_configuration, name="x")()',
    "getattr": 'def f(c, **kw):\n    getattr(c, "create_infrastructure_configuration")(**kw)',
    "a thread": "def f(c, run, kw):\n    run(c.create_infrastructure_configuration, **kw)",
}


@pytest.mark.parametrize("text", PASSED_ON.values(), ids=PASSED_ON.keys())
def test_a_method_that_is_passed_on_is_listed(judge, text):
    assert said(judge(text)) == (0, 0, ["sdk-code"])


def test_other_programs_in_python_are_still_listed(judge):
    text = "from aws_cdk import aws_imagebuilder as ib\nib.CfnInfrastructureConfiguration(self, 'x', name='web')\n"
    text += f"def f(c):\n    c.{CALL}"
    assert said(judge(text)) == (1, 0, ["cdk-source"])


def test_columns_count_code_points_and_places_are_those_of_the_values(judge):
    text = 'def f(c):\n    x = "é🚀"; c.create_infrastructure_configuration(name="wéb", instanceProfileName="b🚀",\n'
    text += "        terminateInstanceOnFailure=False)\n"
    (resource,) = judge(text).resources
    line = text.splitlines()[1]
    place = resource.place(("instanceProfileName",))
    assert line[place.value.column - 1 : place.value.end_column - 1] == '"b🚀"'
    assert place.key is not None
    assert line[place.key.column - 1 : place.key.end_column - 1] == "instanceProfileName"
    assert resource.place(("terminateInstanceOnFailure",)).value[:2] == (3, 36)
    assert line[resource.span.column - 1 : resource.span.end_column - 1] == "create_infrastructure_configuration"


def notebook(*cells):
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False)


def test_notebooks_are_read_and_places_are_those_in_the_json(judge):
    cells = (
        ["%pip install boto3\n", "import boto3\n", 'name = "wéb"\n'],
        'x = "a\\"b"; boto3.client("imagebuilder").create_infrastructure_configuration(\n'
        '  name=name, instanceProfileName="buil\\u0064er",\n  terminateInstanceOnFailure=False)',
    )
    text = notebook(*cells)
    report = judge(text, "n.ipynb")
    assert said(report) == (1, 0, [])
    (resource,) = report.resources
    lines = text.splitlines()
    for path, expected in ((("terminateInstanceOnFailure",), "False"), (("name",), '\\"wéb\\"')):
        span = resource.place(path).value
        assert span.line == span.end_line
        assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == expected


def test_a_cell_that_is_no_python_is_a_problem_and_the_others_are_judged(judge):
    text = notebook(
        "a b c\nname = 'x'\n", f"def f(c):\n    c.{CALL}\n", "def f(c):\n    c." + CALL.replace('"web"', "name")
    )
    report = judge(text, "n.ipynb")
    assert said(report) == (2, 1, [])
    assert isinstance(report.resources[1].spec["name"], Unresolved)
    assert "cannot read the program" in report.problems[0].message


def test_cells_of_other_languages_are_left(judge):
    assert said(judge(notebook("%%bash\necho hello\n", f"def f(c):\n    c.{CALL}\n"), "n.ipynb")) == (1, 0, [])


BROKEN = {
    "a syntax error": (f"def f(c):\n    c.{CALL}\n  x = = 1\n", 3),
    "another version of Python": (f'print "hello"\nc.{CALL}\n', 1),
    "a later version of Python": (f"def f(c):\n    c.{CALL}\n\ndef g():\n    lazy import x\n", 5),
    "nested too deeply": (f"c.{CALL}\nx = {'(' * 5000}1{')' * 5000}\n", 2),
}


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_a_program_that_cannot_be_read_is_a_problem_if_it_makes_the_call(judge, text, line):
    report = judge(text)
    assert said(report) == (0, 1, [])
    assert report.problems[0].line == line
    without = judge(text.replace("c.create", "# create"))
    assert said(without) == (0, 0, [])


def test_a_program_in_another_encoding_is_read_if_it_says_so(judge):
    text = f"# -*- coding: latin-1 -*-\nclient.{CALL.replace('web', 'wéb')}\n"
    (resource,) = judge(text.encode("latin-1")).resources
    assert resource.spec["name"] == "wéb"
    assert said(judge(text.replace("latin-1", "utf-8").encode("latin-1"))) == (0, 1, [])


def test_long_and_deep_programs_are_read(judge):
    long = f"def f(c):\n    c.{CALL}\n" + "x = 1\n" * 100_000
    assert said(judge(long)) == (1, 0, [])
    deep = (
        "def f(c):\n    c.create_infrastructure_configuration(instanceProfileName='b', name="
        + " + ".join(["'a'"] * 2000)
        + ")\n"
    )
    (resource,) = judge(deep).resources
    assert isinstance(resource.spec["name"], Unresolved)


@pytest.mark.parametrize("above", ["# iblint: build-type=container\n", ""])
def test_directives_hold_for_the_call_that_they_stand_at(judge, above):
    text = f"{above}import boto3\n\n\ndef f(c):\n    # iblint: sns-topic-key=none\n    c.{CALL}\n\n\n"
    text += f"def g(c):\n    c.{CALL}\n"
    first, second = judge(text).resources
    everywhere = ["build-type"] if above else []
    assert [directive.key for directive in first.directives] == [*everywhere, "sns-topic-key"]
    assert [directive.key for directive in second.directives] == everywhere
    assert (first.address, second.address) == ("f." + CALL.partition("(")[0], "g." + CALL.partition("(")[0])


def test_directives_in_notebooks_have_their_place_in_the_json(judge):
    text = notebook("x = 1\n", f"def f(c):\n    # iblint: build-type=ami\n    c.{CALL}\n")
    (resource,) = judge(text, "n.ipynb").resources
    span = resource.directives[0].location.span
    assert text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1] == "# iblint: build-type=ami"


def test_a_directive_that_applies_to_nothing_is_a_problem(judge):
    report = judge(f"import boto3\n# iblint: build-type=ami\nx = 1\n\nboto3.client('imagebuilder').{CALL}\n")
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, 1)]


def test_the_region_of_the_client_is_that_of_the_configuration(judge):
    text = f'import boto3\nR = "eu-central-1"\nc = boto3.client("imagebuilder", region_name=R)\nc.{CALL}\n'
    assert judge(text).resources[0].region == "eu-central-1"


READS = 'import json\ndef f(c):\n    c.create_infrastructure_configuration(name="a", '


def test_a_file_outside_the_root_is_not_read(judge, tmp_path):
    (tmp_path.parent / "outside.json").write_text('{"instanceProfileName": "builder"}')
    text = f'{READS}**json.load(open("../outside.json")))\n'
    (resource,) = judge(text).resources
    assert isinstance(resource.spec["instanceProfileName"], Unresolved)
    assert resource.spec["name"] == "a"


def test_a_name_that_means_two_files_is_not_known(judge, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "r.json").write_text('{"instanceProfileName": "builder"}')
    text = 'import json\ndef f(c):\n    c.create_infrastructure_configuration(name="a", **json.load(open("r.json")))\n'
    known = judge(text, "sub/app.py").resources
    assert [resource.spec["instanceProfileName"] for resource in known if resource.dialect == "boto3-calls"] == [
        "builder"
    ]
    (tmp_path / "r.json").write_text('{"instanceProfileName": "other"}')
    (resource,) = (each for each in judge(text, "sub/app.py").resources if each.dialect == "boto3-calls")
    assert isinstance(resource.spec["instanceProfileName"], Unresolved)


def test_the_user_may_say_that_a_file_is_python(judge):
    report = judge(f"def f(c):\n    c.{CALL}\n", "app.txt.tpl", dialect="boto3-calls")
    assert len(report.configurations) == 1
