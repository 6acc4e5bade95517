"""Markup of other tools: values that a tool fills in later, and files that must be rendered first. The only list of it.

A value with markup is unresolved and never judged as it stands. Three kinds of markup differ in how certain they are:

- certain: no text looks like it by chance (``{{ x }}``, ``{% x %}``, ``<% x %>``, ``%{ if x }``, ``%(x)s``, ``@@X@@``)
- ``${X}``: a value of CloudFormation may hold it, for Fn::Sub or as it stands
- possible: free text may hold it, too (``$X``, ``$(X)``, ``#{X}``, ``((X))``, ``[[X]]``, ``%X%``, ``@X@``, ``__X__``)

Image Builder's own ``{{ imagebuilder:buildDate }}`` is no markup.
"""

from __future__ import annotations

import re

from iblint.model.errors import ParseError
from iblint.parse.line_index import Lines

_PAIRS = (("{{", "}}"), ("{%", "%}"), ("<%", "%>"))
"""Jinja, Go templates, Helm, Liquid, GitHub's ``${{ }}``; Jinja; ERB."""
_OWN = "imagebuilder:"
"""How the variables begin that Image Builder itself fills in."""

_DIRECTIVE = r"%\{~?\s*(?:if|else|endif|for|endfor)\b"
"""Of Terraform's templatefile."""
_CERTAIN = rf"{_DIRECTIVE}|%\([A-Za-z_]\w*\)s|@@[A-Za-z_]\w*@@"
"""Terraform; Python; sed and autoconf."""

# envsubst and shells; Azure Pipelines; GitLab and Levant; Octopus; Concourse; cmd; sed and autoconf.
_POSSIBLE = (
    r"\$[A-Za-z_]|\$\([^()]*\)|\$\[[^\[\]]*\]|\[\[[^\[\]]*\]\]|#\{[^{}]*\}|\(\([^()]*\)\)"
    r"|%[A-Za-z_]\w*%|@[A-Za-z_]\w*@|__[A-Za-z]\w*?__"
)

# A file may hold "{{resolve:", which is CloudFormation's own. "key: #{X}" is a key with a comment to YAML.
_COMMENTED = r"^[^#\r\n]*[:-][ \t]+(#\{[A-Za-z][\w.:\[\]-]*\})[ \t]*\r?$"
_IN_FILES = (
    r"\{\{(?!\s*(?:resolve|imagebuilder):)|\{%|<%|(@@?)[A-Z][A-Z0-9_]*\1|__[A-Z][A-Z0-9_]*__"
    rf"|{_DIRECTIVE}|(?<=[:,\[{{-] )#\{{[A-Za-z]"
)
_AT_ERROR = r"\$\{|\$\(|\$\[|\$[A-Za-z_]\w*|#\{|\(\(|%[A-Za-z_]\w*%|%\(|@[A-Za-z_]\w*@"
"""Markup that a text may also hold by chance: it explains an error only at its place."""

_TERRAFORM = r"(?<!\$)\$\{(?![A-Za-z]+::)[^{}\r\n]*\}"
"""An expression of templatefile: not escaped, and no pseudo parameter of CloudFormation."""
TEMPLATE_SUFFIXES = (".tpl", ".tftpl", ".tmpl")
"""Suffixes of files that Terraform's templatefile or a similar tool renders."""


def may_hold_markup(text: str) -> bool:
    """Return whether a text may contain markup of any kind. Cheap enough for whole files."""
    # Searching for one character is many times faster than for two, and most texts have none of these.
    return (
        "$" in text
        or "%" in text
        or "@" in text
        or ("{" in text and ("{{" in text or "#{" in text))
        or ("(" in text and "((" in text)
        or ("[" in text and "[[" in text)
        or ("_" in text and "__" in text)
    )


def is_markup(text: str) -> bool:
    """Return whether a string certainly contains markup."""
    if "{" not in text and "%" not in text and "@" not in text:
        return False
    return any(_holds_pair(text, *pair) for pair in _PAIRS) or re.search(_CERTAIN, text) is not None


def is_placeholder(text: str) -> bool:
    """Return whether a string contains ``${X}``, or certainly other markup."""
    start = text.find("${")
    return (start >= 0 and text.find("}", start) >= 0) or is_markup(text)


def may_be_markup(text: str) -> bool:
    """Return whether a string contains what may be markup or text."""
    return re.search(_POSSIBLE, text) is not None


def _holds_pair(text: str, start: str, end: str) -> bool:
    """Return whether a text contains ``start`` and then ``end``, with no variable of Image Builder between them."""
    begin = text.find(start)
    while begin >= 0:
        stop = text.find(end, begin + len(start))
        if stop < 0:
            return False
        if not text[begin + len(start) : stop].lstrip().startswith(_OWN):
            return True
        begin = text.find(start, stop)
    return False


def explain(problem: ParseError, text: str) -> ParseError:
    """Return the error for a text that cannot be parsed: at its first markup, if it is a template of another tool."""
    match = re.search(_IN_FILES, text) or _at_error(problem, text)
    if match is None:
        return problem
    fault = problem.message.partition(". ")[0].rstrip(".")  # without its advice, which is for a text that is complete
    why = f"the text cannot be read as it stands (line {problem.line}: {fault})"
    return _not_rendered(text, match.start(), match.group(), why, problem.malformed)


def commented_out(text: str) -> ParseError | None:
    """Return the error for a text that is YAML only because ``key: #{X}`` makes a comment of the value, else None."""
    match = re.search(_COMMENTED, text, re.MULTILINE) if "#{" in text else None
    if match is None:
        return None
    return _not_rendered(text, match.start(1), match.group(1), "YAML reads it as a comment")


def unrendered(text: str, file: str) -> ParseError | None:
    """Return the error for a text of a ``file`` that Terraform renders first, at its first expression; else None."""
    match = re.search(_TERRAFORM, text) if file.lower().endswith(TEMPLATE_SUFFIXES) else None
    if match is None:
        return None
    return _not_rendered(text, match.start(), match.group(), "the name of the file says that it is rendered first")


def _not_rendered(text: str, offset: int, markup: str, why: str, malformed: bool = False) -> ParseError:
    shown = markup if len(markup) <= 40 else markup[:39] + "…"
    message = (
        f"template, not judged: '{shown}' is markup of another tool, and {why}. "
        "Render it first, or exclude it in the configuration."
    )
    return Lines(text).error(message, offset, malformed=malformed)


def _at_error(problem: ParseError, text: str) -> re.Match[str] | None:
    """Return the markup at the place of an error, or that is a whole line there or just before."""
    lines = Lines(text)
    for match in re.finditer(_AT_ERROR, text):
        line, column = lines.position(match.start())
        if line > problem.line:
            return None
        if line == problem.line and column <= problem.column <= column + len(match.group()):
            return match
        if line >= problem.line - 1 and _is_whole_line(text, match):
            return match
    return None


def _is_whole_line(text: str, match: re.Match[str]) -> bool:
    """Return whether the line of a match is nothing but markup."""
    start = max(text.rfind(end, 0, match.start()) for end in "\r\n") + 1
    line = re.split(r"[\r\n]", text[start : start + 1000], maxsplit=1)[0].strip()
    return re.fullmatch(rf"(?:\$\{{[^{{}}]*\}}|{_POSSIBLE}\w*)", line) is not None
