"""Places of a part of a file, as places of the file."""

from __future__ import annotations

from collections.abc import Sequence

from iblint.model.document import InputError
from iblint.model.record import replace
from iblint.model.resource import Directive, Location
from iblint.parse.program import Program


def placed_directives(program: Program, directives: Sequence[Directive]) -> tuple[Directive, ...]:
    """Return directives of a program with their places in the file."""
    return tuple([replace(each, location=_outer(program, each.location)) for each in directives])


def _outer(program: Program, location: Location) -> Location:
    return Location(program.file, program.outer(location.span), location.label)


def outer_problem(program: Program, problem: InputError) -> InputError:
    """Return an error of a program with its place in the file."""
    start = program.offset(problem.line, problem.column)
    span = program.span(start, start)
    return replace(problem, line=span.line, column=span.column)
