"""Reports made by hand: an ordinary one, and one with content that formats must escape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from iblint.model.document import InputError, Notice, NotJudged
from iblint.model.fix import Fix as Fix
from iblint.model.fix import TextEdit as TextEdit
from iblint.model.path import Path
from iblint.model.report import Configuration, Finding, Outcome, Outcomes, Report
from iblint.model.report import Suppression as Suppression
from iblint.model.resource import Location
from iblint.model.rule import Control, OptionSpec, PackInfo, Rule
from iblint.model.span import Span
from iblint.model.verdict import Severity, Verdict
from iblint.report import Prose

DOCS = "https://github.com/iblint/iblint/blob/main/docs/rules"
TOKENS: Path = ("instanceMetadataOptions", "httpTokens")
HOPS: Path = ("instanceMetadataOptions", "httpPutResponseHopLimit")
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"


def rule(code: str, name: str, title: str, group: str, severity: Severity, **changes: Any) -> Rule:
    fields: dict[str, Any] = {
        "code": code,
        "name": name,
        "title": title,
        "group": group,
        "severity": severity,
        "status": "stable",
        "since": "0.1.0",
        "tags": (),
        "aliases": (),
        "enabled": True,
        "core": False,
        "report_unknown": True,
        "at": (),
        "absent": {},
        "schema": {},
        "check": None,
        "reads": (),
        "message": "",
        "remediation": "Correct {field}.",
        "options": (),
        "fix": None,
        "pack": "iblint",
        "url": f"{DOCS}/{code}-{name}.md",
    }
    return Rule(**fields | changes)


IMDS = rule(
    "IB201",
    "imdsv2-required",
    "Build instances must require IMDSv2",
    "security",
    Severity.ERROR,
    tags=("imds",),
    core=True,
    remediation="Set {/instanceMetadataOptions/httpTokens} to required.",
)
HOP_LIMIT = rule(
    "IB202",
    "container-hop-limit",
    "Container builds need a hop limit of 2",
    "security",
    Severity.ERROR,
    core=True,
    schema=None,
    check="container-hop-limit",
    options=(OptionSpec("min", "Lowest limit.", {"type": "integer"}, 2),),
    remediation="Set {/instanceMetadataOptions/httpPutResponseHopLimit} to at least {option:min} (as {{n}}).",
)
TYPES = rule("IB320", "type-known", "Instance types should be known", "reliability", Severity.WARNING)
RULES = (IMDS, HOP_LIMIT, TYPES)


PROSE = {
    "IB201": Prose(
        "Without a token, any process that can send a request reads the role's credentials.",
        bad="httpTokens: optional  # ```\n",
        good="httpTokens: required\n",
        controls=(
            Control("CIS AWS Foundations", "5.6", "analogous", "3.0.0"),
            Control("CIS AWS Foundations", "5.7", "analogous", "5.0.0"),
            Control("AWS Config", "ec2-imdsv2-check", "exact"),
        ),
    ),
    "IB202": Prose(
        "Containers are a hop away.", controls=(Control("CIS AWS Foundations", "5.4", "analogous", "3.0.0"),)
    ),
}


def locate(text: str, needle: str, nth: int = 1) -> Span:
    """Return the span of the nth occurrence of ``needle``, which is on one line. A byte order mark has no column."""
    text = text.removeprefix("\ufeff")
    start = -1
    for _ in range(nth):
        start = text.index(needle, start + 1)
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n")
    column = len(before) - (before.rfind("\n") + 1) + 1
    line = before.count("\n") + 1
    return Span(line, column, line, column + len(needle))


def finding(rule: Rule, file: str, span: Span, path: Path, message: str, **changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "rule": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "verdict": Verdict.FAIL,
        "message": message,
        "locations": (Location(file, span), *changes.pop("related", ())),
        "path": path,
        "configuration": f"{file}#web",
        "help": "Set httpTokens to required.",
    }
    return Finding(**fields | changes)


def report(
    texts: Mapping[str, str],
    findings: Sequence[Finding] = (),
    problems: Sequence[InputError] = (),
    configurations: Sequence[Configuration] = (),
    **changes: Any,
) -> Report:
    fields: dict[str, Any] = {
        "version": "0.1.0",
        "packs": (PackInfo("iblint", "0.1.0", "sha256:" + "0123456789abcdef" * 4),),
        "rules": RULES,
        "files": len(texts),
        "configurations": tuple(configurations),
        "findings": tuple(sorted(findings, key=lambda f: (f.location.file, *f.location.span[:2], f.rule))),
        "problems": tuple(problems),
        "exit_code": 4 if problems else 1 if findings else 0,
        "texts": texts,
    }
    return Report(**fields | changes)


def configuration(file: str, name: str = "web", **changes: Any) -> Configuration:
    fields: dict[str, Any] = {
        "id": f"{file}#web",
        "name": name,
        "dialect": "request",
        "file": file,
        "line": 1,
        "address": "/",
        "build_type": "unknown",
        "outcomes": (
            Outcome("IB201", "imdsv2-required", Verdict.FAIL, "httpTokens is 'optional'."),
            Outcome("IB202", "container-hop-limit", Verdict.UNKNOWN, "The build type is not known."),
            Outcome("IB320", "type-known", Verdict.PASS, 'instanceTypes is ["m5.large"].'),
            Outcome("IB204", "sns-key-same-account", Verdict.NOT_APPLICABLE, "snsTopicArn is not set."),
        ),
    }
    fields |= changes
    return Configuration(**{**fields, "outcomes": Outcomes.of(fields["outcomes"])})


PLAIN = """\
name: web
instanceProfileName: ib-profile
instanceTypes: [m5.large]
instanceMetadataOptions:
  httpTokens: optional
  httpPutResponseHopLimit: !Ref Hops
"""


def accepted_finding() -> Finding:
    """A finding with a fix of two edits, accepted by a comment."""
    file, token = "infra/web.yaml", locate(PLAIN, "optional")
    end = Span(7, 1, 7, 1)
    edits = (TextEdit(file, token, "required"), TextEdit(file, end, "description: d\n"), TextEdit("b.yaml", token, ""))
    comment = Location(file, Span(4, 1, 4, 9))
    return finding(
        IMDS,
        file,
        token,
        TOKENS,
        "It is 'optional'.",
        fix=Fix("Require IMDSv2", "safe", edits),
        suppression=Suppression("inline", "Legacy agent.", date(2027, 1, 31), "team-images", comment),
    )


def plain_report(**changes: Any) -> Report:
    """One ordinary file: a failed rule, and one that cannot be decided."""
    file = "infra/web.yaml"
    return report(
        {file: PLAIN},
        [
            finding(
                IMDS,
                file,
                locate(PLAIN, "optional"),
                TOKENS,
                "instanceMetadataOptions.httpTokens is 'optional'. Any process that can be tricked into sending a "
                "request reads the credentials of the build instance's role without a token.",
                help="Set instanceMetadataOptions.httpTokens to required:\n\n  httpTokens: required",
            ),
            finding(
                HOP_LIMIT,
                file,
                locate(PLAIN, "!Ref Hops"),
                HOPS,
                "Cannot tell whether the hop limit suffices: it is '!Ref Hops', and the parameter has no default.",
                severity=Severity.NOTE,
                verdict=Verdict.UNKNOWN,
                help="Write the value, or judge the file that is made from this one.",
                provenance="the parameter 'Hops'",
                related=(Location(file, locate(PLAIN, "name"), "the configuration begins here"),),
            ),
        ],
        configurations=[configuration(file)],
        **changes,
    )


NASTY = (
    "\ufeffname: '日本語 e\u0301 😀 web'\r\n"
    "description: 'red \x1b[31m, \u202ereversed\u2069, \x9b2J, bell \x07'\r\n"
    "instanceMetadataOptions:\r\n"
    "\thttpTokens:\t'日本 optional'\r\n"
    f"tags: {{note: '{ACCESS_KEY} ::error::x', 'a]b': '[x](https://evil.example)'}}\r\n"
)
MINIFIED = '{"name":"web","description":"' + "d" * 3000 + '","instanceTypes":["m5.lrage","t3.larg"],"x":1}'
OUTSIDE = "name: x\n"
NASTY_FILE, MINIFIED_FILE = "infra/a b%é.yaml", "infra/min.json"
OUTSIDE_FILE, COMMAND_FILE = "../other/x:y.yaml", "::error::.yaml"


def nasty_report(**changes: Any) -> Report:
    """Control and bidirectional characters, tabs, wide ones, CRLF, a byte order mark, a secret, forged commands."""
    description = "red \x1b[31m, \u202ereversed\u2069, \x9b2J, bell \x07"
    findings = [
        finding(IMDS, NASTY_FILE, locate(NASTY, "'日本 optional'"), TOKENS, "It is '日本 optional'. So\n::error::no."),
        finding(TYPES, NASTY_FILE, locate(NASTY, f"'{description}'"), ("description",), f"'{description}' is. Bad."),
        finding(
            TYPES,
            NASTY_FILE,
            locate(NASTY, "[x](https://evil.example)"),
            ("tags", "a]b\n/~"),
            f"Tag '[x](https://evil.example)' and '{ACCESS_KEY}' and \ud800. 'Dr. No' is quoted.",
            help="Remove it:\n::stop-commands::x\n" + "word " * 60,
        ),
        finding(TYPES, NASTY_FILE, Span(1, 7, 3, 5), ("name",), "The name is 'e\u0301'.", severity=Severity.NOTE),
        finding(TYPES, MINIFIED_FILE, locate(MINIFIED, '"m5.lrage"'), ("instanceTypes", 0), "'m5.lrage' is unknown."),
        finding(
            TYPES,
            MINIFIED_FILE,
            locate(MINIFIED, '"t3.larg"'),
            ("instanceTypes", 1),
            "instanceTypes[1] is 't3.larg'. It is not a type.",
            severity=Severity.ERROR,
        ),
        finding(TYPES, MINIFIED_FILE, locate(MINIFIED, "d" * 3000), ("description",), "Too long."),
        finding(IMDS, OUTSIDE_FILE, locate(OUTSIDE, "name"), (), "httpTokens is not set."),
    ]
    problems = [
        InputError(COMMAND_FILE, 1, 1, "The file is not UTF-8.\n::error::forged"),
        InputError(NASTY_FILE, 2, 15, "Two\tkeys \x1b[0m."),
        InputError("infra/gone.yaml", 3, 9, "Duplicate key 'name'."),
    ]
    texts = {NASTY_FILE: NASTY, MINIFIED_FILE: MINIFIED, OUTSIDE_FILE: OUTSIDE}
    configurations = [configuration(NASTY_FILE, "日本\x1b[31m"), *map(configuration, (MINIFIED_FILE, OUTSIDE_FILE))]
    notices = (Notice("a.yaml", 1, "no file matches '\x1b*.yaml'"),)
    reason = "A script '\x1b[31m' | makes one\n::error::here."
    not_judged = (
        NotJudged("::error::x y.sh", 3, 5, "shell-script", reason, f"Take out '{ACCESS_KEY}' and [x](http://y.z)."),
    )
    return report(texts, findings, problems, configurations, notices=notices, not_judged=not_judged, **changes)
