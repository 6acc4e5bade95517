"""The one list of what mentions an infrastructure configuration, and which files are programs.

Every text file of a run is searched for a mention, as bytes. A file without one is done. With one, data is judged or is
a problem, and a program is listed as not judged (``not_judged``). What a file is comes from its name, then from its
shebang, then from its content.

A dialect that reads a kind of program names it in its own ``PROGRAMS``. Another kind of dialect takes suffixes over:
they leave ``PROGRAMS`` here and become its ``SUFFIXES``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from iblint.discovery.names import Names

CLOUDFORMATION_TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"

TERRAFORM_TYPES = (
    "aws_imagebuilder_infrastructure_configuration",
    "awscc_imagebuilder_infrastructure_configuration",
)

PULUMI_TYPES = (
    "aws:imagebuilder:InfrastructureConfiguration",
    "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration",
    "aws-native:imagebuilder:InfrastructureConfiguration",
)

TYPES = (CLOUDFORMATION_TYPE, *TERRAFORM_TYPES, *PULUMI_TYPES)
"""The type of the resource, as the tools that make one name it. Crossplane and ACK have ``kind`` and ``apiVersion``."""

CALLS = (
    "createInfrastructureConfiguration",
    "CreateInfrastructureConfiguration",
    "create_infrastructure_configuration",
    "create-infrastructure-configuration",
    "updateInfrastructureConfiguration",
    "UpdateInfrastructureConfiguration",
    "update_infrastructure_configuration",
    "update-infrastructure-configuration",
)
"""The two calls of the API, as SDKs, IAM and CloudTrail, Python and Ruby, and the AWS CLI spell them."""

COMMANDS = ("New-EC2IBInfrastructureConfiguration", "Update-EC2IBInfrastructureConfiguration")
"""The same in PowerShell."""

CONSTRUCTS = (
    "CfnInfrastructureConfiguration",
    "ImagebuilderInfrastructureConfiguration",
    "InfrastructureConfiguration",
    "NewCfnInfrastructureConfiguration",
    "NewInfrastructureConfiguration",
)
"""The classes and functions of the CDK, CDK for Terraform, Pulumi and troposphere."""

PARTS = (
    b"nfrastructureConfiguration",
    b"nfrastructure_configuration",
    b"nfrastructure-configuration",
    b"nfrastructureconfiguration",
)
"""What all of the above contain, in one of the spellings. PowerShell's may be in lower case."""

_SHARED = b"nfrastructure"


def has_mention(data: bytes) -> bool:
    """Return whether bytes may mention a configuration. Another encoding than that of ASCII may hide one."""
    if _SHARED in data and any(part in data for part in PARTS):
        return True
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]


_UNREAD = (
    *(name.encode() for name in (*TERRAFORM_TYPES, *PULUMI_TYPES, *CALLS, *COMMANDS)),
    *(name.lower().encode() for name in COMMANDS),
)
_TYPE = CLOUDFORMATION_TYPE.encode()


def may_be_unread(data: bytes, judged: int) -> bool:
    """Return whether data may declare more than the configurations that were judged in it."""
    return data.count(_TYPE) > judged or any(name in data for name in _UNREAD) or (b"\\" in data and has_mention(data))


PROGRAMS = {
    "py": "python",
    "ipynb": "notebook",
    "sh": "shell-script",
    "bash": "shell-script",
    "zsh": "shell-script",
    "ksh": "shell-script",
    "bats": "shell-script",
    "ps1": "powershell",
    "psm1": "powershell",
    "ts": "javascript",
    "mts": "javascript",
    "cts": "javascript",
    "tsx": "javascript",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "jsx": "javascript",
    "go": "go",
    "java": "java",
    "cs": "csharp",
    "rb": "ruby",
    "hcl": "terragrunt",
    "tfstate": "terraform-state",
    "mk": "makefile",
    "dockerfile": "dockerfile",
    "jenkinsfile": "jenkinsfile",
    "groovy": "jenkinsfile",
}
"""The kind of program by the suffix."""

NAMED_PROGRAMS = {
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "jenkinsfile": "jenkinsfile",
    "rakefile": "ruby",
    "vagrantfile": "ruby",
}
"""The kind of program by the name, also if more follows after a dot, as in ``Dockerfile.prod``."""

DATA = ("yaml", "yml", "json", "jsonc", "json5", "template", "cfn", "toml", "tf", "tofu")
"""Suffixes of data."""

_PLAIN = frozenset({"yaml", "yml", "json", "template", "tf", "tofu"})
"""The suffixes of most data, as most write them."""

MARKUP = ("tpl", "tftpl", "tmpl", "gotmpl", "j2", "jinja", "jinja2", "erb")
"""Suffixes of templates of other tools: what the file becomes is said by the suffix before, or by the content."""

FAMILY = (".yaml.", ".yml.", ".json.")
"""A name with one of these is data, whatever follows: ``stack.yaml.tpl``, ``infra.json.example``."""

_LOCKS = (".terraform.lock.hcl",)
_PROSE = ("md", "markdown", "txt", "rst", "adoc")
_NAMED_PROSE = frozenset(
    {"authors", "changelog", "changes", "contributing", "copying", "history", "install", "licence", "license"}
    | {"maintainers", "news", "notice", "readme", "releases", "security", "thanks", "todo", "upgrading"}
)
"""Names of texts for people, without a suffix."""
_STUBS = (".d.ts", ".d.mts", ".d.cts")
"""Ends of names of declarations without code."""


def program_of(file: str) -> str | None:
    """Return the kind of program that the name of a file says it is, or None."""
    name = _without_markup(file.rpartition("/")[2].lower())
    stem, _, suffix = name.rpartition(".")
    kind = PROGRAMS.get(suffix) if stem else None
    if kind is not None:
        return None if any(part in name for part in FAMILY) else kind
    return NAMED_PROGRAMS.get(name.partition(".")[0])


def is_plain(file: str) -> bool:
    """Return whether a file has one of the suffixes of most data: quicker than ``is_data``, and true of fewer names."""
    return file[file.rfind(".") + 1 :] in _PLAIN


def program_by_content(data: bytes) -> str | None:
    """Return the kind of program that the first line or the blocks of a file say it is, or None."""
    head = data[:65536].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"#!"):
        line = head.partition(b"\n")[0]
        return next((kind for word, kind in _INTERPRETERS if word in line), "shell-script")
    if b'resource "' in head and any(line.startswith(b'resource "') for line in head.splitlines()):
        return "terraform"
    return None


_INTERPRETERS = ((b"python", "python"), (b"node", "javascript"), (b"ruby", "ruby"), (b"pwsh", "powershell"))


def is_data(file: str) -> bool:
    """Return whether the name of a file says that it is YAML, JSON or TOML."""
    name = file.rpartition("/")[2].lower()
    return name.rpartition(".")[2] in DATA or any(part in name for part in FAMILY)


def is_prose(file: str) -> bool:
    """Return whether the name of a file says that it is text for people."""
    name = file.rpartition("/")[2].lower()
    return name in _NAMED_PROSE or name.rpartition(".")[2] in _PROSE


def is_stub(file: str) -> bool:
    """Return whether the name of a file says that it declares types without code."""
    return file.lower().endswith(_STUBS)


def _without_markup(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and suffix in MARKUP else name


def searched_names(suffixes: Iterable[str]) -> Names:
    """Return the names of the files that a search opens: of data, of programs, and with the suffixes of dialects."""
    from iblint.discovery.names import Names  # which the fast path does not need

    return Names(
        frozenset((*suffixes, *DATA, *MARKUP, *PROGRAMS)),
        FAMILY,
        tuple([f"{name}." for name in NAMED_PROGRAMS]),
        without_suffix=True,
        never=frozenset(_LOCKS),
    )
