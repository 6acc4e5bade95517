"""Secrets are masked, and the conditions that skip a pattern never skip a match."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iblint.text import secrets
from iblint.text.secrets import MAX_AWS_LENGTH, redact, redact_all, redact_aws_message

FRAGMENTS = [
    *(
        "AKIA",
        "asia",
        "ABCDEFGHIJKLMNOP",
        "0123456789abcdef",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END",
        "ghp_",
        "xoxb-",
    ),
    *(
        "://",
        "user:pass@",
        "eyJ",
        ".",
        "passw",
        "ord",
        "Pa\u017f\u017fword",
        "=",
        ": ",
        "httpTokens",
        "secret",
        "api_\u212aey",
        "\n",
    ),
    *("x-amz-\u017fecurity-token", "\u017fignature=", "Encoded authorization failure message: ", "0f" * 32, "aB3" * 50),
    *("aB3" * 14, "x" * 40, "\x1c", "\x85", "\u2028", " ", "'", '"', "glpat-", "-" * 20),
]


def redact_unconditionally(text, patterns, mask):
    for pattern in patterns:
        text = re.sub(pattern.regex, lambda match: secrets._masked(match, mask), text)
    return text


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join))
@example("Pa\u017f\u017fword: correct-horse")
@example("api_\u212aey: " + "aB3" * 14)
def test_no_match_is_skipped(text):
    masked = redact_unconditionally(text, secrets._PATTERNS, lambda secret: re.sub(r"\S", "*", secret))
    assert redact(text) == masked
    patterns = (*secrets._AWS_PATTERNS, *secrets._PATTERNS)
    hidden = " ".join(redact_unconditionally(text, patterns, lambda _: "[hidden]").split())
    assert redact_aws_message(text) in (hidden, hidden[: MAX_AWS_LENGTH - 1] + "…")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("AKIAABCDEFGHIJKLMNOP", "AKIA****************"),
        ("https://user:hunter22@host", "https://user:********@host"),
        ("password: hunter22", "password: ********"),
        ("Pa\u017f\u017fword: hunter22", "Pa\u017f\u017fword: ********"),
        ("httpTokens is 'required'", "httpTokens is 'required'"),
    ],
)
def test_each_character_of_a_secret_is_masked(text, shown):
    assert redact(text) == shown


def test_keys_are_the_names_of_their_values():
    data = {"password": "hunter22", "list": [{"name": "web", "count": 1}], "token": ["aB3" * 14]}
    assert redact_all(data) == {
        "password": "********",
        "list": [{"name": "web", "count": 1}],
        "token": ["*" * 42],
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The\n key  AKIAIOSFODNN7EXAMPLE is wrong.", "The key AKIA[hidden] is wrong."),
        ("X-Amz-Security-Token: FwoGZXIv&x=1", "X-Amz-Security-Token: [hidden]&x=1"),
        ("Signature=ab01, password: hunter22", "Signature=[hidden], password: [hidden]"),
        ("digest " + "0f" * 32, "digest [hidden]"),
        ("word " * 200, ("word " * 200)[: MAX_AWS_LENGTH - 1] + "…"),
    ],
)
def test_messages_of_aws_are_one_short_line_without_secrets(text, shown):
    assert redact_aws_message(text) == shown
    assert redact("digest " + "0f" * 32) == "digest " + "0f" * 32
