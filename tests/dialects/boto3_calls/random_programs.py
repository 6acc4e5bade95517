"""Programs at random that make and change mappings, and then send them."""

from __future__ import annotations

import random

KEYS = ("name", "description", "keyPair", "instanceMetadataOptions", "tags")
MAPPINGS = ("a", "b", "c")
TEXTS = ("s", "t")
SEND = "client.create_infrastructure_configuration(**{})"


class Writer:
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def literal(self):
        return repr(self.pick("p", "q", "r"))

    def key(self):
        return repr(self.random.choice(KEYS))

    def value(self, nested=False):
        text = self.random.choice(TEXTS)
        scalars = (self.literal(), self.literal(), text, f'f"{{{text}}}-x"', f"str({text})")
        choices = f"({self.literal()} if {self.pick('F', 'T', f'{text} == {self.literal()}')} else {self.literal()})"
        read = f"{self.random.choice(MAPPINGS)}.get({self.key()})"
        inner = () if nested else (f"{{'u': {self.value(True)}}}",) * 3
        return self.pick(*scalars, choices, read, *inner)

    def mapping(self):
        name, other = self.random.choice(MAPPINGS), self.random.choice(MAPPINGS)
        display = ", ".join(f"{key!r}: {self.value()}" for key in self.random.sample(KEYS, self.random.randint(0, 3)))
        return self.pick(
            f"{{{display}}}",
            f"{{{display}}}",
            f"dict({name})",
            f"{name}.copy()",
            name,
            f"({name} | {other})",
            f"{{**{name}, {self.key()}: {self.value()}}}",
            f"{{{self.key()}: {self.value()}, **{name}}}",
        )

    def statement(self):
        name, key = self.random.choice(MAPPINGS), self.key()
        return self.pick(
            *(f"{name}[{key}] = {self.value()}",) * 5,
            f"{name}.update({self.mapping()})",
            f"{name}.update(keyPair={self.value()})",
            f"{name}.pop({key}, None)",
            f"{name}.setdefault({key}, {self.value()})",
            f"{name} = {self.mapping()}",
            f"{self.random.choice(TEXTS)} = {self.value(True)}",
            f"{name}[{key}]['u'] = {self.literal()}",
            f"change({name})",
            "elsewhere()",
            f"z = {name}[{key}]; z['u'] = 'weak'",
            f"for z in {name}.values(): z['u'] = 'weak'",
            *(SEND.format(name),) * 4,
        )

    def block(self, indent, count, depth=0):
        for _ in range(count):
            if depth == 2 or self.random.random() > 0.25:
                self.lines.append(indent + self.statement())
                continue
            head = self.pick("if F:", "if T:", "for i in range(2):", "with caught():", "try:")
            self.lines.append(indent + head)
            self.block(indent + "    ", self.random.randint(1, 3), depth + 1)
            if head == "try:":
                self.lines.append(indent + "except Exception:")
                self.block(indent + "    ", 1, depth + 1)
            elif head.startswith("if") and self.random.random() < 0.5:
                self.lines.append(indent + "else:")
                self.block(indent + "    ", 1, depth + 1)

    def program(self):
        """Return the text of the program."""
        made = [
            f"a = {{'name': {self.literal()}, 'instanceMetadataOptions': {{'u': {self.literal()}}}}}",
            f"b = {{'keyPair': {self.literal()}, **a}}",
            "c = {'tags': {'u': 'p'}, 'description': 'q'}",
            "s = 'k'",
            f"t = {self.literal()}",
        ]
        changes = self.pick("pass", "d['keyPair'] = 'weak'", "d.clear()")
        elsewhere = self.pick("pass", "a['name'] = 'weak'", "global s; s = 'weak'", "c['tags']['u'] = 'weak'")
        self.lines += [*made, "def change(d):", f"    {changes}", "def elsewhere():", f"    {elsewhere}"]
        if self.random.random() < 0.5:
            self.block("", self.random.randint(3, 8))
            self.lines.append(SEND.format(self.random.choice(MAPPINGS)))
        else:
            self.lines.append("def run():")
            self.lines += [f"    {line}" for line in made[: self.random.randint(0, 5)]]
            self.block("    ", self.random.randint(3, 8))
            self.lines += [f"    {SEND.format(self.random.choice(MAPPINGS))}", "run()"]
        return "\n".join(self.lines) + "\n"
