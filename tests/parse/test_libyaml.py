"""PyYAML's parser in C is imported without the rest of PyYAML, and nobody else can tell. In processes of their own."""

import subprocess
import sys

import pytest
import yaml

pytestmark = pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML has no C parser here")

PARSES = "from iblint.parse.yaml import parse\nassert parse('a: [b]')[0].data == {'a': ['b']}\n"
SEES_ONE_YAML = """
import iblint.parse.yaml.libyaml as ours, yaml, yaml.cyaml, yaml._yaml
assert yaml._yaml.CParser is yaml.cyaml.CParser is ours.CParser
for part in "reader scanner parser composer constructor emitter serializer representer".split():
    error = part.title() + "Error"
    assert getattr(yaml._yaml, error) is getattr(getattr(yaml, part), error)
assert yaml.error.YAMLError is yaml.YAMLError is ours.YAMLError
assert isinstance(yaml.compose("[a]", Loader=yaml.CSafeLoader), yaml.nodes.SequenceNode)
assert yaml.tokens.Token is yaml.Token and yaml.events.Event is yaml.Event
for text, error in {"a: [": yaml.parser.ParserError, "'": yaml.scanner.ScannerError, "\\x07": yaml.reader.ReaderError,
                    "*a": yaml.composer.ComposerError}.items():
    try:
        yaml.load(text, Loader=yaml.CSafeLoader)
    except error:
        continue
    raise AssertionError(text)
"""


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_ordinary_text_is_read_without_the_rest():
    run(PARSES + "import sys\nassert 'yaml' not in sys.modules and 'yaml.reader' not in sys.modules\n")


def test_who_imports_yaml_later_gets_all_of_it():
    run(PARSES + SEES_ONE_YAML + PARSES)


def test_yaml_may_have_been_imported_before():
    run("import yaml\n" + PARSES + SEES_ONE_YAML)


def test_other_errors_are_ours_to_explain_before_and_after():
    refused = (
        "try:\n    parse('a: [')\nexcept Exception as error:\n    assert 'a value is expected here' in str(error)\n"
    )
    run(PARSES + refused + SEES_ONE_YAML + refused)


@pytest.mark.parametrize(
    "surprise",
    [
        "import sys; sys.modules['yaml._yaml'] = None",  # built without libyaml
        "from importlib.machinery import PathFinder; find = PathFinder.find_spec\n"
        "PathFinder.find_spec = lambda name, *more: None if name == 'yaml' and not more else find(name, *more)",
    ],
)
def test_after_a_surprise_yaml_is_imported_as_a_whole(surprise):
    run(surprise + "\n" + PARSES + "import yaml\nassert yaml.safe_load('[1]') == [1]\n")


def test_a_thread_that_imports_yaml_at_the_same_time_gets_the_real_one():
    run(
        "import sys, threading\nsys.setswitchinterval(1e-6)\nfailed = []\n"
        "def other():\n"
        "    try:\n"
        "        import yaml\n"
        "        assert yaml.safe_load('a: 1') == {'a': 1} and yaml.scanner.ScannerError.__module__ == 'yaml.scanner'\n"
        "    except BaseException as error:\n"
        "        failed.append(error)\n"
        "threads = [threading.Thread(target=other) for _ in range(4)]\n"
        "for thread in threads: thread.start()\n" + PARSES + "for thread in threads: thread.join()\n"
        "assert not failed, failed\n" + SEES_ONE_YAML
    )
