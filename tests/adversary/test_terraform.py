"""No spelling and no broken text makes a configuration of Terraform disappear, and nothing is read or run for it."""

from __future__ import annotations

import pytest

OPTIONS = '  instance_metadata_options {\n    http_tokens = "optional"\n  }\n'
BODY = f'{{\n  name = "web"\n  instance_profile_name = "b"\n{OPTIONS}}}\n'
TYPE = "aws_imagebuilder_infrastructure_configuration"
HEADERS = {
    "quoted": f'resource "{TYPE}" "x" ',
    "bare": f"resource {TYPE} x ",
    "escaped": 'resource "aws_image\\u0062uilder_infrastructure_configuration" "x" ',
    "awscc": f'resource "{TYPE.replace("aws_", "awscc_")}" "x" ',
    "tabs": f'resource\t"{TYPE}"\t"x"\t',
    "after a comment": f'/* resource */ resource "{TYPE}" "x" ',
}


def seen(result):
    return result.code in (1, 4) and bool(result.report["configurations"] or result.report["problems"])


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_no_spelling_hides_a_configuration(checked, header, encoding):
    assert seen(checked({"main.tf": (header + BODY).encode(encoding)}))


BEFORE = [
    'x "',
    "<<EOT\n",
    "/*",
    "locals {\n  a = <<EOT\n",
    'locals {\n  a = "${"\n',
    "[",
    "{",
    "resource {",
    '"',
    "\x01",
]


@pytest.mark.parametrize("before", BEFORE)
def test_no_broken_text_before_it_hides_a_configuration(checked, before):
    assert seen(checked({"main.tf": f"{before}\n{HEADERS['quoted']}{BODY}"}))


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_no_line_end_hides_a_configuration(checked, line_end):
    assert seen(checked({"main.tf": (HEADERS["quoted"] + BODY).replace("\n", line_end)}))


def test_a_module_cannot_make_iblint_run_or_fetch_anything(checked, monkeypatch):
    text = (
        'data "external" "x" {\n  program = ["touch", "ran"]\n}\n'
        'module "m" {\n  source = "git::https://example.invalid/m.git"\n}\n'
        'provider "evil" {}\n' + HEADERS["quoted"] + BODY.replace('"optional"', "data.external.x.result.tokens")
    )
    result = checked({"main.tf": text})
    assert result.code in (1, 4) or result.report["configurations"]
