"""Data written as YAML or JSON in a random style: quotes, escapes, order, comments, anchors, forms of functions."""

from __future__ import annotations

import json
import random
from typing import Any

SHORT = {"Ref": "!Ref", **{f"Fn::{name}": f"!{name}" for name in ("If", "FindInMap", "Sub", "Join", "Select", "Split")}}
COMMENTS = ("# c", "# a: b", "#", "# {[", '# "', "# ${X} 'q")


class Style:
    """Choices that a text is written with."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.escapes = chance.choice((0.0, 0.0, 0.03, 0.3))
        """How many characters of double-quoted strings are escaped."""
        self.is_json = chance.random() < 0.3
        self.flow = self.is_json or chance.random() < 0.3
        self.short = not self.is_json and chance.random() < 0.6
        """Functions are tags."""
        self.comments = not self.is_json and chance.random() < 0.5
        self.anchors = not self.is_json and chance.random() < 0.3
        self.shuffled = chance.random() < 0.5

    def text(self, data: Any) -> str:
        """Write a value."""
        self.anchored: dict[str, str] = {}
        self.repeated = _repeated(data) if self.anchors else set()
        return (self.in_flow(data) if self.flow else self.block(data, 0).lstrip("\n")) + "\n"

    # Strings

    def string(self, value: str, *, is_key: bool = False) -> str:
        chance = self.chance
        quoted = self.is_json or self.escapes or chance.random() < 0.3 or not _is_plain(value)
        if not quoted:
            return value
        if not self.is_json and not self.escapes and chance.random() < 0.5 and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        return '"' + "".join([self.character(char, is_key=is_key) for char in value]) + '"'

    def character(self, char: str, *, is_key: bool) -> str:
        """Write a character of a string in double quotes. A key is one line."""
        chance, code = self.chance, ord(char)
        if chance.random() < self.escapes:
            if self.is_json or code > 0xFF:
                return json.dumps(char)[1:-1] if code > 0xFFFF else f"\\u{code:04x}"
            fold = f"\\x{code:02x}" if is_key or char in " \t" else "\\\n " + char
            return chance.choice((f"\\x{code:02x}", f"\\x{code:02X}", f"\\u{code:04x}", f"\\U{code:08x}", fold))
        return json.dumps(char, ensure_ascii=code < 0x20)[1:-1]

    # Values

    def scalar(self, value: Any) -> str:
        if isinstance(value, str):
            return self.string(value)
        return json.dumps(value)

    def anchor(self, value: Any, inner: str) -> str:
        """An alias for what was written before, or the value with an anchor."""
        key = json.dumps(value)
        if key not in self.repeated:
            return inner
        if key in self.anchored:
            return f"*{self.anchored[key]} "
        self.anchored[key] = name = f"a{len(self.anchored)}"
        return f"&{name} {inner}"

    def items(self, data: dict[str, Any]) -> list[tuple[str, Any]]:
        pairs = list(data.items())
        if self.shuffled:
            self.chance.shuffle(pairs)
        return pairs

    def in_flow(self, value: Any) -> str:
        space = self.chance.choice(("", " ", "\n  ")) if self.flow else ""
        if isinstance(value, dict):
            tag = self.tag(value)
            if tag:
                ((_, argument),) = value.items()
                return f"{tag} {self.in_flow(argument)}"
            pairs = [f"{space}{self.key(key)}: {self.in_flow(item)}" for key, item in self.items(value)]
            return self.anchor(value, "{" + ", ".join(pairs) + "}")
        if isinstance(value, list):
            return "[" + ", ".join(space + self.in_flow(item) for item in value) + "]"
        if isinstance(value, str) and not self.is_json and set(value) & set("[]{},"):
            return json.dumps(value)
        return self.scalar(value)

    def key(self, key: str) -> str:
        return json.dumps(key) if set(key) & set("[]{},") else self.string(key, is_key=True)

    def tag(self, value: dict[str, Any]) -> str:
        if not self.short or len(value) != 1:
            return ""
        ((key, argument),) = value.items()
        return "" if isinstance(argument, dict) else SHORT.get(key, "")

    def block(self, value: Any, depth: int) -> str:
        """Write a value that follows a key or a dash, in lines of its own if it has members."""
        if isinstance(value, dict) and (tag := self.tag(value)):
            ((_, argument),) = value.items()
            return f" {tag} {self.in_flow(argument)}"
        key = json.dumps(value)
        if not isinstance(value, dict | list) or not value or (key in self.repeated and key in self.anchored):
            return " " + self.in_flow(value)
        head = ""
        if isinstance(value, dict) and key in self.repeated:
            self.anchored[key] = name = f"a{len(self.anchored)}"
            head = f" &{name}"
        indent = "\n" + "  " * depth
        if isinstance(value, list):
            return head + "".join(f"{indent}-{self.block(item, depth + 1)}{self.comment()}" for item in value)
        lines = [
            f"{indent}{self.key(k)}:{self.block(item, depth + 1)}{self.comment()}" for k, item in self.items(value)
        ]
        return head + "".join(lines)

    def comment(self) -> str:
        return " " + self.chance.choice(COMMENTS) if self.comments and self.chance.random() < 0.4 else ""


def _is_plain(value: str) -> bool:
    """Whether a string may stand without quotes and is read as a string then."""
    return value.replace("::", "").replace("-", "").isalpha() and value.lower() not in (
        *("true", "false", "yes", "no", "on", "off", "null", "y", "n"),
    )


def _repeated(data: Any) -> set[str]:
    """The mappings that occur more than once, as JSON. Functions are left out, since their tags hide the mapping."""
    seen: dict[str, int] = {}
    waiting = [data]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node and not (len(node) == 1 and next(iter(node)) in SHORT):
                seen[json.dumps(node)] = seen.get(json.dumps(node), 0) + 1
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return {text for text, count in seen.items() if count > 1}
