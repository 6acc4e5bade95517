"""Evaluate expressions in a module that is given as texts."""

from __future__ import annotations

from decimal import Decimal

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.extraction import Deployment, Unit, UnitFiles
from iblint.dialects.terraform.evaluate import evaluate
from iblint.dialects.terraform.run import Run
from iblint.dialects.terraform.scope import Scope
from iblint.model.document import Source
from iblint.model.values import Choice, Open, Unresolved
from iblint.parse.load import load


class Texts(UnitFiles):
    """Files in memory, by name."""

    def __init__(self, texts):
        self.texts = texts

    def listed(self, folder):
        here = (name for name in self.texts if (name.rpartition("/")[0] or ".") == folder)
        return tuple(sorted(name.rpartition("/")[2] for name in here))

    def read(self, name):
        text = self.texts.get(name)
        return text.encode() if isinstance(text, str) else text


def unit_of(texts):
    """Return the configuration files among some texts as a unit."""
    documents = [
        document
        for name, text in texts.items()
        if name.endswith((".tf", ".tf.json", ".tofu", ".tofu.json"))
        for document in load(Source(name, text.encode()))
    ]
    return Unit("./*", tuple(documents), files=Texts(texts))


def module(texts, **deployment):
    """Return the root module of some texts."""
    run = Run(unit_of(texts), Deployment(**deployment))
    return Scope(run, run.folder("."))


def outputs(text, **deployment):
    """Return the values of a module's outputs, unresolved ones as they are."""
    scope = module({"main.tf": text}, **deployment)
    return {
        name: data_of(evaluate(scope, block.body.attributes["value"].expression))
        for name, block in scope.folder.outputs.items()
    }


def data_of(value):
    """Return a value as plain data, as plan JSON has it; unresolved values and choices as they are."""
    data = value.data if isinstance(value, Value) else value
    if isinstance(data, Open):
        return data.rest
    if isinstance(data, dict):
        return {key: data_of(item) for key, item in data.items()}
    if isinstance(data, list):
        return [data_of(item) for item in data]
    return float(data) if isinstance(data, Decimal) else data


def is_unknown(data):
    """Return whether a value is unresolved anywhere."""
    if isinstance(data, dict):
        return any(map(is_unknown, data.values()))
    if isinstance(data, list):
        return any(map(is_unknown, data))
    return isinstance(data, Unresolved | Choice)
