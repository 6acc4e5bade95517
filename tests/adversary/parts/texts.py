"""Texts with escapes, refusals, fences, encodings and prefixes.

If PyYAML or json reads a configuration in one, iblint judges it or reports a problem.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import yaml

from iblint.model.document import Source
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_sources
from iblint.session import Session
from tests.adversary.evaluator import CONFIGURATION
from tests.adversary.parts import Fault, repeat
from tests.adversary.writing import Style

AT_ONCE = 20
SETTINGS = Settings(select=("IB201",))
RULES = load_packs(Settings())
SESSION = Session()

REQUEST = {"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {"httpTokens": "optional"}}
PROPERTIES = {"Name": "web", "InstanceProfileName": "b", "InstanceMetadataOptions": {"HttpTokens": "optional"}}
TEMPLATE = {"Resources": {"Web": {"Type": CONFIGURATION, "Properties": PROPERTIES}}}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
SUFFIXES = (".yaml", ".yml", ".json", ".template", ".YAML", ".Json")
PREFIXES = ("", "", "---\n", "# c\n", "%YAML 1.1\n---\n", "\n\n", "--- !!map\n", "a: b\n---\n", "[]\n---\n", "--- &a\n")
PREFIXES += (
    "# iblint: build-type=ami\n",
    "\ufeff",
    "%TAG !x! tag:a,2000:\n---\n",
    "...\n---\n",
    "```\n",
    "```yaml\n",
    "//\n",
)
ENDS = ("", "", "", "---\n", "...\n", "---\n- a\n", "# c", "\n```\n", "\0", "\n---\n[", "\ud800")
REFUSALS = (
    *("a: 1, 'a': 2", "a: 1, a: 2", "a: .inf", "a: .NaN", "a: !!set {b}", "a: !!binary aGk=", "a: 1e999", "a: 0x1F"),
    *("a: !!python/name:os.system x", "a: &x 1, b: &x 2", "a: *a", "? [a] : b", "a: " + "[" * 70 + "]" * 70, "a: "),
    *("k" * 2100 + ": 1", "<<: {x: y}", "<<: [{x: y}, {x: z}]", "a: 2026-01-31", "a: '\n```\n'", 'a: "```\n\n```"'),
    *('a: "\n```\n", b: {c: "\n```\n"}', "a: '{{ x }}'", "a: <% x %>", "a: {% x %}", "a: @@X@@", "a: \t1", "a: !x 1"),
    *('a: "\\ud800"', 'a: "\\/"', "a: 190:20:30", "a: 1_000", "a: " + "9" * 5000, "=: 1", "a: !!map {}", "a: ~"),
    *(
        '"a": 1, "a": 2',
        '"a": 1e999',
        '"a": NaN',
        '"a": "\t"',
        '"a": "{{ x }}"',
        '"a": "```"',
        '"": 1',
        '"a": {"a": {}}',
    ),
)
"""Entries of a mapping that iblint refuses, or might read in another way than others do."""


def run(seconds: float, seed: int) -> dict[str, int]:
    """Judge texts for so many seconds."""
    return repeat(one, seconds, seed)


def one(seed: int) -> Counter[str]:
    """Judge some texts. Raises Fault for a configuration that is neither judged nor a problem."""
    made = [make(random.Random(seed * AT_ONCE + number)) for number in range(AT_ONCE)]
    sources = [Source(f"{number}{suffix}", data) for number, (suffix, data) in enumerate(made)]
    report = check_sources(sources, SETTINGS, RULES, SESSION)
    seen = {c.file for c in report.configurations} | {problem.file for problem in report.problems}
    counts = Counter(executions=AT_ONCE)
    for source in sources:
        hidden = source.file not in seen
        if hidden and declares(source.data):
            raise Fault(f"{source.file} declares a configuration: dropped", {source.file: source.data})
        counts["not a configuration" if hidden else "answered"] += 1
    return counts


def make(chance: random.Random) -> tuple[str, bytes]:
    """Return the suffix and the bytes of a text."""
    data = chance.choice((REQUEST, TEMPLATE))
    text = Style(chance).text(data) if chance.random() < 0.2 else Flow(chance).text(data)
    text = chance.choice(PREFIXES) + text + chance.choice(ENDS)
    if chance.random() < 0.2:
        text = text.replace("\n", chance.choice(("\r\n", "\r", "\u2028", "\x85")))
    encoding = chance.choice(ENCODINGS) if chance.random() < 0.5 else "utf-8"
    return chance.choice(SUFFIXES), text.encode(encoding, "surrogatepass")


class Flow:
    """A writer of flow mappings, with escapes and with entries of REFUSALS in between."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.escaped = chance.choice((0.0, 0.05, 0.3, 1.0))
        self.extra = chance.choice((0.0, 0.3, 0.6))
        self.between = chance.choice((", ", ",\n", " , ", ",\n\n  "))

    def text(self, value: Any) -> str:
        """Write a value."""
        if isinstance(value, str):
            return '"' + "".join(map(self.character, value)) + '"'
        entries = [f"{self.text(key)}: {self.text(item)}" for key, item in value.items()]
        while self.chance.random() < self.extra:
            entries.insert(self.chance.randint(0, len(entries)), self.chance.choice(REFUSALS))
        return "{" + self.between.join(entries) + "}"

    def character(self, char: str) -> str:
        """Write a character of a string."""
        if self.chance.random() >= self.escaped:
            return char
        forms = ("\\u%04x", "\\u%04X", "\\u%04x", "\\x%02x", "\\U%08x", "\\\n  %s")
        form = self.chance.choice(forms)
        return form % (char if "%s" in form else ord(char))


def declares(data: bytes) -> bool:
    """Whether PyYAML or json reads a configuration in a text."""
    return any(map(_is_configuration, [*_by_json(data), *_by_yaml(data)]))


def _by_json(data: bytes) -> list[Any]:
    try:
        return [json.loads(data)]
    except (ValueError, RecursionError):
        return []


def _by_yaml(data: bytes) -> list[Any]:
    found = []
    try:
        for document in yaml.load_all(_decoded(data), Loader=_Loader):
            found.append(document)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError):
        pass
    return found


def _decoded(data: bytes) -> bytes | str:
    """PyYAML knows UTF-8 and, with a mark, UTF-16; of the others it is given the text."""
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data


class _Loader(yaml.CSafeLoader):
    """Reads tags that it does not know as what they stand at."""


def _untagged(loader: Any, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else node.value


_Loader.add_multi_constructor("", _untagged)


def _is_configuration(data: Any) -> bool:
    if not isinstance(data, dict):
        return False
    if all(data.get(key) == value for key, value in REQUEST.items()):
        return True
    section = data.get("Resources")
    bodies = section.values() if isinstance(section, dict) else ()
    return any(isinstance(body, dict) and body.get("Type") == CONFIGURATION for body in bodies)
