"""Words of a sentence: suggestions, lists, numbers, titles."""

import pytest

from iblint.text.wording import AS_CLAUSE, IN_BRACKETS, alternatives, counted, did_you_mean, nearest, split_message

CODES = ("IB201", "IB202", "IB309", "imdsv2-required", "build-type", "httpTokens")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("imdsv2-requird", "imdsv2-required"),
        ("httptokens", "httpTokens"),
        ("Build_Type", "build-type"),
        ("build-type", None),
        ("zebra", None),
        ("IB301", None),  # one slip from IB201 and from IB309
        ("IB319", "IB309"),
        ("ib3O9", "IB309"),
        ("IB2012", None),  # IB201 or IB202
        ("IB3091", "IB309"),
        ("IB39", "IB309"),
        ("IB999", None),
        ("IB210", None),
        (17, None),
        ("", None),
    ],
)
def test_the_nearest_word(word: object, meant: str | None) -> None:
    assert nearest(word, CODES) == meant


def test_a_suggestion_has_the_form_that_the_sentence_needs() -> None:
    assert did_you_mean("frist", ["first"]) == " Did you mean 'first'?"
    assert did_you_mean("frist", ["first"], AS_CLAUSE) == "; did you mean 'first'?"
    assert did_you_mean("frist", ["first"], IN_BRACKETS) == " (did you mean 'first'?)"
    assert did_you_mean("zebra", ["first"]) == ""


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c"), (iter("ab"), "a or b")]
)
def test_words_to_choose_from(words: list[str], text: str) -> None:
    assert alternatives(words) == text


def test_one_is_singular() -> None:
    assert [counted(number, "rule") for number in (0, 1, 2)] == ["0 rules", "1 rule", "2 rules"]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("One. Two.", "One."),
        ("Only one", "Only one"),
        ("It is 'a. b. c'. Then more.", "It is 'a. b. c'."),
        ("It doesn't fit. Then more.", "It doesn't fit."),
        ("Version 1.2 of x.y is old. Then more.", "Version 1.2 of x.y is old."),
        ("Use a type, e.g. m5.large, here. Then more.", "Use a type, e.g. m5.large, here."),
        ("Did you mean 'x'? Then more.", "Did you mean 'x'?"),
    ],
)
def test_the_title_is_the_first_sentence(message: str, title: str) -> None:
    assert split_message(message)[0] == title
    assert " ".join(part for part in split_message(message) if part) == message
