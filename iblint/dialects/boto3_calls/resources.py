"""From the calls of a program to resources."""

from __future__ import annotations

import ast

from iblint.dialects.boto3_calls.calls import ApiCall, Unclear, find_calls
from iblint.dialects.boto3_calls.evaluate import Evaluator, Steps
from iblint.dialects.boto3_calls.files import Files
from iblint.dialects.boto3_calls.scopes import Names
from iblint.dialects.shared.api_shape import UPDATE_KEY, conventions, shape_of
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.directives import attach
from iblint.dialects.shared.extraction import Extraction, Unit, within_bounds
from iblint.dialects.shared.placed import outer_problem, placed_directives
from iblint.dialects.shared.programs import find_in_text
from iblint.dialects.shared.request_shape import Spec
from iblint.dialects.shared.rest import is_rest
from iblint.dialects.shared.targets import configuration_arn, region_name
from iblint.model.document import Document, InputError, NotJudged
from iblint.model.errors import ParseError
from iblint.model.record import replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Directive, Resource
from iblint.parse.program import Program
from iblint.parse.python.notebook import Notebook
from iblint.parse.python.source import PythonSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.model.resource import Operation

_CONVENTIONS = conventions(is_rest)

_UNCLEAR = (
    "The method that sends an infrastructure configuration is passed on here, so it is not known what is sent. It was "
    "not judged."
)
_HELP = "Write the request to a file of its own, check that with 'iblint check FILE', and let the program read it."


def extract_calls(unit: Unit) -> tuple[Extraction, tuple[str, ...]]:
    """Return the configurations that a program sends, and the files that it reads their members from."""
    try:
        return _extract(unit)
    except (MemoryError, RecursionError):
        message = "The program is too large to be read, and sends an infrastructure configuration. Split it."
        return Extraction(problems=(InputError(unit.file, 1, 1, message),)), ()


def _extract(unit: Unit) -> tuple[Extraction, tuple[str, ...]]:
    document = unit.document
    doubtful: frozenset[str] = frozenset()
    problems: list[InputError] = []
    try:
        if document.syntax == "notebook":
            notebook = Notebook(document.text, document.file)
            program, doubtful = notebook.program, notebook.doubtful
            problems += [_at(program, offset, error) for offset, error in notebook.faults]
            problems = problems if find_in_text(document.text) is not None else []
        else:
            program = Program(document.text, document.file)
        source = PythonSource(program)
    except ParseError as error:
        problems = [InputError(document.file, error.line, error.column, _refused(error.message))]
        return Extraction(problems=tuple(problems) if find_in_text(document.text) is not None else ()), ()
    names = Names(source.tree, doubtful)
    files = Files(unit, names, document.text)
    found = find_calls(names)
    calls = [each for each in found if isinstance(each, ApiCall)]
    chosen, surplus = within_bounds(document, calls, lambda call: source.span(call.node))
    attached = attach(replace(document, text=program.text, spans=source.comments), [_lines(c, names) for c in chosen])
    problems += [*surplus, *(outer_problem(program, problem) for problem in attached.problems)]
    resources, steps = [], Steps()
    for call, directives in zip(chosen, attached.directives, strict=True):
        evaluator = Evaluator(source, names, files, call.node, steps)
        resources.append(_resource(document, call, evaluator, placed_directives(program, directives)))
    unclear = [_not_judged(document, source, each) for each in found if isinstance(each, Unclear)]
    return Extraction(tuple(resources), tuple(problems), tuple(unclear)), tuple(files.wanted)


def _resource(document: Document, call: ApiCall, evaluator: Evaluator, directives: tuple[Directive, ...]) -> Resource:
    operation: Operation = "update" if call.method.startswith("update") else "create"
    spec = Spec(_CONVENTIONS)
    spec.build(Value(evaluator.keywords({}, call.node), evaluator.place(call.node)), shape_of(operation))
    assert isinstance(call.node.func, ast.Attribute)
    _, end = evaluator.source.extent(call.node.func)
    return Resource(
        id=f"{document.file}#{call.address}",
        kind=INFRASTRUCTURE_CONFIGURATION,
        dialect="boto3-calls",
        origin="api",
        file=document.file,
        address=call.address,
        span=evaluator.source.program.span(end - len(call.method), end),
        spec=spec.spec,
        places=spec.known_places,
        directives=directives,
        spelling=spec.spelling,
        operation=operation,
        arn=configuration_arn(spec.spec.get(UPDATE_KEY)) if operation == "update" else None,
        region=_region(call, evaluator),
    )


def _region(call: ApiCall, evaluator: Evaluator) -> str | None:
    """Return the Region that the client is made for, if the program writes it."""
    for keyword in call.client.keywords if call.client is not None else ():
        if keyword.arg == "region_name":
            return region_name(evaluator.value(keyword.value).data)
    return None


def _lines(call: ApiCall, names: Names) -> range:
    """Return the lines of the statement of a call."""
    statement: ast.AST = call.node
    for above in names.ancestors(call.node):
        if isinstance(above, ast.stmt):
            statement = above
            break
    if hasattr(statement, "body"):  # a compound statement, whose body has other calls
        statement = call.node
    first: int = statement.lineno  # type: ignore[attr-defined]
    return range(first, (statement.end_lineno or first) + 1)  # type: ignore[attr-defined]


def _at(program: Program, cell: int, error: ParseError) -> InputError:
    """Return the error for a notebook cell that is not valid Python."""
    line = program.lines.position(cell)[0] + error.line - 1
    start = program.offset(line, error.column)
    span = program.span(start, start)
    return InputError(program.file, span.line, span.column, _refused(error.message))


def _refused(message: str) -> str:
    return message[:1].upper() + message[1:] + " What it sends to Image Builder was not judged."


def _not_judged(document: Document, source: PythonSource, each: Unclear) -> NotJudged:
    span = source.span(each.node)
    return NotJudged(document.file, span.line, span.column, "sdk-code", _UNCLEAR, _HELP)
