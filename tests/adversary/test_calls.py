"""Programs and scripts that are made to cost much, to crash, or to make a weak call look sound."""

from __future__ import annotations

import json

import pytest

METHOD = "create_infrastructure_configuration"
CALL = f'c.{METHOD}(name="web", instanceProfileName="b", instanceMetadataOptions={{"httpTokens": tokens}})'
COMMAND = "aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name b"
LINES = "\n".join

COSTLY_PYTHON = {
    "a long sum": f"def f(c):\n    tokens = {' + '.join(['x'] * 2500)}\n    {CALL}\n",
    "a long chain of attributes": f"def f(c):\n    tokens = a{'.b' * 2500}('x')\n    {CALL}\n",
    "a long chain of names": LINES([f"n{i} = n{i + 1}" for i in range(3000)]) + f"\ntokens = n0\n{CALL}\n",
    "doubling texts": "n0 = 'x' * 9\n"
    + LINES([f"n{i + 1} = n{i} + n{i}" for i in range(40)])
    + f"\ntokens = n39\n{CALL}\n",
    "doubling choices": "n0 = 'x' if a else 'y'\n"
    + LINES([f"n{i + 1} = n{i} if a{i} else f'{{n{i}}}{{n{i}}}'" for i in range(40)])
    + f"\ntokens = n39\n{CALL}\n",
    "a name with many uses": "tokens = 'required'\nkw = {'name': 'x'}\n"
    + LINES([f"kw['k{i}'] = {i}" for i in range(20_000)])
    + f"\nc.{METHOD}(**kw)\n",
    "many calls of a large mapping": "kw = {"
    + ", ".join([f"'k{i}': {i}" for i in range(900)])
    + "}\n"
    + LINES([f"c.{METHOD}(instanceProfileName='b', **kw)" for _ in range(1500)]),
    "one long line": "tokens = 'é'; " + "; ".join(["x = 'é'"] * 30_000) + f"; {CALL}\n",
    "very many constants": f"x = [{'1, ' * 300_000}]\ntokens = 'optional'\n{CALL}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", COSTLY_PYTHON.values(), ids=COSTLY_PYTHON.keys())
def test_a_costly_program_is_judged_or_a_problem(bounded, text):
    result = bounded({"app.py": text}, megabytes=1000)
    assert result.code in (0, 1, 4), result
    assert result.report["configurations"] or result.report["problems"]
    assert not [p for p in result.report["problems"] if "Internal error" in p["message"]]


COSTLY_SHELL = {
    "open expressions": f'{COMMAND} --description "{"${{ " * 50_000}"\n',
    "open templates": f"{COMMAND}\n# {'{{' * 200_000}\n",
    "doubling variables": "N0=x\n"
    + LINES([f"N{i + 1}=$N{i}$N{i}" for i in range(60)])
    + f'\n{COMMAND} --key-pair "$N59"\n',
    "a long chain of variables": LINES([f"N{i + 1}=$N{i}" for i in range(3000)]) + f"\n{COMMAND} --key-pair $N3000\n",
    "nested arithmetic": f"{COMMAND} --key-pair {'$((1+' * 500}1{'))' * 500}\n",
    "nested substitutions": f"{COMMAND} --key-pair {'$(a ' * 500}1{')' * 500}\n",
    "nested shorthand": f"{COMMAND} --logging 'a={'{b=' * 5000}c{'}' * 5000}'\n",
    "nested lists": f"{COMMAND} --logging 'a={'[' * 5000}'\n",
    "nested JSON": COMMAND + " --logging '" + '{"a":' * 5000 + "1" + "}" * 5000 + "'\n",
    "many comments and mentions": f"{COMMAND}\n" + f"# {COMMAND}\n" * 5000 + f"x='{COMMAND}'\n" * 3000,
    "many commands": f"{COMMAND}\n" * 2500,
    "many blanks": f"{COMMAND}\n# imagebuilder{' ' * 500_000}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", COSTLY_SHELL.values(), ids=COSTLY_SHELL.keys())
def test_a_costly_script_is_judged_or_a_problem(bounded, text):
    result = bounded({"run.sh": text}, megabytes=1000)
    assert result.code in (0, 1, 4), result
    assert result.report["configurations"] or result.report["problems"]
    assert not [p for p in result.report["problems"] if "Internal error" in p["message"]]


def test_aliases_of_scripts_are_bounded(bounded):
    text = (
        f"a: &a\n  - &s {COMMAND}\nb: &b ["
        + "*a, " * 50
        + "]\nc: &c ["
        + "*b, " * 50
        + "]\nscript: ["
        + "*c, " * 50
        + "]\n"
    )
    result = bounded({"ci.yml": text}, megabytes=1000)
    assert result.code in (1, 4)
    assert len(result.report["configurations"]) <= 2000


WEAKENED_PYTHON = {
    "by a setter": "T = 'required'\n\n\ndef weaken():\n    global T\n    T = 'optional'\n\n\nweaken()\nsend(T)\n",
    "by globals": "T = 'required'\nglobals()['T'] = 'optional'\nsend(T)\n",
    "by globals under a name": "T = 'required'\ng = globals()\ng['T'] = 'optional'\nsend(T)\n",
    "by exec": "T = 'required'\nexec('T = \"optional\"')\nsend(T)\n",
    "by an import": "T = 'required'\nfrom weak import *\nsend(T)\n",
    "by an import in a function": "T = 'required'\nif weak:\n    from weak import T\nsend(T)\n",
    "by a loop": "T = 'required'\nfor T in ['optional']:\n    pass\nsend(T)\n",
    "by a context": "T = 'required'\nwith weak() as T:\n    send(T)\n",
    "by an exception": "T = 'required'\ntry:\n    x()\nexcept E as T:\n    send(T)\n",
    "by a walrus": "T = 'required'\nif (T := 'optional'):\n    send(T)\n",
    "by deletion": "T = 'required'\ndel T\nsend(T)\n",
    "by an own dict": "def dict(**k):\n    return {'x': 1}\n\n\nT = dict(a='required')['a']\nsend(T)\n",
    "by an own str method": "class S(str):\n    pass\n\n\nT = S('required').swapcase()\nsend(T)\n",
    "by the environment": "import os\nT = os.environ.get('T', 'required')\nsend(T)\n",
    "by a parameter": "def f(T='required'):\n    send(T)\n",
    "by a class": "class A:\n    T = 'required'\n\n\nA.T = 'optional'\nsend(A.T)\n",
}


@pytest.mark.parametrize("text", WEAKENED_PYTHON.values(), ids=WEAKENED_PYTHON.keys())
def test_a_weak_program_never_passes(checked, text):
    call = f"c.{METHOD}(name='w', instanceProfileName='b', instanceMetadataOptions={{'httpTokens': %s}})"
    for value in ("T", "A.T"):
        text = text.replace(f"send({value})", call % value)
    report = checked({"app.py": text}).report
    verdicts = [o["verdict"] for c in report["configurations"] for o in c["outcomes"] if o["rule"] == "IB201"]
    assert verdicts in (["unknown"], ["fail"])


WEAKENED_SHELL = {
    "by a function": "T=required\nweaken() { T=optional; }\nweaken\nsend\n",
    "by a later assignment": "T=required\nT=optional\nsend\n",
    "by read": "T=required\nread T < file\nsend\n",
    "by eval": "T=required\neval T=optional\nsend\n",
    "by another script": "T=required\n. ./weak\nsend\n",
    "by source in a function": "f() { source weak; }\nT=required\nf\nsend\n",
    "by a loop": "T=required\nfor T in optional; do send; done\n",
    "by a branch": "if x; then T=required; fi\nsend\n",
    "by an alternative": "x && T=required\nsend\n",
    "by a subshell": "(T=required)\nsend\n",
    "by a pipe": "echo | T=required\nsend\n",
    "by a prefix": "T=required true\nsend\n",
    "by declare": "declare T=required\ndeclare -n T=U\nsend\n",
    "by a local variable of the caller": "T=required\ng() { send; }\nf() { local T=optional; g; }\nf\n",
    "by a local variable outside of functions": "local T=required\nsend\n",
    "by a reference": "declare -n R=T\nT=required\nR=optional\nsend\n",
    "by a builtin": "T=required\nbuiltin eval T=optional\nsend\n",
    "by printf": "T=required\nprintf -v T optional\nsend\n",
    "by unset": "T=required\nunset T\nsend\n",
    "by a default": "T=${T:-required}\nsend\n",
    "by mapfile": "T=required\nmapfile T < file\nsend\n",
    "by getopts": "T=required\ngetopts ab T\nsend\n",
    "by arithmetic": "T=required\n((T = 1))\nsend\n",
    "before it is set": "send\nT=required\n",
    "in a function before it is set": "f() { send; }\nf\nT=required\n",
    "by appending": "T=required\nT+=x\nsend\n",
}


@pytest.mark.parametrize("text", WEAKENED_SHELL.values(), ids=WEAKENED_SHELL.keys())
def test_a_weak_script_never_passes(checked, text):
    text = text.replace("send", f'{COMMAND} --instance-metadata-options "httpTokens=$T"')
    report = checked({"run.sh": f"#!/bin/bash\n{text}"}).report
    verdicts = [o["verdict"] for c in report["configurations"] for o in c["outcomes"] if o["rule"] == "IB201"]
    assert verdicts in (["unknown"], ["fail"])


HIDDEN = {
    "app.py": f'x = """\n"""\nif 1:\n    c.{METHOD}(**{{"name": "w"}}, instanceProfileName="b")\n',
    "app.ipynb": json.dumps(
        {"cells": [{"cell_type": "code", "source": f"c.{METHOD}(name='w', instanceProfileName='b')"}]}
    ),
    "run": f"#!/bin/sh\n{COMMAND}\n",
    "build.YML": f"run: {COMMAND}\n",
    "DOCKERFILE": f"from x\nrun {COMMAND}\n",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_no_name_hides_a_call(checked, name):
    report = checked({name: HIDDEN[name]}).report
    assert len(report["configurations"]) + len(report["problems"]) == 1
