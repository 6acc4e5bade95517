"""What a search leaves out is counted, and named where it mentions a configuration."""

from __future__ import annotations

import json
import subprocess

import pytest

from .conftest import put

WEAK = "name: web\ninstanceProfileName: b\ninstanceMetadataOptions: {httpTokens: optional}\n"
GOOD = "name: ok\ninstanceProfileName: b\ninstanceMetadataOptions: {httpTokens: required}\n"
TEMPLATE = (
    '{"Resources": {"W": {"Type": "AWS::ImageBuilder::InfrastructureConfiguration", "Properties": {"Name": "w"}}}}'
)
OTHER = "a: b\n"
MANIFEST = json.dumps({"version": "36.0.0", "artifacts": {}})
SIGN = json.dumps({"version": "36.0.0"})


def named(result):
    return [notice["file"] for notice in result.report["notices"]]


def judged(result):
    return sorted(configuration["file"] for configuration in result.report["configurations"])


# Assemblies

FALSE_SIGNS = {
    "empty": ("", ""),
    "no version": (SIGN, json.dumps({"artifacts": {}})),
    "no artifacts": (SIGN, json.dumps({"version": "1"})),
    "artifacts as a list": (SIGN, json.dumps({"version": "1", "artifacts": []})),
    "an empty sign": ("{}", MANIFEST),
    "not JSON": ("version: 1", MANIFEST),
    "nested too deeply": (SIGN, "[" * 100_000),
    "a list": ("[]", "[]"),
    "a web manifest": (SIGN, json.dumps({"name": "app", "icons": []})),
}


@pytest.mark.parametrize("signs", FALSE_SIGNS.values(), ids=FALSE_SIGNS.keys())
def test_two_files_of_the_right_names_hide_no_folder(checked, signs):
    result = checked({"infra/web.yaml": WEAK, "infra/cdk.out": signs[0], "infra/manifest.json": signs[1]})
    assert judged(result) == ["infra/web.yaml"]


def test_a_large_manifest_hides_no_folder(checked):
    manifest = MANIFEST[:-1] + " " * (17 << 20) + "}"
    assert judged(checked({"a/web.yaml": WEAK, "a/cdk.out": SIGN, "a/manifest.json": manifest})) == ["a/web.yaml"]


@pytest.mark.parametrize("name", ["web.yaml", "asset.1/web.json", "asset.2/deep/web.yml", "web.template"])
def test_what_is_beside_the_templates_of_an_assembly_is_named(checked, name):
    content = TEMPLATE if name.endswith(("json", "template")) else WEAK
    result = checked({f"out/{name}": content, "out/cdk.out": SIGN, "out/manifest.json": MANIFEST, "web.yaml": GOOD})
    assert judged(result) == ["web.yaml"]
    assert named(result) == [f"out/{name}"]
    assert result.report["summary"]["leftOut"]["generated"] >= 1


def test_the_records_of_an_assembly_are_not_named(checked):
    tree = {"version": "tree-0.1", "tree": {"aws:cdk:cloudformation:type": TEMPLATE, "p": {"instanceProfileName": "b"}}}
    files = {"out/tree.json": json.dumps(tree), "out/cdk.out": SIGN, "out/manifest.json": MANIFEST}
    assert named(checked(files)) == []


@pytest.mark.parametrize("extra", [{"Resources": {}}, {"name": "web"}])
def test_a_file_that_only_looks_like_a_record_is_named(checked, extra):
    tree = {"version": "tree-0.1", "tree": {}, "x": TEMPLATE} | extra
    assert named(checked({"out/tree.json": json.dumps(tree), "out/cdk.out": SIGN, "out/manifest.json": MANIFEST})) == [
        "out/tree.json"
    ]


# Ignored files


@pytest.fixture
def repository(tree):
    """Make a real repository of files, some of them added although they are ignored."""

    def make(files, *forced, version=2, **settings):
        folder = tree()
        (folder / ".git").rmdir()
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", f"index.version={version}"]
        for name, content in files.items():
            put(folder, name, content)
        subprocess.run(
            [*git, "init", "-q", *(f"--{k.replace('_', '-')}={v}" for k, v in settings.items())], cwd=folder, check=True
        )
        subprocess.run([*git, "add", "."], cwd=folder, check=True)
        if forced:
            subprocess.run([*git, "add", "-f", *forced], cwd=folder, check=True)
        return folder, git

    return make


IGNORED = {".gitignore": "web.yaml\nbuild/\n*.tmp.json\n", "infra/web.yaml": WEAK, "build/x/a.yaml": WEAK}
IGNORED |= {"b.tmp.json": TEMPLATE, "fine.yaml": GOOD, "build/other.yaml": OTHER}


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_tracked_files_are_named_although_they_are_ignored(repository, checked, version, form):
    repository(IGNORED, "infra/web.yaml", "build", "b.tmp.json", version=version, object_format=form)
    result = checked({})
    assert judged(result) == ["fine.yaml"]
    assert named(result) == ["b.tmp.json", "build/x/a.yaml", "infra/web.yaml"]
    assert result.report["summary"]["leftOut"] == {"ignored": 1, "tracked": 4}


def test_an_entry_with_extended_flags_is_read(repository, checked):
    folder, git = repository(IGNORED, "infra/web.yaml", version=3)
    put(folder, "later.yaml", OTHER)
    subprocess.run([*git, "add", "-N", "later.yaml"], cwd=folder, check=True)
    assert named(checked({})) == ["infra/web.yaml"]


def test_untracked_ignored_files_are_counted_and_not_opened(repository, checked):
    repository(IGNORED)
    result = checked({})
    assert named(result) == []
    assert result.report["summary"]["leftOut"] == {"ignored": 3}


def test_a_search_of_a_folder_knows_the_index_of_its_repository(repository, checked):
    repository(IGNORED, "infra/web.yaml")
    assert named(checked({}, "infra")) == ["infra/web.yaml"]


def test_a_worktree_has_its_index_elsewhere(repository, checked, tmp_path):
    folder, git = repository(IGNORED, "infra/web.yaml")
    subprocess.run([*git, "commit", "-qm", "x"], cwd=folder, check=True)
    subprocess.run([*git, "worktree", "add", "-q", "--detach", "wt"], cwd=folder, check=True)
    assert named(checked({}, "wt")) == ["wt/infra/web.yaml"]


INDEXES = {
    "not an index": b"DIRX" + b"\0" * 100,
    "cut": b"DIRC\0\0\0\2\0\0\0\5" + b"\0" * 10,
    "a version to come": b"DIRC\0\0\0\7\0\0\0\0" + b"\0" * 20,
    "too many entries": b"DIRC\0\0\0\2\xff\xff\xff\xff" + b"\0" * 200,
    "empty": b"",
}


@pytest.mark.parametrize("data", INDEXES.values(), ids=INDEXES.keys())
def test_an_index_that_cannot_be_read_is_a_notice(checked, data):
    result = checked({".gitignore": "web.yaml\n", "web.yaml": WEAK, ".git/index": data})
    assert result.code == 0
    assert named(result) == [".git/index"]


def test_a_split_index_is_a_notice(repository, checked):
    folder, git = repository(IGNORED, "infra/web.yaml")
    subprocess.run([*git, "update-index", "--split-index"], cwd=folder, check=True)
    assert ".git/index" in named(checked({}))


# Exclusions and skipped folders


@pytest.mark.parametrize("glob", ["web.yaml", "infra/", "infra", "**/web.*", "/infra/**", "*.yaml\n  - '!fine.yaml'"])
def test_excluded_files_with_a_mention_are_named(checked, glob):
    result = checked(
        {
            ".iblint.yaml": f"exclude:\n  - '{glob}'\n".replace("yaml\n  - '!", "yaml'\n  - '!").replace("''", "'"),
            "infra/web.yaml": WEAK,
            "fine.yaml": GOOD,
        }
    )
    assert judged(result) == ["fine.yaml"]
    assert named(result) == ["infra/web.yaml"]


@pytest.mark.parametrize("path", ["infra/web.yaml", "infra"])
def test_excluded_paths_of_the_command_line_are_named(checked, path):
    result = checked({".iblint.yaml": "exclude: [infra/]\n", "infra/web.yaml": WEAK}, path)
    assert named(result) == ["infra/web.yaml"]


def test_excluded_files_without_a_mention_are_only_counted(checked):
    result = checked({".iblint.yaml": "exclude: [infra/]\n", "infra/web.yaml": OTHER, "infra/a/b.json": "{}"})
    assert named(result) == []
    assert result.report["summary"]["leftOut"] == {"excluded": 2}


def test_skipped_folders_are_counted_and_not_opened(checked):
    result = checked({"node_modules/a.yaml": WEAK, "x/.terraform/b.json": TEMPLATE, "fine.yaml": GOOD})
    assert named(result) == []
    assert result.report["summary"]["leftOut"] == {"skipped": 2}


@pytest.mark.parametrize(
    "mention",
    [
        "aws_imagebuilder_infrastructure_configuration: {}",
        "Type: awscc_imagebuilder_infrastructure_configuration",
        "call: create_infrastructure_configuration",
        "run: aws imagebuilder create-infrastructure-configuration",
        "call: CreateInfrastructureConfiguration",
        "call: createInfrastructureConfiguration",
        "x: AWS::ImageBuilder::InfrastructureConfiguration",
        'x: "AWS\\x3a\\x3aImageBuilder\\x3a\\x3aInfrastructureConfiguration"',
        "instanceProfil\\x65Name: b\nterminateInstanceOnFailure: true",
    ],
)
def test_every_spelling_is_a_mention(checked, mention):
    assert named(checked({".iblint.yaml": "exclude: [x.yaml]\n", "x.yaml": f"# a\n{mention}\n"})) == ["x.yaml"]


def test_a_notice_has_the_line_of_the_mention(checked):
    text = "a: b\n---\n" + TEMPLATE
    (notice,) = checked({".iblint.yaml": "exclude: [x.yaml]\n", "x.yaml": text}).report["notices"]
    assert notice["line"] == 3


# Links


def link(path, target, *, folder=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target, target_is_directory=folder)


def test_a_link_out_of_the_searched_folder_is_named(tree, checked):
    folder = tree(**{"real/web.yaml": WEAK, "infra/fine.yaml": GOOD})
    link(folder / "infra/web.yaml", "../real/web.yaml")
    result = checked({}, "infra")
    assert (judged(result), named(result)) == (["infra/fine.yaml"], ["infra/web.yaml"])


def test_a_link_to_a_folder_is_searched(tree, checked):
    folder = tree(**{"real/a/web.yaml": WEAK, "infra/fine.yaml": GOOD})
    link(folder / "infra/more", "../real", folder=True)
    result = checked({}, "infra")
    assert (judged(result), named(result)) == (["infra/fine.yaml"], ["real/a/web.yaml"])


def test_links_in_a_circle_are_followed_once(tree, checked):
    folder = tree(**{"one/web.yaml": WEAK, "two/web.yaml": WEAK, "infra/fine.yaml": GOOD})
    link(folder / "infra/more", "../one", folder=True)
    link(folder / "one/more", "../two", folder=True)
    link(folder / "two/more", "../one", folder=True)
    link(folder / "two/up", "..", folder=True)
    assert named(checked({}, "infra")) == ["one/web.yaml", "two/web.yaml"]


def test_nothing_out_of_the_repository_is_opened(tree, checked, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    put(outside, "web.yaml", WEAK)
    folder = tree(**{"fine.yaml": GOOD})
    link(folder / "web.yaml", outside / "web.yaml")
    link(folder / "more", outside, folder=True)
    result = checked({})
    assert named(result) == ["more", "web.yaml"]
    assert all("out of the repository" in notice["message"] for notice in result.report["notices"])


def test_a_file_that_is_judged_is_not_named(tree, checked):
    folder = tree(**{"real/web.yaml": WEAK, "infra/fine.yaml": GOOD})
    link(folder / "infra/web.yaml", "../real/web.yaml")
    link(folder / "infra/again", "../real", folder=True)
    link(folder / "infra/inside.yaml", "fine.yaml")
    assert named(checked({}, "infra", "real")) == []


def test_a_file_whose_whole_name_is_a_suffix_is_read(checked):
    assert judged(checked({".yaml": WEAK, "a/.yml": WEAK, "b/.json": TEMPLATE})) == [".yaml", "a/.yml", "b/.json"]


# Terraform's JSON

BLOCK = {"web": {"name": "web", "instance_profile_name": "b"}}
OURS = "aws_imagebuilder_infrastructure_configuration"
TERRAFORM = {
    "plain": {"resource": {OURS: BLOCK}},
    "lists": {"resource": [{OURS: [BLOCK]}]},
    "a list of roots": [{"resource": {OURS: BLOCK}}],
    "Cloud Control": {"resource": {"awscc_imagebuilder_infrastructure_configuration": BLOCK}},
}


@pytest.mark.parametrize("data", TERRAFORM.values(), ids=TERRAFORM.keys())
@pytest.mark.parametrize("name", ["main.tf.json", "x/cdk.tf.json", "main.tofu.json"])
def test_terraform_json_is_judged(checked, data, name):
    result = checked({name: json.dumps(data, indent=1)})
    assert (result.code, len(result.report["configurations"])) == (1, 1)


def test_terraform_json_with_escapes_is_judged(checked):
    text = json.dumps(TERRAFORM["plain"]).replace("_image", r"\u005f\u0069mage")
    result = checked({"main.tf.json": text})
    assert (result.code, len(result.report["configurations"])) == (1, 1)


@pytest.mark.parametrize("data", [{"data": {OURS: BLOCK}}, {"output": {"x": {"value": f"${{{OURS}.web.arn}}"}}}])
def test_terraform_json_that_only_refers_to_one_is_nothing(checked, data):
    assert checked({"main.tf.json": json.dumps(data)}).code == 0
