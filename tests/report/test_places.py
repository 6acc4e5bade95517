"""File names, paths, URIs and lines as formats write them."""

from __future__ import annotations

import pytest

from iblint.model.span import Span
from iblint.report._places import Lines, file_name, is_inside, relative_path, relative_uri, within_line


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("infra/web.yaml", "infra/web.yaml"),
        ("./a/../b.yaml", "b.yaml"),
        ("a b%é:#.yaml", "a%20b%25%C3%A9%3A%23.yaml"),
        ("../../shared/x.yaml", "shared/x.yaml"),
        ("/home/me/x.yaml", "home/me/x.yaml"),
        ("bytes-\udcff.yaml", "bytes-%FF.yaml"),
        ("odd-\ud800.yaml", "odd-%EF%BF%BD.yaml"),
    ],
)
def test_uris(file: str, uri: str) -> None:
    assert relative_uri(file) == uri


def test_a_file_outside_the_working_folder_gets_a_path_inside_it() -> None:
    assert [is_inside(file) for file in ("a.yaml", "../a.yaml", "/a.yaml", "b/../../a.yaml")] == [
        True,
        False,
        False,
        False,
    ]
    assert relative_path("b/../../a.yaml") == "a.yaml"


def test_a_file_name_is_not_a_command_to_a_runner() -> None:
    assert file_name(" ::error::.yaml") == "./ ::error::.yaml"
    assert file_name("a\x1b.yaml") == "a\\x1b.yaml"


def test_lines_are_split_at_every_kind_of_line_break() -> None:
    lines = Lines({"a.yaml": "\ufeffa\nb\r\nc\rpassword: hunter22\n"})
    assert lines.of("a.yaml") == ["a", "b", "c", "password: ********"]
    assert [lines.at("a.yaml", number) for number in (0, 1, 4, 5)] == [None, "a", "password: ********", None]
    assert lines.of("unknown.yaml") == []
    assert Lines({"a.yaml": "password: hunter22"}, redacted=False).at("a.yaml", 1) == "password: hunter22"


@pytest.mark.parametrize(
    ("span", "line", "cut"),
    [
        (Span(2, 1, 2, 3), "abc", (1, 3)),
        (Span(2, 2, 2, 2), "abc", (2, 3)),
        (Span(2, 2, 4, 9), "abc  ", (2, 4)),
        (Span(2, 4, 2, 4), "abc", (4, 4)),
        (Span(2, 90, 2, 99), "abc", (4, 4)),
        (Span(2, 2, 2, 5), None, (2, 5)),
        (Span(2, 2, 4, 5), None, (2, 2)),
    ],
)
def test_a_span_is_cut_to_its_first_line(span: Span, line: str | None, cut: tuple[int, int]) -> None:
    assert within_line(span, line) == Span(2, cut[0], 2, cut[1])
