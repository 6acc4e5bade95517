"""Functions over strings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform.functions.arguments import ascii_only, listed, string, whole
from iblint.dialects.terraform.values import (
    NotKnownError,
    RefusedError,
    at,
    first_unknown,
    is_unknown,
    plain,
    reason_of,
    unknown,
)
from iblint.model.values import Unresolved
from iblint.parse.hcl.expressions import Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VERB = r"(?s)%(?:%|(?P<flags>[-+ 0#]*)(?P<width>[0-9]*)(?:\.(?P<places>[0-9]*))?(?P<verb>.))"
MAX_TEXT = 2048
"""Characters of a text that regular expressions search."""


def join(expression: Expression, separator: Value, *lists: Value) -> Value:
    """Join the items of lists. Known parts of the result are kept."""
    from iblint.dialects.terraform.evaluate import join_texts

    delimiter = string(plain(separator))
    items: list[Value] = []
    for each in lists:
        if is_unknown(each.data):
            return unknown(expression, reason_of(each.data))
        items += listed(each.data)
    if any(item.data is None for item in items):
        raise RefusedError("an item of the list is null")
    return join_texts(expression, delimiter, items) if items else Value("", at(expression))


def format_(expression: Expression, pattern: Value, *arguments: Value) -> Value:
    """Format arguments. Unknown ones under %s leave the other parts known."""
    from iblint.dialects.terraform.evaluate import join_texts

    text = string(plain(pattern))
    parts: list[Value] = []
    position = used = 0
    for match in re.finditer(_VERB, text):
        parts.append(Value(text[position : match.start()], at(expression)))
        position = match.end()
        if match[0] == "%%":
            parts.append(Value("%", at(expression)))
            continue
        if used >= len(arguments):
            raise RefusedError("the format has more verbs than arguments")
        parts.append(_formatted(expression, match, arguments[used]))
        used += 1
    if used < len(arguments):
        raise RefusedError("the format has fewer verbs than arguments")
    parts.append(Value(text[position:], at(expression)))
    kept = [part for part in parts if part.data != ""]
    return join_texts(expression, "", kept) if kept else Value("", at(expression))


def _formatted(expression: Expression, match: re.Match[str], argument: Value) -> Value:
    verb, data = match["verb"], argument.data
    simple = not match["flags"] and not match["width"] and match["places"] is None
    if verb in ("s", "v", "d") and simple and isinstance(data, Unresolved):
        return argument if verb != "d" else unknown(expression, data.reason)
    if first_unknown(argument) is not None:
        raise NotKnownError(reason_of(first_unknown(argument)))  # type: ignore[arg-type]
    if verb == "s" or (verb == "v" and simple and not isinstance(data, list | dict) and data is not None):
        made = string(data)
    elif verb == "d":
        made = str(_whole(data, match["flags"]))
        if "0" in match["flags"] and "-" not in match["flags"] and match["width"]:
            return Value(made.zfill(min(int(match["width"]), 1000)), at(expression))
    else:
        raise NotKnownError(f"iblint does not format with '{match[0]}'")
    if match["places"] is not None or match["flags"].strip("-0") or ("0" in match["flags"] and verb != "d"):
        raise NotKnownError(f"iblint does not format with '{match[0]}'")
    width = min(int(match["width"] or 0), 1000)
    if width:
        ascii_only(made)
    return Value(made.ljust(width) if "-" in match["flags"] else made.rjust(width), at(expression))


def _whole(data: Any, flags: str) -> int:
    found = whole(data)
    if "+" in flags or " " in flags:
        raise NotKnownError("iblint does not format signs")
    return found


def _replace(text: Any, old: Any, new: Any) -> str:
    return _replaced(string(text), string(old), string(new))


def _replaced(text: str, old: str, new: str) -> str:
    """Replace a part of a string, or what a regular expression in slashes matches."""
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        pattern = _pattern(old[1:-1])
        if "$" in new:
            raise NotKnownError("iblint does not replace with groups")
        return pattern.sub(lambda _: new, _searched(text))
    return text.replace(old, new)


def _pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression that means the same in Go and Python, and that a search matches in linear time.

    Raises NotKnownError for any other.
    """
    from iblint.logic.regex import translate
    from iblint.logic.regex.limits import check_pattern

    # \\s and \\b differ, and so do nested classes and possessive repeats.
    if not text.isascii() or re.search(r"\\[^.\-/_\\dw()\[\]{}+*?|^$]|\(\?|\[\[|[*+?}][+?*]", text):
        raise NotKnownError("iblint does not evaluate this regular expression")
    try:
        check_pattern(text)
        return re.compile(translate(text), re.ASCII)
    except (ValueError, re.error, RecursionError):
        raise NotKnownError("iblint does not evaluate this regular expression") from None


def _searched(text: str) -> str:
    if len(text) > MAX_TEXT or not text.isascii():
        raise NotKnownError("iblint does not search this text with a regular expression")
    return text


def regex(pattern: Any, text: Any) -> Any:
    """Return the first match of a regular expression: the whole, or its groups."""
    found = _pattern(string(pattern)).search(_searched(string(text)))
    if found is None:
        raise RefusedError("the regular expression matches nothing")
    return found[0] if found.re.groups == 0 else list(found.groups())


def split(separator: Any, text: Any) -> list[str]:
    """Split a string."""
    from iblint.dialects.terraform.values import ListOf

    separator, text = string(separator), string(text)
    if not separator:
        return ListOf(ascii_only(text))
    return ListOf(text.split(separator))


def _substr(text: Any, offset: Any, length: Any) -> str:
    return _part(ascii_only(string(text)), whole(offset), whole(length))


def _part(text: str, offset: int, length: int) -> str:
    if offset < 0:
        offset += len(text)
        if offset < 0:
            raise NotKnownError("the offset is outside the string")
    if offset > len(text):
        return ""
    return text[offset:] if length < 0 else text[offset : offset + length]


def title(text: Any) -> str:
    """Capitalise every word: what follows neither a letter, a digit nor an underscore."""
    return re.sub(r"(?<![A-Za-z0-9_])[a-z]", lambda match: match[0].upper(), ascii_only(string(text)))


def _ascii(function: Callable[[str], str]) -> Callable[[Any], str]:
    def applied(text: Any) -> str:
        return function(ascii_only(string(text)))

    return applied


def _trimspace(text: Any) -> str:
    return ascii_only(string(text)).strip(" \t\n\v\f\r")


def _trim(text: Any, characters: Any) -> str:
    return string(text).strip(string(characters)) if string(characters) else string(text)


def _trimprefix(text: Any, prefix: Any) -> str:
    return string(text).removeprefix(string(prefix))


def _trimsuffix(text: Any, suffix: Any) -> str:
    return string(text).removesuffix(string(suffix))


def _chomp(text: Any) -> str:
    return string(text).rstrip("\r\n")


def _indent(spaces: Any, text: Any) -> str:
    return string(text).replace("\n", "\n" + " " * min(whole(spaces), 1000))


def _startswith(text: Any, prefix: Any) -> bool:
    return string(text).startswith(string(prefix))


def _endswith(text: Any, suffix: Any) -> bool:
    return string(text).endswith(string(suffix))


def _strcontains(text: Any, part: Any) -> bool:
    return string(part) in string(text)


def _strrev(text: Any) -> str:
    return ascii_only(string(text))[::-1]


def _formatlist(pattern: Any, *arguments: Any) -> list[str]:
    from iblint.dialects.terraform.values import ListOf

    lengths = {len(each) for each in arguments if isinstance(each, list)}
    if len(lengths) > 1:
        raise RefusedError("the lists have different lengths")
    verbs = [match for match in re.finditer(_VERB, string(pattern)) if match[0] != "%%"]
    if any(match[0] not in ("%s", "%d") for match in verbs):
        raise NotKnownError("iblint does not format this list")
    if len(verbs) != len(arguments):
        raise NotKnownError("the format has another number of verbs than arguments")

    def one(values: list[Any]) -> str:
        rest = iter(values)

        def made(match: re.Match[str]) -> str:
            if match[0] == "%%":
                return "%"
            value = next(rest)
            return str(whole(value)) if match[0] == "%d" else string(value)

        return re.sub(_VERB, made, string(pattern))

    count = next(iter(lengths), 1)
    columns = [each if isinstance(each, list) else [each] * count for each in arguments]
    return ListOf(one([column[row] for column in columns]) for row in range(count))


STRUCTURAL: Mapping[str, Callable[..., Value]] = {"join": join, "format": format_}
PLAIN: Mapping[str, Callable[..., Any]] = {
    "replace": _replace,
    "regex": regex,
    "split": split,
    "substr": _substr,
    "title": title,
    "lower": _ascii(str.lower),
    "upper": _ascii(str.upper),
    "trimspace": _trimspace,
    "trim": _trim,
    "trimprefix": _trimprefix,
    "trimsuffix": _trimsuffix,
    "chomp": _chomp,
    "indent": _indent,
    "startswith": _startswith,
    "endswith": _endswith,
    "strcontains": _strcontains,
    "strrev": _strrev,
    "formatlist": _formatlist,
}
