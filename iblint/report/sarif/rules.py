"""The rules of a SARIF log: descriptions, help, and taxonomies of the controls that they relate to.

A rule file is plain text, perhaps of an unknown author: nothing in it is taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import sarif_om as om

from iblint.model.path import from_pointer
from iblint.model.report import Report
from iblint.model.resource import dotted
from iblint.model.rule import Control, Rule
from iblint.model.verdict import Severity
from iblint.report._issues import HOME, INPUT_NOT_JUDGED
from iblint.report._style import Prose
from iblint.report.markdown import escaped, link
from iblint.text.safe import printable, visible
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_TEXT = 1000
"""Characters of a description; readers refuse more than 1024."""
_MAX_PARAGRAPH = 4000
"""Characters of a paragraph of the help; the limit of rule files."""
_MAX_TAGS = 10
_SECURITY_SEVERITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.NOTE: "2.0"}
_PROBLEM_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")
_GENERAL_WORDS = {
    "field": "the field",
    "key": "the key",
    "actual": "the value",
    "expected": "the expected value",
    "suggestion": "",
    "configuration": "the configuration",
}
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:(a|b|rc)(\d+))?(?:\.dev(\d+))?")


class Catalogue:
    """The rules that a log can have results of, with their documentation and the controls that they relate to."""

    def __init__(self, report: Report, prose: Mapping[str, Prose]) -> None:
        self._prose = prose
        self._rules = sorted((INPUT_NOT_JUDGED, *report.rules), key=lambda rule: rule.code)
        self.index = {rule.code: index for index, rule in enumerate(self._rules)}
        """Rule code -> index in the list of rules."""
        controls = [control for rule in self._rules if rule.code in prose for control in prose[rule.code].controls]
        self._frameworks = sorted({(control.framework, control.version) for control in controls})
        self._ids = {f: sorted({c.id for c in controls if (c.framework, c.version) == f}) for f in self._frameworks}

    def driver(self, version: str) -> om.ToolComponent:
        """Return the tool with its rules."""
        return om.ToolComponent(
            name="iblint",
            full_name="iblint, compliance linter for EC2 Image Builder",
            organization="iblint",
            information_uri=HOME,
            version=version,
            semantic_version=semantic_version(version),
            rules=[self._rule(rule) for rule in self._rules],
            supported_taxonomies=[self._framework(framework) for framework in self._frameworks] or None,
        )

    def taxonomies(self) -> list[om.ToolComponent]:
        """Return a taxonomy for each version of each framework."""
        return [
            om.ToolComponent(
                name=visible(name),
                version=visible(version) or None,
                taxa=[om.ReportingDescriptor(id=visible(id_)) for id_ in self._ids[name, version]],
            )
            for name, version in self._frameworks
        ]

    def _rule(self, rule: Rule) -> om.ReportingDescriptor:
        title = f"{rule.title}."
        prose = self._prose.get(rule.code) or Prose(title)
        remediation = printable(in_general(rule.remediation, rule)) or title
        return om.ReportingDescriptor(
            id=rule.code,
            name=pascal_case(rule.name),
            short_description=om.MultiformatMessageString(text=_cut(visible(title))),
            full_description=om.MultiformatMessageString(text=_cut(printable(prose.rationale))),
            help=om.MultiformatMessageString(
                text=remediation, markdown="\n\n".join(_help_sections(rule, prose, remediation))
            ),
            help_uri=rule.url or None,
            default_configuration=om.ReportingConfiguration(level=rule.severity.value),
            relationships=[self._relationship(control) for control in prose.controls] or None,
            properties=_properties(rule),
        )

    def _relationship(self, control: Control) -> om.ReportingDescriptorRelationship:
        framework = (control.framework, control.version)
        target = om.ReportingDescriptorReference(
            id=visible(control.id),
            index=self._ids[framework].index(control.id),
            tool_component=self._framework(framework),
        )
        kind = "equal" if control.relation == "exact" else "relevant"
        return om.ReportingDescriptorRelationship(target=target, kinds=[kind])

    def _framework(self, framework: tuple[str, str]) -> om.ToolComponentReference:
        return om.ToolComponentReference(name=visible(framework[0]), index=self._frameworks.index(framework))


def semantic_version(version: str) -> str | None:
    """Return a Python version as a semantic version, ``1.0rc1`` as ``1.0.0-rc.1``; None if it cannot be one."""
    match = _VERSION.fullmatch(version)
    if not match:
        return None
    major, minor, patch, phase, number, dev = match.groups()
    labels = {"a": "alpha", "b": "beta", "rc": "rc"}
    pre = [f"{labels[phase]}.{number}"] if phase else []
    pre += [f"dev.{dev}"] if dev else []
    return f"{major}.{minor}.{patch or 0}" + (f"-{'.'.join(pre)}" if pre else "")


def pascal_case(name: str) -> str:
    """Return the name of a rule in the spelling of SARIF: ``imdsv2-required`` -> ``Imdsv2Required``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def in_general(template: str, rule: Rule) -> str:
    """Fill a rule's template for no configuration in particular: ``{/instanceTypes}`` -> ``instanceTypes``.

    Options have their defaults.
    """
    defaults = {f"option:{option.name}": show(option.default) for option in rule.options}

    def fill(match: re.Match[str]) -> str:
        whole, name = match.group(0), match.group(1)
        if whole in ("{{", "}}"):
            return whole[0]
        if name.startswith("/"):
            return dotted(from_pointer(name))
        return defaults.get(name, _GENERAL_WORDS.get(name, whole))

    return _PLACEHOLDER.sub(fill, template).strip()


def _properties(rule: Rule) -> dict[str, Any]:
    security = rule.core or rule.group == "security"
    tags = dict.fromkeys([*(["security"] if security else []), rule.group, *rule.tags])
    properties: dict[str, Any] = {
        "tags": list(tags)[:_MAX_TAGS],
        "precision": "high" if rule.schema is None else "very-high",
    }
    if security:
        return properties | {"security-severity": _SECURITY_SEVERITY[rule.severity]}
    return properties | {"problem.severity": _PROBLEM_SEVERITY[rule.severity]}


def _help_sections(rule: Rule, prose: Prose, remediation: str) -> Iterator[str]:
    """Yield the help as Markdown, which code scanning shows beside an alert."""
    yield f"### Why\n\n{_paragraphs(prose.rationale)}"
    yield f"### How to fix\n\n{_paragraphs(remediation)}"
    if prose.bad:
        yield f"Fails:\n\n{_fenced(prose.bad, prose.syntax)}"
    if prose.good:
        yield f"Passes:\n\n{_fenced(prose.good, prose.syntax)}"
    if prose.controls:
        yield "### Controls\n\n" + "\n".join(f"- {_control(control)}" for control in prose.controls)
    if rule.url:
        yield link(f"Documentation of {escaped(rule.code)}", rule.url)


def _paragraphs(text: str) -> str:
    return "\n\n".join(_paragraph(paragraph) for paragraph in re.split(r"\n\s*\n", text.strip()))


def _paragraph(text: str) -> str:
    """Escape a paragraph, including a first character that would begin a list or a horizontal rule."""
    return re.sub(r"^[-+=\d]", lambda match: f"&#{ord(match[0])};", escaped(text, _MAX_PARAGRAPH))


def _fenced(example: str, syntax: str) -> str:
    longest = max((len(ticks) for ticks in re.findall("`+", example)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{syntax}\n{printable(example.rstrip())}\n{fence}"


def _control(control: Control) -> str:
    words = " ".join(part for part in (control.framework, control.version, control.id) if part)
    return f"{_paragraph(words)} ({control.relation})"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
