"""Which bytes are worth parsing, and which are ours even when broken."""

from __future__ import annotations

import subprocess
import sys

import pytest

from iblint.dialects.shared.prefilter import MARKERS, has_marker, is_ours
from iblint.dialects.shared.registry import DIALECTS, load_dialect

BROKEN = "name: web\ninstanceProfileName: builder\ntags: [\n"


@pytest.mark.parametrize(
    "text",
    [
        "instanceProfileName: x",
        "InstanceProfileName: x",
        "instance_profile_name: x",
        "terminate-instance-on-failure: x",
        "terminateInstanceOnFailure: x",
        "instanceMetadataOptions: {}",
        "httpTokens: x",
        "snsTopicArn: x",
        "Type: AWS::ImageBuilder::InfrastructureConfiguration",
        'resource "aws_imagebuilder_infrastructure_configuration" "x" {}',
        "client.create_infrastructure_configuration(",
        "# iblint: build-type=ami",
        '{"instanceProfileN\\u0061me": 1}',
        '{"\\u0069nst": 1}',
        '"\\x69nst": 1',
        '"\\U00000069nst": 1',
        '"instancePro\\\n  \tfileName": x',
        '"instancePro\\\r\nfileName": x',
        '"instancePro\\\u2028 fileName": x',
    ],
)
def test_files_that_may_be_ours_are_parsed(text):
    assert has_marker(text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_other_encodings_hide_nothing(encoding):
    assert has_marker("a: b".encode(encoding))
    assert is_ours(BROKEN.encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name: a\ndescription: b\n",
        '{"html": "\\u003cb\\u003e"}',
        "path: C:\\\\Users\\\\x86",
        "regex: '\\d+\\.\\w'",
        "a: \\u00e4",
        "run: |\n  make \\\n    all\n",
        "app.kubernetes.io/instance: web\nbuilder: heroku\n",
    ],
)
def test_other_files_are_not(text):
    assert not has_marker(text.encode())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_markers_of_every_dialect_are_searched_for(dialect):
    assert all(has_marker(marker) for marker in load_dialect(dialect).MARKERS)


@pytest.mark.parametrize("marker", MARKERS)
def test_each_marker_is_found_by_itself_and_nothing_less_of_it(marker):
    assert has_marker(b"a: 1\n" + marker)
    assert not has_marker(marker[1:])
    assert not has_marker(marker[:-1])


def test_searching_imports_no_parser_and_no_model():
    code = (
        "import sys; from iblint.dialects.shared.prefilter import has_marker; has_marker(b'x: y');"
        "print([m for m in ('yaml', 'json', 'dataclasses', 'iblint.model') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    [
        BROKEN,
        "- name: a\n  instanceProfileName: b\n  tags: [\n",
        '{"name": "a", "instanceProfileName": "b",,}',
        "{name: a, instanceProfileName: b",
        "name: a\nterminateInstanceOnFailure: false\n  x: [",
        "name: {{ name }}\ninstanceProfileName: {{ profile }}\n",
        '{"n\\u0061me": 1, "instanceProfileN\\u0061me": 2,,}',
        "Type: AWS::ImageBuilder::InfrastructureConfiguration\n  x: [",
        'resource "aws_imagebuilder_infrastructure_configuration" "x" {',
        "imagebuilder.create_infrastructure_configuration(name=",
        f"```yaml\n{BROKEN}```\n",
        "name: a\r\nterminateInstanceOnFailure: b\r\nx: [\r\n",
        "name: a\rinstanceProfileName: b\rx: [\r",
        "? name\n: a\n? instanceProfileName # the profile\n: b\nx: [\n",
        "!!str name: a\n!!str instanceProfileName: b\nx: [\n",
        "&n name: a\n&i !!str instanceProfileName: b\nx: [\n",
        "? &n name # c\n: a\n? !!str 'instanceProfileName'\n: b\nx: [\n",
        '{"name"\n: "a", "instanceProfileName"  # the profile\n  : "b",,}',
        "[{name: a, instanceProfileName: b}, {",
        '"na\\\n  me": a\n"instancePro\\\n  fileName": b\nx: [\n',
        "# as in ```README```\n" + BROKEN,
        "description: |\n  ```\n" + BROKEN + "x: |\n  ```\n",
        BROKEN + "```\n",
    ],
)
def test_broken_files_that_are_ours(text):
    assert is_ours(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "instanceProfileName: x\na: [",
        "The instanceProfileName and the name: see below: [",
        "# Title\n\nWrite:\n\n```yaml\nname: a\ninstanceProfileName: b\n```\n\nThen: run: it.\n",
        "name: a\ndescription: b\nsubnetId: c\nx: [",
        "name: a\nsnsTopicArn: b\nx: [",
        "otherinstanceProfileName: a\nname: b\nx: [",
        "Use `AWS::ImageBuilder::Image`:\n\n```yaml\nResources: [\n```\n",
    ],
)
def test_broken_files_that_are_not_ours(text):
    assert not is_ours(text.encode())


def test_a_well_formed_text_that_is_refused_is_ours_wherever_it_says_such_names():
    text = "- &p instanceProfileName\n- &n name\n- {*p : x, *n : y}\n```\n"
    assert is_ours(text.encode(), malformed=False)
    assert not is_ours(text.encode())
    assert not is_ours(b"a: otherinstanceProfileName\nname: b\n", malformed=False)


def test_bytes_of_any_kind_are_looked_at():
    assert not is_ours(bytes(range(256)))
    assert is_ours(b"\xfa\xfb\x80" + BROKEN.encode())
