"""Patterns of rule files: which are admitted, what they cost, and what Python makes of them."""

import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iblint.logic.regex import translate
from iblint.logic.regex.limits import check_pattern, count_steps
from iblint.logic.regex.parser import Alternation, Anchor, Chars, Repeat, Sequence, mask_of, parse


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "optional|required",
        "^(optional|required)$",
        "^[-_A-Za-z-0-9][-_A-Za-z0-9 ]{1,126}[-_A-Za-z-0-9]$",
        r"^[\w+=,.@-]+$",
        r"^arn:aws[^:]*:sns:[^:]+:[0-9]{12}:[a-zA-Z0-9-_]{1,256}$",
        r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+$",
        r"^(ami|snap)-(?:[0-9a-f]{8}|[0-9a-f]{17})$",
        r"\.fifo$",
        r"\s|/|:",
        r"(^|[^a-z])test([^a-z]|$)",
        r"^\S(.*\S)?$",
        r"[a-z]+$",
        r"^.*a.*b$",
        r"^[a-z0-9]{1,63}(\.[a-z0-9]{1,63})*$",
        r"^(https?://)?[^/]+(/.*)?$",
        r"^[\d\-\]\\^]{2,}$",
        "^é+$",
        "a]b}",
        "^a{1000}$",
    ],
)
def test_admits(pattern):
    check_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?=a)b", "look-ahead"),
        ("(?!aws:)", "negative look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "negative look-behind"),
        (r"(a)\1", "back-reference"),
        ("(?P<x>a)(?P=x)", "named group"),
        ("(?P=x)", "back-reference"),
        ("(a)?(?(1)b|c)", "conditional group"),
        ("(?>a)", "atomic group"),
        ("(?i)a", "group with flags"),
        ("(?#note)a", "group with flags"),
        # repeats inside of repeats
        ("(a*)*", "inside another repeat"),
        ("^(a+)+$", "inside another repeat"),
        ("^(a|b+)*$", "inside another repeat"),
        ("^((x|(y|z*)a))+$", "inside another repeat"),
        ("^(a{2,}b){2}$", "inside another repeat"),
        ("^(a?)*$", "may be empty"),
        ("^(a|){3}$", "may be empty"),
        # too many ways
        ("^.*.*.*x$", "too many ways"),
        ("^.*a.*b.*c$", "too many ways"),
        (".*a.*b", "too many ways"),
        ("^a*b?a*b?a*b?a*x$", "too many ways"),
        ("^(a|a)*$", "too many ways"),
        ("^(a|aa){40}b", "too many ways"),
        ("^(a{1,2})+b", "too many ways"),
        ("^(a|b|ab)*c", "too many ways"),
        ("^" + "a?" * 30 + "a" * 30 + "$", "too many ways"),
        ("^a{0,900}a{0,900}a{0,900}$", "too many ways"),
        ("^(.|[^a])*$", "too many ways"),
        ("^(é|ü)*$", "too many ways"),  # beyond ASCII one set stands for all
        # too big
        ("a{1001}", "more than 1000 times"),
        ("a{1,1001}", "more than 1000 times"),
        ("a{99999999999}", "expected {m}"),
        ("a" * 1001, "longer than 1000"),
        ("(" * 21 + ")" * 21, "nested more than 20 deep"),
        # not of the language
        ("(a", "not closed"),
        ("a)", "without a group"),
        ("[a", "not closed"),
        ("[]", "at least one member"),
        ("[^]", "at least one member"),
        ("[z-a]", "a range must go"),
        (r"[a-\d]", "a range must go"),
        ("[a--]", "a range must go"),
        ("[--a]", "needs a backslash"),
        ("[[a]]", "needs a backslash"),
        ("*a", "nothing to repeat before"),
        ("a|+", "nothing to repeat before"),
        ("{1}", "nothing to repeat before"),
        ("^*", "an anchor cannot"),
        ("a{,3}", "expected {m}"),
        ("a{x}", "expected {m}"),
        ("a{1", "expected {m}"),
        ("a{3,1}", "at least 3 and at most 1"),
        ("a+?", "not supported"),
        ("a*+", "not supported"),
        ("a{2}{3}", "not supported"),
        (r"\bword", "escape"),
        (r"a\Z", "escape"),
        (r"\pL", "escape"),
        ("a\\", "escape"),
    ],
)
def test_refuses(pattern, reason):
    with pytest.raises(ValueError, match=re.escape(reason)):
        check_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "translated"),
    [
        ("^a$", r"^a\Z"),
        ("(a$|b$)", r"(a\Z|b\Z)"),
        (r"a\$$", r"a\$\Z"),
        (r"\\$", r"\\\Z"),
        ("[$]$", r"[$]\Z"),
        ("[]$]$", r"[]$]\Z"),
        ("[^]$]$", r"[^]$]\Z"),
        (r"[\]$]$", r"[\]$]\Z"),
        ("^(?!aws:)[a$]*$", r"^(?!aws:)[a$]*\Z"),
    ],
)
def test_dollar_is_the_very_end(pattern, translated):
    assert translate(pattern) == translated


CHARACTERS = "ab-$^ é\n"
atoms = st.sampled_from(["a", "b", "-", ".", r"\w", r"\s", "[ab]", "[^a]", "[a-c-]", "^", "$", r"\$", "é", "[^é]"])
repeats = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{2,}"])
patterns = st.recursive(
    st.builds("".join, st.lists(st.builds("{}{}".format, atoms, repeats), min_size=1, max_size=4)),
    lambda inner: (
        st.builds("({}){}".format, inner, repeats)
        | st.builds("{}|{}".format, inner, inner)
        | st.builds("{}{}".format, inner, inner)
    ),
    max_leaves=5,
)


def admitted(pattern):
    try:
        check_pattern(pattern)
    except ValueError:
        return False
    return True


class Matcher:
    """A backtracking search over a parsed pattern, like Python's but counting every character that it looks at."""

    def __init__(self, expression, text):
        self.text, self.expression, self.steps = text, expression, 0

    def search(self):
        return any(self.match(self.expression, start, lambda _: True) for start in range(len(self.text) + 1))

    def match(self, expression, place, then):
        match expression:
            case Chars(mask):
                self.steps += 1
                return place < len(self.text) and bool(mask & mask_of(self.text[place])) and then(place + 1)
            case Anchor(end):
                self.steps += 1
                return place == (len(self.text) if end else 0) and then(place)
            case Sequence(parts):
                if not parts:
                    return then(place)
                rest = Sequence(parts[1:])
                return self.match(parts[0], place, lambda after: self.match(rest, after, then))
            case Alternation(branches):
                return any(self.match(branch, place, then) for branch in branches)
            case Repeat(body, least, most):
                fewer = Repeat(body, max(least - 1, 0), None if most is None else most - 1)
                again = most != 0 and self.match(body, place, lambda after: self.match(fewer, after, then))
                return again or (least == 0 and then(place))
        raise AssertionError(expression)


@settings(deadline=None, max_examples=600)
@given(patterns, st.text(CHARACTERS, max_size=8))
def test_python_matches_an_admitted_pattern_as_it_was_parsed(pattern, text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if admitted(pattern):
            found = re.compile(translate(pattern), re.ASCII).search(text) is not None
            if "é" not in pattern:  # beyond ASCII the parser does not tell characters apart
                assert Matcher(parse(pattern), text).search() == found


LENGTH = 40


def worst_texts(length):
    """Texts that make backtracking expensive: long runs that almost match."""
    return st.builds(
        lambda head, unit, tail: (head + unit * length)[: length - len(tail)] + tail,
        st.text("ab-", max_size=3),
        st.text("ab- ", min_size=1, max_size=3),
        st.text("ab-$ \n", max_size=2),
    )


@settings(deadline=None, max_examples=300)
@given(patterns, worst_texts(LENGTH))
def test_no_text_costs_more_than_was_counted(pattern, text):
    if admitted(pattern):
        matcher = Matcher(parse(pattern), text)
        matcher.search()
        assert matcher.steps <= count_steps(parse(pattern), len(text))


@pytest.mark.parametrize(
    ("pattern", "text", "least"),
    [
        ("[a-z]+$", "a" * LENGTH + "-", LENGTH**2 / 2),
        ("^.*a.*b$", "a" * LENGTH, LENGTH**2 / 2),
        ("^(aa?){9}-$", "a" * 18, 2**9),
    ],
)
def test_the_count_is_of_the_right_size(pattern, text, least):
    matcher = Matcher(parse(pattern), text)
    assert not matcher.search()
    assert least <= matcher.steps <= count_steps(parse(pattern), len(text)) <= 40 * matcher.steps
