"""Find where a program makes an infrastructure configuration, and say that it was not judged.

iblint runs no program, so what a program makes is not known. Nothing is parsed: a mention counts by the text right
before and after it. A declaration or a call counts; a comment, a docstring, an import, a definition of the call in an
SDK, an action of an IAM policy, an entry of a list of types and the name of a data source do not. All searches are
linear in the size of the text.
"""

from __future__ import annotations

import json
import re
from functools import cached_property

from iblint.dialects.shared import idioms
from iblint.dialects.shared.comments import comment_test
from iblint.dialects.shared.mentions import (
    CLOUDFORMATION_TYPE,
    COMMANDS,
    CONSTRUCTS,
    PARTS,
    TERRAFORM_TYPES,
    has_mention,
    is_stub,
)
from iblint.dialects.shared.prefilter import decoded
from iblint.discovery.read import is_binary
from iblint.model.document import NotJudged
from iblint.model.record import Record

MAX_BYTES = 16 << 20
"""In a larger program any mention counts."""
MAX_MENTIONS = 2_000
"""Mentions of one file that are looked at. One more counts as a declaration, so that nothing is passed over."""

_CORE = re.compile("[Ii]nfrastructure[-_]?[Cc]onfiguration")
_BEFORE, _AFTER = 160, 60
"""Characters around a mention that are looked at."""

_SHELL_LIKE = frozenset({"shell-script", "makefile", "dockerfile", "jenkinsfile", "powershell"})

_COMMANDS = frozenset(command.lower() for command in COMMANDS)
"""PowerShell does not distinguish case."""
_NAME_BEFORE = re.compile(r"[\w:-]*\Z")
_NAME_AFTER = re.compile(r"[\w-]*")
_CALL = re.compile(
    r"(?:create|update)([-_]?)infrastructure\1configuration(?:Async|WithContext|Request|Input|Command)?", re.IGNORECASE
)
_DEFINES = re.compile(
    r"(?:\b(?:class|def|func|function|fun|interface|struct|type|enum|import|public|private|protected|internal|static|async"
    r"|override|virtual)\s+|\bfunc\s*\([^()]{0,80}\)\s*)(?:[\w.]+\s+)?\Z"
)
"""What precedes the name of something that is defined."""
_ACCESS = re.compile(r"(?:\.|->|::)\s*\Z")
_NEW = re.compile(r"(?:\bnew\s+(?:[\w]+\.)*|&(?:\w+\.)?|[=(,]\s*(?:\w+\.)?)\Z")
_ACTION = re.compile(r"""\b(?:action|api|operation|method)\w*["']?\s*(?::|=>?)\s*(?:\w+\()?["'`]\Z""", re.IGNORECASE)
_BY_NAME = re.compile(
    r"""\b(?:getattr|(?:__|public_)?send(?:__)?|method|methodcaller|_make_api_call|makeRequest)\b[^\n]{0,120}["':]\Z"""
)
"""What precedes the name of a method that is called by its name."""
_CONSTANT = re.compile(r"""=\s*["'`]\Z""")
_BY_TYPE = re.compile(r"CfnResource\b|\bcreate_?resource\b", re.IGNORECASE)
"""What makes a resource of any type, so that the type may stand in a constant."""
_SDK_TASK = "aws-sdk:imagebuilder:"
_COMMAND_BEFORE = re.compile(r"""\bimagebuilder["'`\s,\\+^\[\]]*\Z""")
_RESOURCE = re.compile(r"""\bresource\s*\(?\s*["']?\Z""")
TYPE_BEFORE = re.compile(r"""(?<!\w)[Tt]ype(?:_?[Nn]ame)?["']?\s*(?::|=>?|\()\s*(?:[\w.]+\()?["'`]?\Z""")
"""What precedes the type of the resource where it is the value of ``Type``, ``TypeName`` or ``type``."""
_TYPE_OPTION = re.compile(r"""--type-name[=\s]\s*["']?\Z""")
_CONTROL_CALL = re.compile(r"\b(?:create|update)-resource\b")
_CALLED = re.compile(r"\s*(?:\(|\.Builder\b|\w+\s*=\s*new\s*\()")
_FILLED = re.compile(r"\s*(?:\(|\{|\.builder\b)")
_SERVICE = re.compile("image_?builder", re.IGNORECASE)
_DATA_SOURCE = re.compile(r'"mode":\s*"data"[^{}]*\Z')
_EXTENDS = re.compile(r"\bextends\s+(?:\w+\.)*\Z|\bclass\s+\w+\s*\((?:\w+\.)*\Z|\bclass\s+\w+\s*:\s*(?:\w+\.)*\Z")
_GENERATED = re.compile(
    r"generated (?:by|from) (?:private/model|smithy|the pulumi|pulumi|jsii|cdktf|aws sdk|.{0,40}service model)"
    r"|smithy-go-codegen|Amazon\.Runtime\.Internal",
    re.IGNORECASE,
)
"""What the head of a file of an SDK, or of a library of a framework, says."""
_FRAMEWORKS = (
    ("pulumi-source", re.compile(r"\bpulumi", re.IGNORECASE)),
    ("cdktf-source", re.compile(r"\bcdktf", re.IGNORECASE)),
    ("cdk-source", re.compile(r"aws-cdk|aws_cdk|awscdk|Amazon\.CDK|\bCfnInfrastructureConfiguration")),
    ("troposphere-source", re.compile(r"\btroposphere\b")),
)

_REQUEST_FILE = (
    "Write the request to a file of its own, check that with 'iblint check FILE', and let the program read it."
)
_SAME_VALUES = "Check the same values as a request or template, or exclude the file in the configuration."

KINDS: dict[str, tuple[str, str]] = {
    "cdk-source": (
        "The source of a CDK app makes an infrastructure configuration here",
        "Run 'cdk synth', then 'iblint check cdk.out'.",
    ),
    "cdktf-source": (
        "The source of a CDK for Terraform app makes an infrastructure configuration here",
        "Run 'cdktf synth', then 'iblint check cdktf.out'.",
    ),
    "pulumi-source": (
        "The source of a Pulumi program makes an infrastructure configuration here",
        f"Run 'pulumi preview --diff' to see its values. {_SAME_VALUES}",
    ),
    "troposphere-source": (
        "The source of a troposphere program makes an infrastructure configuration here",
        "Run the program, then check the template that it prints: 'iblint check TEMPLATE'.",
    ),
    "sdk-code": ("A program makes an infrastructure configuration here", _REQUEST_FILE),
    "notebook": ("A notebook makes an infrastructure configuration here", _REQUEST_FILE),
    "shell-script": ("A shell script makes an infrastructure configuration here", _REQUEST_FILE),
    "powershell": ("A PowerShell script makes an infrastructure configuration here", _REQUEST_FILE),
    "makefile": ("A makefile makes an infrastructure configuration here", _REQUEST_FILE),
    "dockerfile": ("A Dockerfile makes an infrastructure configuration here", _REQUEST_FILE),
    "jenkinsfile": ("A Jenkins pipeline makes an infrastructure configuration here", _REQUEST_FILE),
    "terraform": ("Terraform code makes an infrastructure configuration here", _SAME_VALUES),
    "terragrunt": ("Terragrunt code makes an infrastructure configuration here", _SAME_VALUES),
    "terraform-state": (
        "Terraform's state records an infrastructure configuration here",
        "Check the code that made it, or the answer of 'aws imagebuilder get-infrastructure-configuration'.",
    ),
    "text-file": (
        "The file names an infrastructure configuration here, in a form that iblint does not know",
        _SAME_VALUES,
    ),
}
"""What is said of each kind: the reason, and what to do."""

_NOT_READ = {
    "terraform": "iblint does not read this form of Terraform",
    "terragrunt": "iblint does not read Terragrunt",
    "terraform-state": "a state is no source",
    "text-file": "nothing says how to read it",
}


READ_CALLS: dict[str, tuple[str, ...]] = {
    "python": ("create_infrastructure_configuration", "update_infrastructure_configuration"),
    "notebook": ("create_infrastructure_configuration", "update_infrastructure_configuration"),
    "shell-script": ("create-infrastructure-configuration", "update-infrastructure-configuration"),
    "dockerfile": ("create-infrastructure-configuration", "update-infrastructure-configuration"),
}
"""The calls that a dialect reads, by the kind of program. It says itself which of them it cannot judge."""


def find_in_program(file: str, data: bytes, kind: str, without: tuple[str, ...] = ()) -> tuple[NotJudged, ...]:
    """Return an entry for the first place at which a program of a kind makes a configuration; none if it makes none.

    ``kind`` is a value of ``mentions.PROGRAMS``. ``without`` are names that something was said of already.
    """
    if is_stub(file) or is_binary(data) or not has_mention(data):
        return ()
    if len(data) > MAX_BYTES:
        place = min(place for place in map(data.find, PARTS) if place >= 0)
        return (entry(file, kind if kind in KINDS else "sdk-code", data.count(b"\n", 0, place) + 1, 1),)
    text = decoded(data)
    found = _in_notebook(text, without) if kind == "notebook" else _Program(text, kind, without).find()
    if found is None:
        return ()
    kind, start = found
    before = text[:start]
    return (entry(file, kind, before.count("\n") + 1, start - before.rfind("\n")),)


def find_in_text(text: str) -> str | None:
    """Return the kind of the program in a string that makes a configuration, or None."""
    found = _Program(text, "python").find()
    return None if found is None else found[0]


def entry(file: str, kind: str, line: int, column: int) -> NotJudged:
    """Return the entry for something of a kind that was not judged."""
    what, help = KINDS[kind]
    why = _NOT_READ.get(kind, "iblint runs no programs")
    return NotJudged(file, line, column, kind, f"{what}. It was not judged: {why}.", help)


class _Mention(Record):
    """A mention with the text around it."""

    start: int
    """The place of the name."""
    name: str
    """The whole word, such as ``NewCfnInfrastructureConfiguration``."""
    before: str
    """The text before the word."""
    after: str
    """The text after it."""

    @classmethod
    def at(cls, text: str, match: re.Match[str]) -> _Mention:
        """Return the mention around a match of ``_CORE``."""
        window = text[max(match.start() - _BEFORE, 0) : match.start()]
        rest = text[match.end() : match.end() + _AFTER]
        left, right = _found(_NAME_BEFORE.search(window[-80:])), _found(_NAME_AFTER.match(rest))
        start, name = match.start() - len(left), left + match[0] + right
        before = window[: len(window) - len(left)]
        scope, colons, last = name.rpartition("::")
        skipped = scope + colons  # of a name of C++ or Rust
        if not colons or name.endswith(CLOUDFORMATION_TYPE):
            last = name.lstrip(":")  # a symbol of Ruby
            skipped = name[: len(name) - len(last)]
        return cls(start + len(skipped), last, before + skipped, rest[len(right) :])


def _found(match: re.Match[str] | None) -> str:
    return match[0] if match else ""


class _Program:
    """The text of a program of a kind, and what is known of it."""

    def __init__(self, text: str, kind: str, without: tuple[str, ...] = ()) -> None:
        self.text = text
        self.kind = kind
        self.without = without

    def find(self) -> tuple[str, int] | None:
        """Return the kind and the place of the first mention that makes a configuration."""
        is_comment = None
        for number, match in enumerate(_CORE.finditer(self.text)):
            mention = _Mention.at(self.text, match)
            if number >= MAX_MENTIONS:
                return self.source(mention), mention.start
            if self.makes_one(mention):
                is_comment = is_comment or comment_test(self.text, self.kind)
                if not is_comment(mention.start):
                    return self.source(mention), mention.start
        return None

    def makes_one(self, mention: _Mention) -> bool:
        """Return whether a mention declares a configuration, or calls for one."""
        name, before = mention.name, mention.before
        if name in self.without:
            return False
        if self.kind == "terraform-state":
            return TYPE_BEFORE.search(before) is not None and _DATA_SOURCE.search(before) is None
        if "-ec2ib" in name.lower():
            quoted = before.endswith(("'", '"')) and mention.after.startswith(before[-1])  # in a list of names
            return name.lower() in _COMMANDS and not quoted
        if name.endswith(CLOUDFORMATION_TYPE):
            option = _TYPE_OPTION.search(before) is not None and _CONTROL_CALL.search(before) is not None
            constant = _CONSTANT.search(before) is not None and self.makes_any_type
            return name == CLOUDFORMATION_TYPE and (TYPE_BEFORE.search(before) is not None or option or constant)
        if name in TERRAFORM_TYPES:
            return _RESOURCE.search(before) is not None
        if name.startswith(_SDK_TASK):
            return _CALL.fullmatch(name.removeprefix(_SDK_TASK)) is not None
        if _CALL.fullmatch(name):
            return self.calls(mention)
        return self.constructs(mention)

    def calls(self, mention: _Mention) -> bool:
        """Return whether the name of the API's call is used to call it."""
        name, before, after = mention.name, mention.before, mention.after
        if "-" in name:
            if after.startswith(("/", ".")) or before.endswith(("/", ".")):  # the name of a file
                return False
            return self.kind in _SHELL_LIKE or _COMMAND_BEFORE.search(before) is not None
        if _ACTION.search(before) or _BY_NAME.search(before):
            return True
        if idioms.is_called_by_key(before, after):
            return True
        if _DEFINES.search(before) or self.is_generated or idioms.is_mocked(before, after):
            return False
        if name.endswith(("Request", "Input", "Command")):
            made = _FILLED.match(after) is not None
            return idioms.is_renamed(mention.before, mention.after) or (
                made and (_NEW.search(before) is not None or after.lstrip().startswith(".builder"))
            )
        return _ACCESS.search(before) is not None or idioms.is_destructured(before, after)

    def constructs(self, mention: _Mention) -> bool:
        """Return whether a class or function of a framework is called, or a class is derived from it."""
        name, derived = mention.name, _EXTENDS.search(mention.before) is not None
        if name not in CONSTRUCTS or self.is_generated:
            return False
        if "Cfn" not in name and "Imagebuilder" not in name and not self.names_service:
            return False  # a name that other programs have, too
        if derived or idioms.is_renamed(mention.before, mention.after):
            return True
        return _CALLED.match(mention.after) is not None and _DEFINES.search(mention.before) is None

    @cached_property
    def is_generated(self) -> bool:
        """Whether it is the source of an SDK or of a library of a framework."""
        return _GENERATED.search(self.text[:1000]) is not None

    @cached_property
    def makes_any_type(self) -> bool:
        """Whether it makes resources of any type, so that a constant may be the type of one."""
        return _BY_TYPE.search(self.text) is not None

    @cached_property
    def names_service(self) -> bool:
        """Whether it names the service anywhere, as each import of one of the frameworks does."""
        return _SERVICE.search(self.text) is not None

    def source(self, mention: _Mention) -> str:
        """Return what kind of source it is: its own kind, else by the framework that it imports."""
        if self.kind in KINDS:
            return self.kind
        is_plain_call = _CALL.fullmatch(mention.name) is not None and _ACTION.search(mention.before) is None
        if not is_plain_call and mention.name.lower() not in _COMMANDS:
            for source, pattern in _FRAMEWORKS:
                if pattern.search(self.text):
                    return source
        return "sdk-code"


def _in_notebook(text: str, without: tuple[str, ...]) -> tuple[str, int] | None:
    """Return the place in a notebook of the first line of code that makes a configuration."""
    try:
        cells = json.loads(text)["cells"]
        sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    except (ValueError, TypeError, LookupError, RecursionError):
        sources = [text]
    for source in sources:
        found = _Program(source, "python", without).find()
        if found is not None:
            return "notebook", _place_in_notebook(text, source, found[1])
    return None


def _place_in_notebook(text: str, source: str, start: int) -> int:
    """Return where a place of a cell stands in the text of the notebook; 0 if it is not found."""
    begin = source.rfind("\n", 0, start) + 1
    line = source[begin:].partition("\n")[0]
    for written in (json.dumps(line, ensure_ascii=False)[1:-1], json.dumps(line)[1:-1]):
        place = text.find(written)
        if place >= 0:
            return place + len(json.dumps(line[: start - begin], ensure_ascii=False)) - 2
    return 0
