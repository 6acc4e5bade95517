"""What is searched for only where a text can hold it is found as if it were always searched for."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iblint.text import secrets
from iblint.text.secrets import redact

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
    *("aB3" * 14, "x" * 40, "\x1c", "\x85", "\u2028", " ", "'", '"', "glpat-", "-" * 20),
]


def thoroughly(text: str) -> str:
    for _, _, pattern in secrets._PATTERNS:
        text = re.sub(pattern, secrets._mask, text)
    return text


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join))
@example("Pa\u017f\u017fword: correct-horse")
@example("api_\u212aey: " + "aB3" * 14)
def test_no_secret_hides_from_the_search_for_what_it_must_hold(text):
    assert redact(text) == thoroughly(text)


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
def test_secrets_are_masked_letter_by_letter(text, shown):
    assert redact(text) == shown
