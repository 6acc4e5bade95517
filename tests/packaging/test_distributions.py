"""What is shipped: the rules reach every kind of installation, whole and compiled."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.packs.authoring.compile import compile_pack
from iblint.packs.authoring.prose import read_prose
from iblint.packs.authoring.reader import read_pack
from iblint.version import __version__

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("iblint", "rules", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "CHANGELOG.md")

SHOW = """
import json, sys, iblint
from iblint.model.settings import Settings
from iblint.packs import load_packs
rules = load_packs(Settings())
heavy = {"yaml", "jsonschema", "iblint.packs.authoring.compile", "importlib.metadata", "boto3"}
loaded = sorted(heavy & set(sys.modules))
from iblint.packs.authoring.prose import reference
print(json.dumps({
    "file": iblint.__file__, "digest": rules.packs[0].digest, "version": rules.packs[0].version, "loaded": loaded,
    "codes": [rule.code for rule in rules.rules], "rationale": reference(rules, "IB201").rationale,
}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, so that no build leaves anything in the checkout."""
    tree = tmp_path_factory.mktemp("tree")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, tree / name)
    return tree


@pytest.fixture(scope="module")
def wheel(tree: Path) -> Path:
    return build(tree, tree / "dist", "wheel")


def build(tree: Path, target: Path, kind: str) -> Path:
    """Build without network: what builds need is installed beside the tests."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target], cwd=tree, check=True)
    return next(target.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


def show(path: Path, cwd: Path, site: bool = True, cache: str = "off") -> dict[str, object]:
    """Load the built-in rules in a fresh interpreter that finds iblint in ``path``."""
    environment = {"PYTHONPATH": str(path), "IBLINT_CACHE_DIR": cache, "PATH": os.environ["PATH"]}
    command = [sys.executable, *([] if site else ["-S"]), "-P", "-c", SHOW]
    result = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    shown: dict[str, object] = json.loads(result.stdout)
    return shown


def digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def checkout_files() -> dict[str, bytes]:
    return {p.relative_to(ROOT / "rules").as_posix(): p.read_bytes() for p in (ROOT / "rules").rglob("*.yaml")}


def test_the_wheel_has_exactly_the_rule_files_and_the_compiled_pack(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {
            name.removeprefix("iblint/_rules/"): archive.read(name)
            for name in archive.namelist()
            if name.startswith("iblint/_rules/")
        }
        tops = {name.partition("/")[0] for name in archive.namelist()}
    compiled, prose = shipped.pop("compiled.json"), shipped.pop("prose.json")
    assert digests(shipped) == digests(checkout_files())
    made = compile_pack(read_pack(ROOT / "rules", "rules"), builtin=True)
    assert compiled.decode() == json.dumps(made)  # the order too: it decides which of several faults is told first
    rules = load_packs(Settings())
    assert json.loads(prose) == {rule.code: read_prose(rules, rule.code) for rule in rules.rules}
    assert tops == {"iblint", f"iblint-{__version__}.dist-info"}


PLAIN = """\
name: golden-web
instanceProfileName: builder
terminateInstanceOnFailure: true
instanceMetadataOptions: {httpTokens: optional, httpPutResponseHopLimit: 2}
"""
LOADED = """
import sys
before = set(sys.modules)
from iblint.cli import main
assert main(sys.argv[1:]) == 1
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""
NOT_NEEDED = {"boto3", "botocore", "sarif_om", "attr", "jsonschema", "click", "pathspec", "dataclasses", "inspect"}
NOT_NEEDED |= {"pathlib", "urllib.parse", "ipaddress", "importlib.metadata", "importlib.resources", "subprocess"}
NOT_NEEDED |= {"threading", "logging", "tempfile", "hashlib", "difflib", "textwrap", "string", "argparse"}
NOT_NEEDED |= {"typing", "contextlib"}


@pytest.mark.parametrize(
    ("args", "needed"),
    [
        (["--format", "concise"], set()),
        ([], {"textwrap"}),
        (
            ["--format", "sarif"],
            {"hashlib", "sarif_om", "attr", "inspect", "urllib.parse", "ipaddress", "textwrap", "pathlib", "threading"}
            | {"typing", "contextlib"},
        ),
    ],
)
def test_an_installed_wheel_loads_no_more_than_a_run_needs(
    wheel: Path, tmp_path: Path, args: list[str], needed: set[str]
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "a.yaml").write_text(PLAIN, encoding="utf-8")
    environment = {"PYTHONPATH": str(tmp_path / "site"), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-P", "-c", LOADED, "check", "a.yaml", *args]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) & NOT_NEEDED <= needed


def test_the_wheel_ships_types_and_schemas(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    schemas = {f"iblint/schemas/{path.name}" for path in (ROOT / "iblint" / "schemas").glob("*.json")}
    assert names >= schemas | {"iblint/py.typed"}


def test_two_builds_are_the_same_bytes(tree: Path, wheel: Path, tmp_path: Path) -> None:
    assert build(tree, tmp_path, "wheel").read_bytes() == wheel.read_bytes()


def test_an_installed_wheel_reads_only_the_compiled_pack(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    shown = show(tmp_path / "site", tmp_path)
    assert str(shown["file"]).startswith(str(tmp_path / "site"))
    assert shown["loaded"] == []
    assert shown["version"] == __version__
    assert shown["codes"]
    assert shown["rationale"]


def test_a_zipped_wheel_works(wheel: Path, tmp_path: Path) -> None:
    shown = show(wheel, tmp_path)
    assert str(shown["file"]).startswith(str(wheel))
    assert shown["rationale"]


def test_a_wheel_from_the_source_distribution_is_the_same(tree: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(build(tree, tmp_path, "sdist")) as archive:
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    again = build(next(p for p in tmp_path.iterdir() if p.is_dir()), tmp_path / "again", "wheel")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        ours = {name: one.read(name) for name in one.namelist() if name.startswith("iblint/")}
        theirs = {name: other.read(name) for name in other.namelist() if name.startswith("iblint/")}
    assert digests(ours) == digests(theirs)


def test_pip_builds_the_same_wheel(tree: Path, wheel: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tree, tmp_path / "tree", ignore=shutil.ignore_patterns("dist"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--wheel-dir", tmp_path / "built", copy], check=True)
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(next((tmp_path / "built").glob("*.whl"))) as other:
        assert {n: one.read(n) for n in one.namelist()} == {n: other.read(n) for n in other.namelist()}


def test_a_bare_checkout_and_a_wheel_hold_the_same_rules(tree: Path, wheel: Path, tmp_path: Path) -> None:
    bare, zipped = show(tree, tmp_path), show(wheel, tmp_path)
    assert bare["digest"] == zipped["digest"]
    assert bare["codes"] == zipped["codes"]
    assert bare["rationale"] == zipped["rationale"]


def test_an_editable_installation_notices_a_changed_rule_file(tree: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tree, tmp_path / "tree", ignore=shutil.ignore_patterns("dist"))
    site = tmp_path / "site"
    hook = "import sys, hatchling.build; print(hatchling.build.build_editable(sys.argv[1]))"
    site.mkdir()
    result = subprocess.run([sys.executable, "-c", hook, site], cwd=copy, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(site / result.stdout.split()[-1]) as archive:
        archive.extractall(site)
        assert not [name for name in archive.namelist() if name.startswith("iblint/")]
    target = (site / "_iblint.pth").read_text().strip()
    assert Path(target).resolve() == copy.resolve()
    cache = str(tmp_path / "cache")
    first = show(Path(target), tmp_path, cache=cache)
    assert show(Path(target), tmp_path, cache=cache)["digest"] == first["digest"]
    rule = copy / "rules" / "security" / "IB201-imdsv2-required.yaml"
    rule.write_text(rule.read_text() + "# changed\n")
    assert show(Path(target), tmp_path, cache=cache)["digest"] != first["digest"]


def test_a_wrong_rule_file_fails_the_build(tree: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tree, tmp_path / "tree", ignore=shutil.ignore_patterns("dist"))
    rule = copy / "rules" / "security" / "IB201-imdsv2-required.yaml"
    rule.write_text(rule.read_text().replace("severity: error", "severity: eror"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    result = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "IB201-imdsv2-required.yaml:6" in result.stdout + result.stderr
    assert not list(tmp_path.glob("*.whl"))


def test_an_installation_without_rules_says_so(tree: Path, tmp_path: Path) -> None:
    shutil.copytree(tree / "iblint", tmp_path / "iblint")
    code = "from iblint.packs.locations import builtin_rules\nbuiltin_rules()"
    environment = {"PYTHONPATH": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert "RulePackError" in result.stderr
    assert "iblint's built-in rules are missing; install iblint again." in result.stderr
