"""The bundled table of instance types, its generator, and what names alone tell."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from iblint.checks import _instance_types as types

ROOT = Path(__file__).resolve().parents[2]


def load_generator():
    spec = importlib.util.spec_from_file_location(
        "generate_instance_types", ROOT / "scripts/generate_instance_types.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def version(text):
    return tuple(int(part) for part in text.split("."))


def test_the_table_agrees_with_the_installed_botocore():
    generator = load_generator()
    recorded = json.loads(generator.OUTPUT.read_text(encoding="utf-8"))
    installed, botocore = generator.installed()
    if version(botocore) >= version(recorded["botocore"]):
        assert generator.build(installed, recorded["botocore"]) == recorded, "run scripts/generate_instance_types.py"
    assert sum(types.is_known(name) for name in installed) == len(installed)


def test_facts_name_families_and_types_of_the_table():
    recorded = json.loads(load_generator().OUTPUT.read_text(encoding="utf-8"))
    assert set(recorded["previousGeneration"]) <= set(recorded["families"])
    assert set(recorded["xen"]) <= set(recorded["families"])
    assert all(types.is_known(name) for name in recorded["undersized"])


def test_every_type_of_the_table_is_well_formed_and_has_an_architecture():
    recorded = json.loads(load_generator().OUTPUT.read_text(encoding="utf-8"))
    names = [f"{family}.{size}" for family, sizes in recorded["families"].items() for size in sizes.split()]
    assert len(names) > 1400
    assert [name for name in names if types.split(name) is None or types.architecture(name) is None] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("m7i.large", "x86_64"),
        ("g5.xlarge", "x86_64"),
        ("m7g.large", "arm64"),
        ("g5g.xlarge", "arm64"),
        ("im4gn.large", "arm64"),
        ("m7i-flex.large", "x86_64"),
        ("p6-b200.48xlarge", "x86_64"),
        ("p6e-gb200.36xlarge", "arm64"),
        ("u-6tb1.metal", "x86_64"),
        ("a1.medium", "arm64"),
        ("mac1.metal", "x86_64_mac"),
        ("mac2-m2pro.metal", "arm64_mac"),
        ("mac-m4.metal", "arm64_mac"),
        ("m99g.large", "arm64"),
        ("mac1.metal, mac2.metal", None),
        ("large", None),
        ("", None),
    ],
)
def test_architecture_follows_the_naming_scheme(name, expected):
    assert types.architecture(name) == expected


def test_mac_is_told_from_families_that_begin_alike():
    assert types.is_mac("mac2.metal")
    assert types.is_mac("mac-m4max.metal")
    assert not types.is_mac("m5.large")
    assert not types.is_mac("macro1.large")


def test_metal_sizes_of_a_xen_family_are_not_xen():
    assert types.is_xen("i3.large")
    assert not types.is_xen("i3.metal")
    assert not types.is_xen("m7i.large")


def test_previous_generation_and_memory():
    assert types.is_previous_generation("m3.medium")
    assert not types.is_previous_generation("m7i.large")
    assert types.is_undersized("t3.nano")
    assert not types.is_undersized("t3.micro")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("m7i.lrge", "m7i.large"),
        ("M7I.Large", "m7i.large"),
        ("m7i_large", "m7i.large"),
        ("t3.mcro", "t3.micro"),
        (" c7g.large ", "c7g.large"),
        ("something-else", None),
        ("", None),
    ],
)
def test_suggest_names_the_nearest_known_type(name, expected):
    assert types.suggest(name) == expected


def test_a_name_that_is_too_long_is_no_type_and_is_not_matched():
    longest = "m7" + "g" * 56 + ".large"
    assert len(longest) == 64
    assert types.split(longest)
    assert types.split("g" + longest) is None
    assert types.architecture("g" + longest) is None
    assert types.suggest("m7i.larg" + "e" * 64) is None


def test_an_unknown_type_is_still_read():
    assert not types.is_known("m99x.large")
    assert types.split("m99x.large") == ("m99x", "large")
    assert types.split("m99x.") is None
