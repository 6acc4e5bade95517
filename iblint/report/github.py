"""Annotations for GitHub Actions: workflow commands that the runner turns into marks on the changed lines.

The runner takes ten errors, ten warnings and ten notices of a step and drops the rest without a word. So the gravest
come first, and what is over the limit is listed as plain lines, which the log shows and the runner does not count.
"""

from __future__ import annotations

from collections import Counter

from iblint.model.report import Report
from iblint.model.verdict import Severity
from iblint.report._escape import file_name, sentence, split_message, visible
from iblint.report._items import Item, gravest_first, items
from iblint.report._lines import Lines, one_line
from iblint.report._style import Style
from iblint.report._summary import counts, meaning
from iblint.text.wording import counted

MAX_ANNOTATIONS = 10
"""Of each severity."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report, style: Style) -> str:
    """Write ``::error file=…::…`` lines, plain lines for what is over the limit and, unless quiet, the summary."""
    texts = Lines(report.texts)
    annotated: Counter[Severity] = Counter()
    commands, plain = [], []
    for item in gravest_first(items(report)):
        annotated[item.severity] += 1
        if annotated[item.severity] <= MAX_ANNOTATIONS:
            commands.append(_command(item, texts))
        else:
            plain.append(_plain(item))
    if plain:
        commands.append(f"{counted(len(plain), 'more finding')}, which GitHub would not annotate:")
    lines = commands + plain
    if style.verbosity >= 0:
        lines.append(f"{counts(report)}; {meaning(report)}")
    return "".join(line + "\n" for line in lines)


def _command(item: Item, texts: Lines) -> str:
    file = item.location.file
    span = one_line(item.location.span, texts.at(file, item.location.span.line))
    properties = {
        "file": visible(file),
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": f"{item.rule.code} {item.rule.name}",
    }
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    paragraphs = [sentence(item.message), *map(visible, item.help.splitlines()), item.rule.url]
    return f"::{_COMMANDS[item.severity]} {written}::{_data(chr(10).join(p for p in paragraphs if p.strip()))}"


def _plain(item: Item) -> str:
    title, _ = split_message(item.message)
    place = f"{file_name(item.location.file)}:{item.location.span.line}:{item.location.span.column}"
    return _inert(f"{place}: {item.severity.value} {item.rule.code} {item.rule.name}: {sentence(title)}")


def _data(text: str) -> str:
    return _inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _inert(text: str) -> str:
    """The runner also obeys the older ``##[command]``, anywhere in a line."""
    return text.replace("##[", "## [")
