"""The Python checks that rules name.

A check is a module with a function ``check(resource, context)``, in ``iblint.checks`` or in the folder ``checks`` of an
installed pack. A rule file has only the name of a check, never a path or a module.
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
    """Return the function of a rule's check: iblint's own, or that of the installed pack that the rule belongs to.

    Raises RulePackError if there is no such check or it cannot be loaded.
    """
    name = rule.check or ""
    if "." in name:  # a module, which only bind_check sets: a name in a rule file has no dot
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
    """Return a custom rule whose check can be loaded, bound to the module if its pack provides it.

    ``module`` is the package of an installed pack; None for a folder of rules, which can only use iblint's checks.
    Raises RulePackError if the check cannot be loaded.
    """
    if rule.check is None:
        return rule
    if not _CHECK_NAME.fullmatch(rule.check):  # the cache is not trusted
        raise RulePackError(f"{rule.code} {rule.name}: '{rule.check}' is not the name of a check.")
    if module is not None:
        from importlib.util import find_spec

        own = f"{module}.checks.{rule.check.replace('-', '_')}"
        if find_spec(f"{module}.checks") is not None and find_spec(own) is not None:
            rule = replace(rule, check=own)
    resolve_check(rule)
    return rule
