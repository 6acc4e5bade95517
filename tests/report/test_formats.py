"""What holds for every format."""

from __future__ import annotations

import html
import re

import pytest

from iblint.model.document import Notice, NotJudged
from iblint.model.errors import UsageError
from iblint.model.record import replace
from iblint.model.report import Outcomes, Report
from iblint.report import FORMATS, Needs, Style, needs_of, render
from tests.report import builder

SECRETS = {
    "access key": "AKIAIOSFODNN7EXAMPLE",
    "temporary access key": "ASIAIOSFODNN7EXAMPLE",
    "named secret key": "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "bare secret key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "session token": 'sessionToken: "IQoJb3JpZ2luX2VjEFAaCXVzLWVhc3QtMSJGMEQCIB"',
    "password": "password: hunter2hunter2",
    "password in an address": "https://builder:hunter2hunter2@repo.corp/images",
    "github token": "ghp_0123456789abcdefghijABCDEFGHIJ456789",
    "web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
}
HARMLESS = (
    "httpTokens: required",
    "clientToken: 5d7f1b1c-6a1c-4b5e-9d7c-0a1b2c3d4e5f",
    "snsTopicArn: arn:aws:sns:eu-central-1:123456789012:image-builder-Notifications2",
    "digest: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c",
    "keyPair: build-hosts",
    'password: "{{resolve:secretsmanager:db:SecretString:password}}"',
)


def test_formats_are_the_modules_of_the_folder() -> None:
    assert {"text", "concise", "json", "sarif", "github", "gitlab", "html", "junit", "markdown", "rdjson"} <= set(
        FORMATS
    )
    assert "style" not in FORMATS


def test_unknown_format_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"'yaml'.*concise, .*json, .*sarif, text"):
        render("yaml", builder.plain_report(), Style())


@pytest.mark.parametrize("form", FORMATS)
def test_formats_read_no_reasons_unless_they_need_them(form: str, nasty: Report) -> None:
    bare = replace(
        nasty,
        configurations=tuple(
            replace(configuration, outcomes=Outcomes.verdicts_only(configuration.outcomes.verdicts))
            for configuration in nasty.configurations
        ),
    )
    if needs_of([form]).reasons:
        with pytest.raises(LookupError, match="kept verdicts only"):
            render(form, bare, Style())
    else:
        assert render(form, bare, Style()) == render(form, nasty, Style())


def test_needs_of_several_formats_are_added_up() -> None:
    assert needs_of(["concise", "github"]) == Needs()
    assert needs_of(["concise", "html"]) == Needs(reasons=True, checkout=True)
    assert needs_of(["sarif", "json"]) == Needs(reasons=True, checkout=True, prose=True)
    assert not needs_of(["text"]).reasons
    assert needs_of(["text"], detailed=True).reasons
    assert not needs_of(["concise"], detailed=True).reasons
    with pytest.raises(UsageError):
        needs_of(["yaml"])


@pytest.mark.parametrize("form", FORMATS)
def test_second_rendering_is_identical(form: str, nasty: Report) -> None:
    assert render(form, nasty, Style()) == render(form, builder.nasty_report(), Style())


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_unsafe_reaches_the_output(form: str, nasty: Report) -> None:
    written = render(form, nasty, Style(verbosity=1))
    assert written.endswith("\n")
    assert written.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]", written)
    commands = [line for line in written.splitlines() if line.lstrip().startswith("::")]
    assert not [line for line in commands if form != "github" or not re.match("::(error|warning|notice) file=", line)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("what", SECRETS)
def test_secrets_are_masked_everywhere(form: str, what: str) -> None:
    """In excerpts, messages, help, provenance, labels, paths, names, reasons, fixes, problems and notices."""
    secret = SECRETS[what]
    text = f"name: web\ndescription: '{secret}'\n"
    span = builder.locate(text, f"'{secret}'")
    found = builder.finding(
        builder.IMDS,
        "a.yaml",
        span,
        ("tags", secret),
        f"description is '{secret}'. So is '{secret}'.",
        help=f"Remove '{secret}'.",
        provenance=f"the default '{secret}'",
        related=(builder.Location("a.yaml", span, f"here is '{secret}'"),),
        fix=builder.Fix(f"Remove '{secret}'", "safe", (builder.TextEdit("a.yaml", span, f"'{secret}'"),)),
        suppression=builder.Suppression("waiver", f"It is '{secret}'.", owner=secret),
    )
    judged = builder.configuration(
        "a.yaml", secret, outcomes=(builder.Outcome("IB201", "x", builder.Verdict.PASS, f"'{secret}'."),)
    )
    problem = builder.InputError("a.yaml", 2, 14, f"Cannot read '{secret}'.")
    report = builder.report(
        {"a.yaml": text},
        [found],
        [problem],
        [judged],
        notices=(Notice("a.yaml", 1, f"ignored '{secret}'"),),
        not_judged=(NotJudged("a.py", 1, 1, "sdk-code", f"It holds '{secret}'.", f"Remove '{secret}'."),),
    )
    written = render(form, report, Style(verbosity=1, show_passed=True, width=200))
    visible = re.split(r"[=:]\s*", secret)[-1].strip('"')
    assert visible not in written
    assert visible[8:] not in written
    assert "*****" in html.unescape(written)


@pytest.mark.parametrize("line", HARMLESS)
def test_harmless_values_are_shown(line: str) -> None:
    text = f"name: web\n{line}\n"
    found = builder.finding(builder.IMDS, "a.yaml", builder.locate(text, line), (), "It is wrong.")
    assert line in render("text", builder.report({"a.yaml": text}, [found]), Style())


def test_private_keys_are_masked_on_every_line() -> None:
    body = "MIIEpAIBAAKCAQEAv5L1\n  ZsQ8x9y2T0k4m6n8b1c3"
    text = f"userData: |\n  -----BEGIN RSA PRIVATE KEY-----\n  {body}\n  -----END RSA PRIVATE KEY-----\nname: web\n"
    lines = [builder.Span(n, 1, n, 40) for n in (2, 3, 4, 5, 6)]
    findings = [builder.finding(builder.IMDS, "a.yaml", span, (), "It is wrong.") for span in lines]
    for form in ("text", "sarif"):
        written = render(form, builder.report({"a.yaml": text}, findings), Style())
        assert "MIIEp" not in written
        assert "ZsQ8x" not in written
        assert "name: web" in written


def test_masking_ends_on_a_text_made_to_slow_it_down() -> None:
    """Thousands of unclosed keys and names: a pattern that scans the rest of the text from each would take hours."""
    text = "-----BEGIN X-----" * 20_000 + "secret" * 20_000 + "a-" * 20_000 + "passwd:" * 20_000
    found = builder.finding(builder.IMDS, "a.yaml", builder.Span(1, 1, 1, 5), (), "It is wrong.")
    assert "It is wrong." in render("text", builder.report({"a.yaml": text}, [found]), Style())
