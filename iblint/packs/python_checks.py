"""The Python checks that rules name.

A check is a module with one public function ``check(resource, context)``: in ``iblint.checks``, or in the folder
``checks`` of an installed pack. A rule file holds a name, never a path and never a module.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable

from iblint.model.context import Context
from iblint.model.errors import RulePackError
from iblint.model.record import replace
from iblint.model.resource import Resource
from iblint.model.rule import Rule
from iblint.model.verdict import Judgement

Check = Callable[[Resource, Context], Judgement]

_CHECK_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def resolve_check(rule: Rule) -> Check:
    """The function of a rule's check: of iblint itself, or of the installed pack that the rule came with.

    Raises RulePackError when there is no such check or it cannot be loaded.
    """
    name = rule.check or ""
    if "." in name:  # set by bind_check alone: the name of a check in a rule file holds no dot
        module_name = name
    elif _CHECK_NAME.fullmatch(name):
        module_name = f"iblint.checks.{name.replace('-', '_')}"
    else:
        raise RulePackError(f"{rule.code} {rule.name}: '{name}' is not the name of a check.")
    try:
        check = importlib.import_module(module_name).check
    except Exception as error:
        message = f"{rule.code} {rule.name}: the check {name} of the pack {rule.pack} cannot be loaded"
        raise RulePackError(f"{message}: {type(error).__name__}: {error}.") from error
    if not callable(check):
        raise RulePackError(f"{rule.code} {rule.name}: {module_name}.check is not a function.")
    loaded: Check = check
    return loaded


def bind_check(rule: Rule, module: str | None) -> Rule:
    """Make sure that the check of a custom rule can be loaded, and bind it to the installed pack that brings it.

    ``module`` is that pack's module; None for a folder of rules, whose checks can only be iblint's own.
    """
    if rule.check is None:
        return rule
    if not _CHECK_NAME.fullmatch(rule.check):  # it may come from the cache, which is no reason to trust it
        raise RulePackError(f"{rule.code} {rule.name}: '{rule.check}' is not the name of a check.")
    if module is not None:
        from importlib.util import find_spec

        own = f"{module}.checks.{rule.check.replace('-', '_')}"
        if find_spec(f"{module}.checks") is not None and find_spec(own) is not None:
            rule = replace(rule, check=own)
    resolve_check(rule)
    return rule
