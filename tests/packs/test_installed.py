"""Packs of installed distributions: the example pack, really installed, and impostors."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "examples" / "packs" / "acme-policies"

SHOW = """
import sys
from iblint.model.settings import Settings
from iblint.model.errors import RulePackError
from iblint.pipeline import judge_example
from iblint.packs import load_packs
from iblint.packs.authoring.examples import run_examples
from iblint.packs.authoring.lint import lint_rules
from iblint.packs.authoring.prose import references
try:
    rules = load_packs(Settings(packs=tuple(sys.argv[1:])))
except RulePackError as error:
    sys.exit(f"refused: {error}")
own = references(rules, "acme")
for info in rules.packs[1:]:
    print(info.name, info.version, info.digest[:7])
for rule in rules.rules:
    if rule.pack == "acme":
        print(rule.code, rule.check, rule.url)
results = run_examples(own, lambda code, example: judge_example(rules, code, example))
print(len(results), "examples", [r.wrong for r in results if not r.ok], lint_rules(own))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with iblint from this checkout and the example pack installed."""
    folder = tmp_path_factory.mktemp("environment")
    source = shutil.copytree(PACK, folder / "source")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    site = Path(run(python, "import sysconfig; print(sysconfig.get_path('purelib'))", folder).stdout.strip())
    (site / "parent.pth").write_text(f"{ROOT}\n" + "\n".join(p for p in sys.path if p.endswith("site-packages")) + "\n")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*install, "--no-index", "--disable-pip-version-check", "--target", site, source], check=True)
    return folder


def run(python: Path, code: str, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"IBLINT_CACHE_DIR": "off", "PATH": "/usr/bin:/bin"}
    command = [python, "-c", code, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_example_pack_is_installed_and_its_examples_hold(installed: Path) -> None:
    result = run(installed / "venv/bin/python", SHOW, installed, "acme")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "acme 1.2.0 sha256:",
        "ACME001 None https://acme.example/image-builder/ACME001-name-prefix",
        "ACME002 acme_policies.checks.bucket_of_team https://acme.example/image-builder/ACME002-bucket-of-team",
        "ACME101 None https://acme.example/image-builder/ACME101-build-subnets",
        "14 examples [] []",
    ]


def test_a_pack_is_not_loaded_unless_it_is_named(installed: Path) -> None:
    code = "import sys; from iblint.packs import load_packs; from iblint.model.settings import Settings\n"
    code += "print(len(load_packs(Settings()).packs), 'acme_policies' in sys.modules)"
    assert run(installed / "venv/bin/python", code, installed).stdout == "1 False\n"


def test_a_pack_that_is_not_installed_is_refused(installed: Path) -> None:
    result = run(installed / "venv/bin/python", SHOW, installed, "nothing")
    assert "no installed distribution provides it (installed are: acme)" in result.stderr


def lying(folder: Path, body: str = "", entry: str = "evil", value: str = "evil_pack") -> Path:
    """A distribution that only lies in a folder, as a checkout could bring it; importing it leaves a file."""
    (folder / "evil-1.0.dist-info").mkdir(parents=True)
    (folder / "evil-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (folder / "evil-1.0.dist-info" / "entry_points.txt").write_text(f"[iblint.packs]\n{entry} = {value}\n")
    shutil.copytree(PACK / "src" / "acme_policies", folder / "evil_pack")
    (folder / "evil_pack" / "__init__.py").write_text(body or f"open({str(folder / 'proof')!r}, 'w')\n")
    return folder


def test_a_distribution_that_lies_in_the_working_folder_is_refused(installed: Path, tmp_path: Path) -> None:
    checkout = lying(tmp_path)
    result = run(installed / "venv/bin/python", SHOW, checkout, "evil")  # -c puts the working folder on the path
    assert "it is not installed, only present in the working folder" in result.stderr
    assert "evil 1.0" in result.stderr
    assert not (checkout / "proof").exists()


def test_a_module_that_hides_the_installed_one_is_refused(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "acme_policies").mkdir()
    (tmp_path / "acme_policies" / "__init__.py").write_text(f"open({str(tmp_path / 'proof')!r}, 'w')\n")
    result = run(installed / "venv/bin/python", SHOW, tmp_path, "acme")
    assert "not in the folder of the distribution" in result.stderr
    assert not (tmp_path / "proof").exists()


@pytest.mark.parametrize(
    ("body", "value", "message"),
    [
        ("raise RuntimeError('no licence')\n", "evil_pack", "cannot be loaded: RuntimeError: no licence"),
        ("import nowhere\n", "evil_pack", "ModuleNotFoundError: No module named 'nowhere'"),
        ("X = 1\n", "evil_pack", "its pack.yaml has another name: 'acme'"),
        ("X = 1\n", "evil_pack:X", "is not the name of a module"),
        ("X = 1\n", "no_such_module", "there is no module no_such_module"),
    ],
)
def test_a_pack_that_fails_to_load_ends_the_run(
    installed: Path, tmp_path: Path, body: str, value: str, message: str
) -> None:
    site = next((installed / "venv").glob("lib/python*/site-packages"))
    lying(site, body, value=value)
    try:
        result = run(installed / "venv/bin/python", SHOW, tmp_path, "evil")
    finally:
        shutil.rmtree(site / "evil_pack")
        shutil.rmtree(site / "evil-1.0.dist-info")
    assert result.returncode == 1
    assert message in result.stderr
    assert "the distribution evil 1.0 cannot be loaded" in result.stderr


def test_an_editable_installation_of_the_working_folder_is_an_installation(installed: Path, tmp_path: Path) -> None:
    """Whoever develops a pack runs iblint in its checkout."""
    site = next((installed / "venv").glob("lib/python*/site-packages"))
    checkout = lying(tmp_path / "checkout", "X = 1\n")
    meta = checkout / "evil_pack" / "rules" / "pack.yaml"
    meta.write_text(meta.read_text().replace("name: acme", "name: evil"))
    shutil.move(checkout / "evil-1.0.dist-info", site / "evil-1.0.dist-info")
    direct = {"url": checkout.as_uri(), "dir_info": {"editable": True}}
    (site / "evil-1.0.dist-info" / "direct_url.json").write_text(json.dumps(direct))
    try:
        result = run(installed / "venv/bin/python", SHOW, checkout, "evil")
    finally:
        shutil.rmtree(site / "evil-1.0.dist-info")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("evil 1.0 sha256:")
