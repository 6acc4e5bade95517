"""Secrets are masked, and the conditions that skip a pattern never skip a match."""

import random
import re
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iblint.text import secrets
from iblint.text.secret_patterns import PATTERNS, may_hold_secret
from iblint.text.secrets import MAX_AWS_LENGTH, kind_of_secret, redact, redact_all, redact_aws_message

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
    *(
        "aB3" * 13 + "x",
        "FwoGZXIvYXdz",
        "pwd",
        "Bearer ",
        "npm_",
        "sk_live_",
        "AIza",
        "hooks.slack.com/services/",
        "db_pass",
    ),
    *("aB3" * 14, "x" * 40, "\x1c", "\x85", "\u2028", " ", "'", '"', "glpat-", "-" * 20),
]


def redact_unconditionally(text, patterns, mask):
    for _, regex, _, _, words in patterns:
        text = re.sub(regex, partial(secrets._masked, mask, words), text)
    return text


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join))
@example("Pa\u017f\u017fword: correct-horse")
@example("api_\u212aey: " + "aB3" * 14)
def test_no_match_is_skipped(text):
    masked = redact_unconditionally(text, PATTERNS, lambda secret: re.sub(r"\S", "*", secret))
    assert redact(text) == masked
    patterns = (*secrets._AWS_PATTERNS, *PATTERNS)
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


KEY = "wJalrXUtnFEMI7K7MDENGbPxRfiCY9EXAMPLEKeY"[:40]
TOKENS = [
    f"k={KEY}",
    f"k:{KEY}",
    f"x: 'k={KEY}!'",
    f"={KEY}",
    f"?a=b&sig={KEY}&c=d",
    "IQoJb3JpZ2luX2VjEPz" + "aB3/" * 40,
    "FwoGZXIvYXdzEBYaDH" + "aB3+" * 40,
    "x=FQoGZXIvYXdzEBYaDH" + "aB3+" * 40,
    "pwd=hunter22x",
    "PWD: 'hunter22x'",
    "db_pass=hunter22x",
    "passphrase: hunter22x",
    "password=hunter22x",
    "passwd:hunter22x",
    "Authorization: Bearer abcdef0123456789abcdef",
    "bearer abcdefghij.klmnop-0123456",
    "authorization: Basic dXNlcjpodW50ZXIyMg==",
    "npm_" + "aB3d" * 9,
    "x=npm_" + "aB3d" * 9,
    "sk_live_" + "aB3d" * 6,
    "rk_live_" + "aB3d" * 6,
    "sk_test_" + "aB3d" * 6,
    "AIza" + "Sy-_A" * 7,
    "https://hooks.slack.com/services/T01234567/B01234567/aB3daB3daB3daB3daB3d",
    "https://hooks.slack.com/workflows/T01234567/A012345/123456/aB3daB3daB3d",
    "ghp_" + "aB3d" * 9,
    "x:ghp_" + "aB3d" * 9,
    "github_pat_" + "11ABCDEFG0_" * 5,
    "gho_" + "aB3d" * 9,
]


@pytest.mark.parametrize("text", TOKENS)
@pytest.mark.parametrize("around", ["{}", "value '{}'", "a\n{}\nb", "({})", '"{}",'])
def test_tokens_of_known_shape_are_masked(text, around):
    shown = redact(around.format(text))
    assert "*****" in shown
    assert not re.search(r"hunter22|aB3daB3d|aB3.aB3|0123456789|K7MDENG|klmnop|dXNlcj|Sy-_A|11ABCDEFG", shown), shown
    assert len(shown) == len(around.format(text))


IDS = [
    "Ref:InfrastructureConfigurationWebProd1A2B3C4",
    "!Ref=GoldenImageInfrastructureConfig0A1B2C3D4",
    "topic=ImageBuilderNotificationsTopicProd0A1B23",
    "arn:aws:sns:eu-west-1:111122223333:ImageBuilderNotificationsTopicProduction12",
    "sha=da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "id:0123456789012345678901234567890123456789",
    "x=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
]
PLAIN = [
    "PWD=/home/runner/work",
    "pwd: ./infra",
    "the bearer of authentication tokens",
    "Bearer tokens are not read",
    "npm_config_cache",
    "compass: northwest",
    "passes: everything",
    "bypass=something",
    "asset: s3://bucket/key",
    "clientToken: 0f8fad5b-d9cb-469f-a165-70867728950e",
    "httpTokens: required",
    "hooks.slack.com/services",
    "sk_live_mode",
    "AIzawa is a name",
]


@pytest.mark.parametrize("text", [*IDS, *PLAIN])
def test_names_and_ordinary_texts_are_shown(text):
    assert redact(text) == text


# One list for the redactor and for the rule

WORDS = [
    *("Web", "Api", "App", "Dev", "Prod", "Lambda", "Function", "Role", "Policy", "Bucket", "Key", "Topic", "Queue"),
    *("Stack", "Image", "Builder", "Pipeline", "Config", "Infrastructure", "Configuration", "Instance", "Profile"),
    *("Log", "Group", "Vpc", "Subnet", "Public", "Security", "Ingress", "Rule", "Target", "Load", "Balancer", "Task"),
    *("Cluster", "Launch", "Template", "Handler", "Custom", "Resource", "Assets", "Alarm", "East", "West", "Secret"),
]
words = st.one_of(st.sampled_from(WORDS), st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True))
hashes = st.one_of(st.just(""), st.from_regex(r"[0-9A-F]{8}", fullmatch=True))


@given(
    st.lists(words, min_size=8, max_size=14),
    st.lists(st.integers(0, 99), min_size=1, max_size=2),
    hashes,
    st.sampled_from(["", "Resource: ", "=", "id:", "arn:aws:iam::111122223333:role/", "The role '", "Fn::GetAtt "]),
)
def test_a_name_of_forty_characters_is_no_secret(parts, numbers, hash, before):
    name = "".join([*parts[:3], str(numbers[0]), *parts[3:], *map(str, numbers[1:])])
    name = name[: 40 - len(hash)] + hash
    assert redact(f"{before}{name}") == f"{before}{name}"
    assert kind_of_secret(f"{before}{name}") is None


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", min_size=40, max_size=40))
def test_a_random_text_of_forty_characters_is_masked_and_reported_alike(text):
    assert (redact(text) != text) == (kind_of_secret(text) is not None)


def test_nearly_every_random_key_of_forty_characters_is_found():
    chance = random.Random(13)
    characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
    keys = ["".join(chance.choices(characters, k=40)) for _ in range(1000)]
    assert sum(kind_of_secret(key) is not None for key in keys) > 970
    assert all(kind_of_secret(key, "aws_secret_access_key") for key in keys)


@given(st.lists(st.sampled_from([*FRAGMENTS, *TOKENS]), max_size=6).map("".join))
def test_what_is_masked_is_reported(text):
    if redact(text) != text:
        assert kind_of_secret(text) is not None
    if kind_of_secret(text) is not None:
        assert may_hold_secret(text)


@pytest.mark.parametrize("text", TOKENS)
def test_each_form_of_a_token_is_reported(text):
    assert kind_of_secret(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::111122223333:role/ImageBuilderInstanceProfileRoleForWebImages1",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ImageBuilderTokens-AbCdEf",
        "logs/ImageBuilder/WebImages2024/Production/x",
        "TokenRotationFunctionServiceRole0A1B2C3D: x",
        "-----BEGIN CERTIFICATE-----",
        "password: {{resolve:secretsmanager:db}}",
        "password: !Ref DbPassword",
        "password: ${DbPassword}",
    ],
)
def test_names_and_references_are_no_secrets(text):
    assert redact(text) == text
    assert kind_of_secret(text) is None
