"""No value that is taken for known is another one when the program runs. Programs at random are run to compare."""

from __future__ import annotations

import contextlib
import copy
import sys

import pytest

from iblint.dialects.boto3_calls import extract
from iblint.dialects.shared.extraction import Deployment, document_unit
from iblint.model.document import Source
from iblint.model.values import Unresolved
from iblint.parse.load import load_program
from tests.dialects.boto3_calls.random_programs import Writer
from tests.dialects.calls import agrees

PARTS, EACH = 10, 40


@contextlib.contextmanager
def caught():
    with contextlib.suppress(Exception):
        yield


class Client:
    """Records what is sent, with the line of the call."""

    def __init__(self):
        self.sent = []

    def create_infrastructure_configuration(self, **request):
        self.sent.append((sys._getframe(1).f_lineno, copy.deepcopy(request)))


def run(text):
    client = Client()
    names = {"client": client, "caught": caught, "T": True, "F": False}
    with contextlib.suppress(Exception):
        exec(compile(text, "program", "exec"), names)
    return client.sent


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_known_is_what_the_program_sends(part):
    known = compared = 0
    for seed in range(part * EACH, (part + 1) * EACH):
        text = Writer(seed).program()
        (document,) = load_program(Source("program.py", text.encode()), "python")
        extraction = extract(document_unit(document), Deployment(), forced=False)
        assert extraction.problems == ()
        judged = {resource.span.line: resource.spec for resource in extraction.resources}
        for line, sent in run(text):
            agrees(judged[line], sent)
            known += sum(not isinstance(value, Unresolved) for value in judged[line].values())
            compared += 1
    assert compared > EACH / 2
    assert known > compared / 2  # it does not say of everything that it is unknown
