"""Hostile trees, each with the answer that is expected: ``python -m tests.adversary.hostile_trees FOLDER`` writes them.

An answer is the exit code and the files that are judged, are a problem, or are named in a notice. A tree in which a
configuration is hidden has one of the three. A tree without any is harmless: it holds nothing that a tool would read
as a configuration, or only what the documentation says is counted and not opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

WEAK = "name: web\ninstanceProfileName: b\ninstanceMetadataOptions: {httpTokens: optional}\n"
GOOD = WEAK.replace("optional", "required")
TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"
PROPERTIES = '{"Name": "w", "InstanceProfileName": "b", "InstanceMetadataOptions": {"HttpTokens": "optional"}}'
TEMPLATE = '{"Resources": {"W": {"Type": "%s", "Properties": %s}}}' % (TYPE, PROPERTIES)  # noqa: UP031 - braces
FLOW = '{"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {"httpTokens": "optional"}, %s}'
OTHER = "a: b\n"
MANIFEST, SIGN = '{"version": "36.0.0", "artifacts": {}}', '{"version": "36.0.0"}'
OUTSIDE = "@outside"
"""In a tree: the folder beside the repository."""

Make = Callable[[str], None]
"""Makes a file at a path."""


class Tree(NamedTuple):
    """The files of a repository, by path, and the answer."""

    files: Mapping[str, Any]
    code: int
    judged: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    left_out: Mapping[str, int] = {}
    paths: tuple[str, ...] = (".",)
    error: str = ""
    """Part of the error if the run does not begin (exit code 2)."""


def link(target: str) -> Make:
    return lambda path: os.symlink(target.replace(OUTSIDE, os.path.abspath("../outside")), path)


def fifo(path: str) -> None:
    os.mkfifo(path)


def listening(path: str) -> None:
    """A socket, bound by its short name, since the path of one is limited."""
    here = os.getcwd()
    os.chdir(os.path.dirname(path))
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.basename(path))
    finally:
        os.chdir(here)


def folder(path: str) -> None:
    os.mkdir(path)


def sparse(size: int, start: str = "") -> Make:
    def make(path: str) -> None:
        Path(path).write_text(start, encoding="utf-8")
        os.truncate(path, size)

    return make


def unreadable(path: str) -> None:
    Path(path).write_text(WEAK, encoding="utf-8")
    os.chmod(path, 0)


def closed(path: str) -> None:
    os.mkdir(path)
    os.chmod(path, 0)


def index(*names: str, version: int = 2) -> bytes:
    """The index of git with some files in it."""
    entries = b""
    for name in sorted(names):
        entry = struct.pack(">10I20sH", *[0] * 6, 0o100644, 0, 0, 0, b"\1" * 20, len(name)) + name.encode()
        entries += entry + b"\0" * (8 - len(entry) % 8)
    data = b"DIRC" + struct.pack(">II", version, len(names)) + entries
    return data + hashlib.sha1(data, usedforsecurity=False).digest()


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n" + WEAK


def nested(depth: int) -> str:
    return FLOW % ('"a": ' + "[" * depth + "]" * depth)


def escaped(form: str, letters: str = ":") -> str:
    spelled = "".join(form % ord(char) if char in letters else char for char in TYPE)
    return TEMPLATE.replace(TYPE, spelled)


def stack_set(function: str) -> str:
    body = "\n".join(f"        {line}" for line in ("Resources:", f"  W: {{Type: {TYPE}, Properties: {{Name: w}}}}"))
    head = "Resources:\n  S:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      StackSetName: s\n"
    return f"{head}      TemplateBody: {function}\n{body}\n"


def judged(name: str, content: Any = WEAK, code: int = 1, **more: Any) -> Tree:
    """A file that is judged."""
    return Tree({name: content, **more.pop("files", {})}, code, judged=(more.pop("shown", name),), **more)


def problem(name: str, content: Any, **more: Any) -> Tree:
    """A file that is a problem."""
    return Tree({name: content, **more.pop("files", {})}, 4, problems=(more.pop("shown", name),), **more)


def harmless(files: Mapping[str, Any], **more: Any) -> Tree:
    """A tree without a configuration that any tool would read."""
    return Tree(files, 0, **more)


LINKS = {
    "link to a file inside": Tree({"real/web.yaml": WEAK, "a.yaml": link("real/web.yaml")}, 1, ("a.yaml",)),
    "link out of the searched folder": Tree(
        {"real/web.yaml": WEAK, "infra/a.yaml": link("../real/web.yaml")},
        0,
        notices=("infra/a.yaml",),
        left_out={"linked": 1},
        paths=("infra",),
    ),
    "link out of the repository": Tree(
        {"a.yaml": link(f"{OUTSIDE}/web.yaml")}, 0, notices=("a.yaml",), left_out={"linked": 1}
    ),
    "link to a folder out of the repository": Tree({"a": link(OUTSIDE)}, 0, notices=("a",), left_out={"linked": 1}),
    "link by .. out of the repository": Tree(
        {"a/b.yaml": link("../../outside/web.yaml")}, 0, notices=("a/b.yaml",), left_out={"linked": 1}
    ),
    "link to a folder of the repository": Tree(
        {"real/web.yaml": WEAK, "infra/x": link("../real")},
        0,
        notices=("real/web.yaml",),
        left_out={"linked": 1},
        paths=("infra",),
    ),
    "link to itself": harmless({"a.yaml": link("a.yaml")}),
    "two links to each other": harmless({"a.yaml": link("b.yaml"), "b.yaml": link("a.yaml")}),
    "folder link to its parent": judged("a/web.yaml", files={"a/up": link("..")}),
    "folder link to itself": judged("web.yaml", files={"a": link(".")}),
    "folder links in a circle": judged("a/web.yaml", files={"a/b": link("../c"), "c/d": link("../a")}),
    "chain of links": judged("l0.yaml", files={f"l{n}.yaml": link(f"l{n - 1}.yaml") for n in range(1, 30)}),
    "chain of too many links": judged("l0.yaml", files={f"l{n}.yaml": link(f"l{n - 1}.yaml") for n in range(1, 60)}),
    "broken link": harmless({"a.yaml": link("nowhere.yaml")}),
    "link to endless zeros": harmless({"a.yaml": link("/dev/zero")}),
    "link to standard input": harmless({"a.yaml": link("/dev/stdin")}),
    "link to a pipe": harmless({"p": fifo, "a.yaml": link("p")}),
    "link with another name than its file": judged("a.yaml", link("notes"), files={"notes": WEAK}),
    "link to an ignored file": Tree(
        {".gitignore": "real\n", "real/web.yaml": WEAK, "a.yaml": link("real/web.yaml")},
        1,
        ("a.yaml",),
        left_out={"ignored": 1},
    ),
    "link to an excluded file": Tree(
        {".iblint.yaml": "exclude: [real/]\n", "real/web.yaml": WEAK, "a.yaml": link("real/web.yaml")},
        1,
        ("a.yaml",),
    ),
    "link to a file in a skipped folder": judged(
        "a.yaml", link("node_modules/web.yaml"), files={"node_modules/web.yaml": WEAK}, left_out={"skipped": 1}
    ),
    "link to a file of git": judged("a.yaml", link(".git/web.yaml"), files={".git/web.yaml": WEAK}),
}

IGNORE = {"web.yaml": WEAK, "fine.yaml": GOOD}
FINE = ("fine.yaml",)
TRACKED: dict[str, Any] = {"left_out": {"tracked": 1}, "notices": ("web.yaml",)}
GITIGNORE = {
    "ignores the folder that is named": judged("web.yaml", files={".gitignore": "*\n"}),
    "ignored and tracked": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": index("web.yaml", "fine.yaml")}, 0, FINE, **TRACKED
    ),
    "every name ignored and tracked": Tree(
        {"web.yaml": WEAK, ".gitignore": "*.*\n", ".git/index": index("web.yaml")}, 0, **TRACKED
    ),
    "folder ignored, file in it tracked": Tree(
        {"a/web.yaml": WEAK, ".gitignore": "a\n", ".git/index": index("a/web.yaml")},
        0,
        notices=("a/web.yaml",),
        left_out={"ignored": 1, "tracked": 1},
    ),
    "ignored, tracked, linked": Tree(
        {"a": link(OUTSIDE), ".gitignore": "a\n", ".git/index": index("a/web.yaml")},
        0,
        left_out={"ignored": 1},
    ),
    "ignored and not tracked": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": index("fine.yaml")}, 0, FINE, left_out={"ignored": 1}
    ),
    "names of the index lead out": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": index("../outside/web.yaml", "/etc/passwd", "web.yaml")},
        0,
        FINE,
        **TRACKED,
    ),
    "index of another version": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": index("web.yaml", version=9)},
        0,
        FINE,
        notices=(".git/index",),
        left_out={"ignored": 1},
    ),
    "index that is cut": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": index("web.yaml")[:60]},
        0,
        FINE,
        notices=(".git/index",),
        left_out={"ignored": 1},
    ),
    "index that is compressed": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": zlib.compress(index("web.yaml"))},
        0,
        FINE,
        notices=(".git/index",),
        left_out={"ignored": 1},
    ),
    "index that is a pipe": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": fifo},
        0,
        FINE,
        notices=(".git/index",),
        left_out={"ignored": 1},
    ),
    "index that is a folder": Tree(
        {**IGNORE, ".gitignore": "web.yaml\n", ".git/index": folder},
        0,
        FINE,
        notices=(".git/index",),
        left_out={"ignored": 1},
    ),
    "gitignore that is a link": judged("web.yaml", files={"x": "*\n", ".gitignore": link("x")}),
    "gitignore that is a folder": judged("web.yaml", files={".gitignore": folder}),
    "gitignore that is a pipe": judged("web.yaml", files={".gitignore": fifo}),
    "gitignore of 2 MiB": judged("web.yaml", files={".gitignore": "web.yaml\n" * 240_000}, notices=(".gitignore",)),
    "gitignore with a negation": Tree(
        {**IGNORE, ".gitignore": "*.yaml\n!web.yaml\n"}, 1, ("web.yaml",), left_out={"ignored": 1}
    ),
    "gitignore of a subfolder, negated above": judged(
        "a/web.yaml", files={".gitignore": "*.yaml\n", "a/.gitignore": "!*\n"}
    ),
    "gitignore with NUL": judged("web.yaml", files={".gitignore": b"web\0.yaml\n"}),
    "gitignore with carriage returns": Tree({**IGNORE, ".gitignore": "web.yaml\r\n"}, 0, FINE, left_out={"ignored": 1}),
    "gitignore with a mark": judged("web.yaml", files={".gitignore": "\ufeffweb.yaml\n"}),
    "gitignore in UTF-16": judged("web.yaml", files={".gitignore": "web.yaml\n".encode("utf-16")}),
    "gitignore with many stars": judged("web.yaml", files={".gitignore": "**/*w*e*b*.*y*\n"}),
    "gitignore of the parent's folder": judged("infra/web.yaml", paths=("infra",), files={"x/.gitignore": "*\n"}),
    "file named although ignored": judged("web.yaml", files={".gitignore": "*\n"}, paths=("web.yaml",)),
    "exclude list of git": judged("web.yaml", files={".git/info/exclude": "*\n"}),
    "nested repository": judged("sub/web.yaml", files={"sub/.git/HEAD": "x", ".gitignore": "x\n"}),
    "submodule file in place of .git": judged("sub/web.yaml", files={"sub/.git": "gitdir: ../../outside\n"}),
}

ASSEMBLIES = {
    "two empty files": judged("web.yaml", files={"cdk.out": "", "manifest.json": ""}),
    "a manifest of the web": judged("web.yaml", files={"cdk.out": SIGN, "manifest.json": '{"name": "x", "icons": []}'}),
    "a sign that is a pipe": judged("web.yaml", files={"cdk.out": fifo, "manifest.json": MANIFEST}),
    "a sign that is a folder": judged("web.yaml", files={"cdk.out/x.txt": "", "manifest.json": MANIFEST}),
    "a manifest with a duplicate key": judged(
        "web.yaml", files={"cdk.out": SIGN, "manifest.json": '{"version": "1", "version": 2, "artifacts": {}}'}
    ),
    "a file beside the templates": Tree(
        {"o/web.yaml": WEAK, "o/cdk.out": SIGN, "o/manifest.json": MANIFEST},
        0,
        notices=("o/web.yaml",),
        left_out={"generated": 2},
    ),
    "a template of an assembly": judged(
        "o/w.template.json", TEMPLATE, files={"o/cdk.out": SIGN, "o/manifest.json": MANIFEST}, left_out={"generated": 1}
    ),
    "an asset of an assembly": Tree(
        {"o/asset.1/web.yaml": WEAK, "o/cdk.out": SIGN, "o/manifest.json": MANIFEST},
        0,
        notices=("o/asset.1/web.yaml",),
        left_out={"generated": 2},
    ),
    "an assembly in an assembly": judged(
        "o/assembly-x/w.template.json",
        TEMPLATE,
        files={
            f"o/{inner}{name}": text
            for inner in ("", "assembly-x/")
            for name, text in (("cdk.out", SIGN), ("manifest.json", MANIFEST))
        },
        left_out={"generated": 2},
    ),
    "the root is an assembly": Tree(
        {"web.yaml": WEAK, "cdk.out": SIGN, "manifest.json": MANIFEST},
        0,
        notices=("web.yaml",),
        left_out={"generated": 2},
    ),
}

ODD_NAMES = {
    "newline": ("a\nb.yaml", "a\nb.yaml"),
    "escape": ("a\x1b[2Jb.yaml", "a\x1b[2Jb.yaml"),
    "tab and bell": ("\t\a.yaml", "\t\a.yaml"),
    "workflow command": ("::error::x.yaml", "::error::x.yaml"),
    "right to left": ("a\u202elmay.yaml", "a\u202elmay.yaml"),
    "not UTF-8": ("caf\udce9.yaml", "caf\\xe9.yaml"),
    "255 bytes": ("n" * 250 + ".yaml", "n" * 250 + ".yaml"),
    "a suffix alone": (".yaml", ".yaml"),
    "dots": ("...yaml", "...yaml"),
    "blank": (" .yaml", " .yaml"),
    "option": ("--config.yaml", "--config.yaml"),
    "glob": ("*[a]?.yaml", "*[a]?.yaml"),
    "upper case": ("WEB.YAML", "WEB.YAML"),
    "backslash": ("a\\b.yaml", "a\\b.yaml"),
    "percent": ("%2e%2e.yaml", "%2e%2e.yaml"),
    "Markdown and HTML": ("](x)<b>`.yaml", "](x)<b>`.yaml"),
    "hash": ("#x.yaml", "#x.yaml"),
    "home": ("~.yaml", "~.yaml"),
    "two suffixes": ("web.json.yaml", "web.json.yaml"),
    "hidden": (".web.yml", ".web.yml"),
    "variable": ("${HOME}$(id).yaml", "${HOME}$(id).yaml"),
    "astral": ("\U0001f4a3.yaml", "\U0001f4a3.yaml"),
}
NAMES = {f"name: {what}": judged(name, shown=shown) for what, (name, shown) in ODD_NAMES.items()}
NAMES |= {
    "names that differ in case": Tree({"web.yaml": WEAK, "Web.yaml": GOOD}, 1, ("Web.yaml", "web.yaml")),
    "names that differ in normal form": Tree(
        {"\u00e9.yaml": WEAK, "e\u0301.yaml": GOOD}, 1, ("\u00e9.yaml", "e\u0301.yaml")
    ),
    "folder with a suffix": judged("x.yaml/web.yaml"),
    "deep folders": judged("/".join(["d"] * 120) + "/web.yaml"),
    "hidden folder": judged(".hidden/web.yaml"),
    "folder named like a flag": judged("--no-config/web.yaml"),
    "skipped folders": harmless({"node_modules/a.yaml": WEAK, ".terraform/b.json": TEMPLATE}, left_out={"skipped": 2}),
    "skipped folder as a file": judged("node_modules.yaml", files={"node_modules": "x"}),
    "skipped folder that is named": judged("node_modules/web.yaml", paths=("node_modules",)),
}

SPECIAL = {
    "pipe": harmless({"a.yaml": fifo}),
    "pipe that is named": problem("a.yaml", fifo, paths=("a.yaml",)),
    "socket": harmless({"a.yaml": listening}),
    "socket that is named": problem("a.yaml", listening, paths=("a.yaml",)),
    "device that is named": problem("a.yaml", link("/dev/zero"), paths=("a.yaml",)),
    "empty file": harmless({"a.yaml": "", "b.json": ""}),
    "white space": harmless({"a.yaml": " \n\n", "b.json": "\n"}),
    "sparse file above the limit": problem("a.yaml", sparse(257 << 20)),
    "sparse file that begins with a request": problem("a.yaml", sparse(20 << 20, WEAK)),
    "file of 17 MiB": problem("a.yaml", WEAK + "# x\n" * (17 << 18)),
    "file that cannot be read": problem("a.yaml", unreadable),
    "folder that cannot be read": Tree({"a": closed}, 4, problems=("a",)),
    "hard link": Tree({"a.yaml": WEAK, "b.yaml": lambda path: os.link("a.yaml", path)}, 1, ("a.yaml", "b.yaml")),
    "a missing path": Tree({}, 2, paths=("none.yaml",), error="no such file"),
    "a broken link that is named": Tree({"a.yaml": link("none")}, 2, paths=("a.yaml",), error="broken symbolic link"),
    "file without a suffix that is named": judged("Requestfile", paths=("Requestfile",)),
    "path with dots": judged("a/web.yaml", paths=("a/../a/./web.yaml",)),
    "the same file twice": judged("web.yaml", paths=("web.yaml", "./web.yaml", ".")),
}

ENCODED = {
    name: judged("a.yaml", WEAK.encode(name)) for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
}
ENCODINGS = {f"encoding: {name}": tree for name, tree in ENCODED.items()} | {
    "encoding: UTF-32 without a mark": judged("a.json", TEMPLATE.encode("utf-32-le")),
    "encoding: big UTF-32": judged("a.json", TEMPLATE.encode("utf-32-be")),
    "encoding: JSON in UTF-16": judged("a.json", TEMPLATE.encode("utf-16-be")),
    "encoding: Latin 1": problem("a.yaml", (WEAK + "description: caf\u00e9\n").encode("latin-1")),
    "encoding: overlong": problem("a.yaml", WEAK.encode() + b"description: \xc0\xae\n"),
    "encoding: a surrogate": problem("a.yaml", WEAK.encode() + b"description: \xed\xa0\x80\n"),
    "encoding: NUL": problem("a.yaml", WEAK.encode() + b"description: a\0b\n"),
    "encoding: cut UTF-16": problem("a.yaml", WEAK.encode("utf-16") + b"x"),
    "encoding: two marks": problem("a.yaml", b"\xef\xbb\xbf\xef\xbb\xbf" + WEAK.encode()),
    "encoding: mark between documents": Tree({"a.yaml": f"{GOOD}---\n\ufeff{WEAK}"}, 4, problems=("a.yaml",)),
    "encoding: control characters": problem("a.yaml", WEAK + "description: \x07\n"),
    "encoding: EBCDIC, which no reader knows": harmless({"a.yaml": WEAK.encode("cp037")}),
    "an archive under another name": harmless({"a.json": b"PK\3\4" + zlib.compress(TEMPLATE.encode())}),
    "a compressed file": harmless({"a.json": zlib.compress(WEAK.encode())}),
}

CONFIGURED = {
    "excludes everything": Tree(
        {".iblint.yaml": "exclude: ['**']\n", "web.yaml": WEAK}, 0, notices=("web.yaml",), left_out={"excluded": 2}
    ),
    "excludes a folder": Tree(
        {".iblint.yaml": "exclude: [infra/]\n", "infra/web.yaml": WEAK, "fine.yaml": GOOD},
        0,
        FINE,
        notices=("infra/web.yaml",),
        left_out={"excluded": 1},
    ),
    "excludes what is named": Tree(
        {".iblint.yaml": "exclude: [web.yaml]\n", "web.yaml": WEAK},
        0,
        notices=("web.yaml",),
        left_out={"excluded": 1},
        paths=("web.yaml",),
    ),
    "excludes in pyproject.toml": Tree(
        {"pyproject.toml": "[tool.iblint]\nexclude = ['*.yaml']\n", "web.yaml": WEAK},
        0,
        notices=("web.yaml",),
        left_out={"excluded": 1},
    ),
    "excludes and ignores": Tree(
        {".iblint.yaml": "exclude: [web.yaml]\n", ".gitignore": "web.yaml\n", "web.yaml": WEAK},
        0,
        left_out={"ignored": 1},
    ),
    "includes nothing else": judged("web.yaml", files={".iblint.yaml": "include: ['*.tpl']\n"}),
    "includes a file without suffix": judged("web.tpl", files={".iblint.yaml": "include: ['*.tpl']\n"}),
    "ignores the core rules": judged(
        "web.yaml", code=0, notices=(".iblint.yaml",), files={".iblint.yaml": "ignore: [IB201]\n"}
    ),
    "ignores every rule": Tree(
        {".iblint.yaml": "select: [IB201]\nignore: [IB201]\n", "web.yaml": WEAK}, 2, error="No rule is left"
    ),
    "never fails": judged("web.yaml", code=0, notices=(".iblint.yaml",), files={".iblint.yaml": "fail-on: never\n"}),
    "makes errors notes": judged(
        "web.yaml", code=0, notices=(".iblint.yaml",), files={".iblint.yaml": "severity: {IB201: note}\n"}
    ),
    "weakens one folder": judged(
        "web.yaml",
        code=0,
        notices=(".iblint.yaml",),
        files={".iblint.yaml": "overrides: [{files: ['**'], ignore: [IB201]}]\n"},
    ),
    "names another dialect": problem(
        "web.yaml", WEAK, files={".iblint.yaml": "dialect: cloudformation\n"}, paths=("web.yaml",)
    ),
    "overrides the dialect": problem(
        "web.yaml", WEAK, files={".iblint.yaml": "overrides: [{files: ['web.*'], dialect: cloudformation}]\n"}
    ),
    "rules out of the repository": Tree(
        {".iblint.yaml": f"rules: [{OUTSIDE[1:]}, ../outside]\n"}, 2, error="outside the repository"
    ),
    "parameters out of the repository": Tree({".iblint.yaml": "parameters: [/etc/hostname]\n"}, 2, error="outside the"),
    "configuration that links out": Tree({".iblint.yaml": link(f"{OUTSIDE}/iblint.yaml")}, 2, error="not followed"),
    "configuration that is a pipe": Tree({".iblint.yaml": fifo}, 2, error=".iblint.yaml"),
    "configuration that is a folder": Tree({".iblint.yaml/x": ""}, 2, error=".iblint.yaml"),
    "configuration that cannot be parsed": Tree({".iblint.yaml": "select: [\n"}, 2, error=".iblint.yaml:"),
    "configuration with a duplicate key": Tree({".iblint.yaml": "strict: true\nstrict: false\n"}, 2, error=":2"),
    "configuration with an unknown key": Tree({".iblint.yaml": "exlcude: [x]\n"}, 2, error="exlcude"),
    "configuration with a tag": Tree(
        {".iblint.yaml": "select: !!python/name:os.system x\n"}, 2, error=".iblint.yaml:1"
    ),
    "configuration with an alias bomb": Tree({".iblint.yaml": bomb(9)}, 2, error=".iblint.yaml"),
    "configuration of a list": Tree({".iblint.yaml": "- a\n"}, 2, error=".iblint.yaml:1"),
    "configuration in UTF-16": Tree({".iblint.yaml": "fail-on: never\n".encode("utf-16")}, 2, error="Not UTF-8"),
    "configuration of a subfolder is not used": judged(
        "a/web.yaml", notices=("a/.iblint.yaml",), files={"a/.iblint.yaml": "fail-on: never\n"}
    ),
    "configurations of two kinds: the first counts": judged(
        "web.yaml", files={".iblint.yaml": "strict: false\n", "pyproject.toml": "[tool.iblint]\nfail-on = 'never'\n"}
    ),
    "TOML with a long key": Tree(
        {"pyproject.toml": "[tool.iblint]\nx" + ".a" * 5000 + " = 1\n"}, 2, error="pyproject.toml:2"
    ),
    "TOML that cannot be parsed": Tree({"pyproject.toml": "[tool.iblint\n"}, 2, error="pyproject.toml"),
    "rules that are no rules": Tree({".iblint.yaml": "rules: [r]\n", "r/x.yaml": "a: b\n"}, 2, error="r/x.yaml"),
    "rules with Python beside them": Tree(
        {".iblint.yaml": "rules: [r]\n", "r/IB201.py": "raise SystemExit(0)\n"}, 2, error="r"
    ),
    "rules that are a link": Tree({".iblint.yaml": "rules: [r]\n", "r": link(OUTSIDE)}, 2, error="outside"),
}

ESCAPED = {
    "colons as x": escaped("\\x%02x"),
    "colons as u": escaped("\\u%04x"),
    "colons as U": escaped("\\U%08x"),
    "letters as X": escaped("\\x%02X", "ImageBuilder"),
    "everything": escaped("\\u%04X", TYPE),
}
CONTENTS = {
    **{
        f"escapes in JSON: {name}": (judged if "\\u" in text else problem)("t.json", text)
        for name, text in ESCAPED.items()
    },
    **{f"escapes in YAML: {name}": judged("t.yaml", text) for name, text in ESCAPED.items()},
    "escapes in a file that is refused": problem("t.template", escaped("\\x%02x")[:-1] + ', "a": .inf}'),
    "escaped line break in the type": judged("t.yaml", TEMPLATE.replace("::Image", "::\\\n  Image")),
    "fence in a string": judged("r.yaml", FLOW % '"tags": {"x": "\n```\n"}, "description": "\n```\n"'),
    "fence in a string of JSON": problem("r.json", FLOW % '"tags": {"x": "\n```\n"}, "description": "\n```\n"'),
    "fence around everything": problem("r.yaml", f"```yaml\n{WEAK}```\n"),
    "document before an error, with fences": problem("r.yaml", (FLOW % '"a": "\n```\n\n```\n"') + "\n---\n[\n"),
    "prose with a request": harmless({"notes.yaml": f"Write:\n\n```yaml\n{WEAK}x: [\n```\n\nand: [ go on\n"}),
    "duplicate key": problem("r.yaml", WEAK + "name: other\n"),
    "duplicate key in JSON": problem("r.json", FLOW % '"name": "x"'),
    "duplicate key by an escape": problem("r.json", FLOW % '"n\\u0061me": "x"'),
    "alias bomb": problem("r.yaml", bomb(9)),
    "alias of itself": problem("r.yaml", WEAK + "tags: &a {x: *a}\n"),
    "merge": judged("r.yaml", f"<<: {{instanceMetadataOptions: {{httpTokens: required}}}}\n{WEAK}"),
    "number without an end": problem("r.yaml", WEAK + "a: .inf\n"),
    "number of 5000 digits": problem("r.json", FLOW % ('"a": ' + "9" * 5000)),
    "deep nesting": problem("r.json", nested(5000)),
    "deep nesting in YAML": problem("r.yaml", nested(300)),
    "tag that makes an object": judged("r.yaml", WEAK + "a: !!python/object/apply:os.system [id]\n"),
    "set": problem("r.yaml", WEAK + "a: !!set {b}\n"),
    "key that is a list": problem("r.yaml", WEAK + "? [a]\n: b\n"),
    "key that is no text": problem("r.yaml", WEAK + "yes: b\n"),
    "two documents": Tree({"r.yaml": f"{GOOD}---\n{WEAK}"}, 1, ("r.yaml",)),
    "a document after the end": Tree({"r.yaml": f"{GOOD}...\n---\n{WEAK}"}, 1, ("r.yaml",)),
    "empty documents before it": judged("r.yaml", f"---\n---\n---\n{WEAK}"),
    "second document that is malformed": problem("r.yaml", f"{GOOD}---\n{WEAK}a: [\n"),
    "many documents": judged("r.yaml", "a: b\n---\n" * 900 + WEAK),
    "more documents than are read": problem("r.yaml", "a: b\n---\n" * 1100 + WEAK),
    "JSON values one after the other": problem("r.json", TEMPLATE + "\n" + TEMPLATE + "\n"),
    "JSON with comments": problem("r.json", "// x\n" + TEMPLATE),
    "JSON with a comma at the end": problem("t.json", TEMPLATE[:-1] + ",}"),
    "JSON in a YAML file": judged("t.yaml", TEMPLATE),
    "YAML in a JSON file": judged("r.json", WEAK),
    "YAML in a template file": judged("r.template", WEAK),
    "markup of another tool": problem("r.yaml", WEAK + "{% if x %}\na: b\n{% endif %}\n"),
    "value of another tool": judged("r.yaml", WEAK.replace("optional", "'{{ tokens }}'"), code=0),
    "directive YAML 1.2": judged("r.yaml", f"%YAML 1.2\n---\n{WEAK}"),
    "tabs": problem("r.yaml", WEAK + "tags:\n\tx: y\n"),
    "carriage returns": judged("r.yaml", WEAK.replace("\n", "\r")),
    "explicit keys": judged("r.yaml", "? name\n: web\n? instanceProfileName\n: b\n"),
    "misspelt key": judged("r.yaml", WEAK.replace("name:", "Name:", 1)),
    "request in a list": judged("r.json", "[" + FLOW % '"description": "x"' + "]"),
    "type by an alias": judged(
        "t.yaml", f"Metadata: &t {TYPE}\nResources: {{W: {{Type: *t, Properties: {PROPERTIES}}}}}\n"
    ),
    "properties by an alias": judged(
        "t.yaml", f"Metadata: &p {PROPERTIES}\nResources: {{W: {{Type: {TYPE}, Properties: *p}}}}\n"
    ),
    "resource by a merge": judged(
        "t.yaml", f"x: &r {{Type: {TYPE}}}\nResources: {{W: {{<<: *r, Properties: {PROPERTIES}}}}}\n"
    ),
    "resource in a loop": judged(
        "t.json",
        json.dumps({"Resources": {"Fn::ForEach::L": ["V", ["a"], {"W${V}": json.loads(TEMPLATE)["Resources"]["W"]}]}}),
    ),
    "resource that never exists": judged(
        "t.json",
        json.dumps(
            {
                "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
                "Resources": {"W": json.loads(TEMPLATE)["Resources"]["W"] | {"Condition": "C"}},
            }
        ),
    ),
    "properties that are a text": problem("t.json", TEMPLATE.replace(PROPERTIES, '"x"')),
    "resource out of its place": problem("t.json", TEMPLATE.replace('"Resources"', '"Outputs"')),
    "properties by a function": judged(
        "t.json", TEMPLATE.replace(PROPERTIES, '{"Fn::Transform": {"Name": "X"}}'), code=0
    ),
    **{
        f"body of a stack set: {name}": judged("t.yaml", stack_set(name))
        for name in ("|", ">", "!Sub |", "!Base64 |", "!Sub >-")
    },
    "comment that waives": judged("r.yaml", "# iblint: ignore=IB201\n" + WEAK, code=4, problems=("r.yaml",)),
}

BLOCK = {"web": {"name": "web", "instance_profile_name": "b"}}
TERRAFORM = {
    f"Terraform: {name}": judged("main.tf.json", json.dumps(data))
    for name, data in {
        "plain": {"resource": {"aws_imagebuilder_infrastructure_configuration": BLOCK}},
        "lists": [{"resource": [{"aws_imagebuilder_infrastructure_configuration": [BLOCK]}]}],
        "Cloud Control": {"resource": {"awscc_imagebuilder_infrastructure_configuration": BLOCK}},
    }.items()
}
TERRAFORM |= {
    "Terraform: malformed": problem(
        "x.tf.json", json.dumps({"resource": {"aws_imagebuilder_infrastructure_configuration": BLOCK}})[:-1]
    ),
    "Terraform: a reference": harmless({"x.tf.json": '{"output": {"x": {"value": "${aws_instance.web.id}"}}}'}),
}

TREES: dict[str, Tree] = (
    LINKS | GITIGNORE | ASSEMBLIES | NAMES | SPECIAL | ENCODINGS | CONFIGURED | CONTENTS | TERRAFORM
)


def write(tree: Tree, parent: Path) -> Path:
    """Write a tree below a folder, and return the root of its repository. The working folder is that root then."""
    root, outside = parent / "repository", parent / "outside"
    for made in (root / ".git", outside):
        made.mkdir(parents=True)
    (outside / "web.yaml").write_text(WEAK, encoding="utf-8")
    (outside / "iblint.yaml").write_text("fail-on: never\n", encoding="utf-8")
    os.chdir(root)
    for name, content in tree.files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if callable(content):
            content(path)
        else:
            data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
            Path(path).write_bytes(data)
    return root


def main() -> None:
    """Write all trees, each with the file ``answer.json`` beside its repository."""
    parent = Path(sys.argv[1]).resolve()
    for number, (name, tree) in enumerate(TREES.items()):
        place = parent / f"{number:03}-{''.join(char if char.isalnum() else '-' for char in name)}"
        write(tree, place)
        answer = {"name": name, **{key: value for key, value in tree._asdict().items() if key != "files"}}
        (place / "answer.json").write_text(json.dumps(answer, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
