"""A dialect of several files: those of a folder are one unit, in which ``$name`` stands for a value of any of them.

It exists to test that units of several files work; tests add it to ``registry.MODULES``.
"""

from iblint.dialects.shared.extraction import Companions, Extraction
from iblint.model.document import InputError
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Place, Resource

DIALECT = "toy"
SUFFIXES = (".toy",)
MARKERS = (b"iblint: toy",)


def unit_of(file):
    return file.rpartition("/")[0] + "/*"


def extract(unit, _deployment, *, forced):
    if not forced and not all(document.file.endswith(SUFFIXES) for document in unit.documents):
        return Extraction()
    values = {}
    for document in unit.documents:
        values |= document.data.get("values", {})
    for line in unit.companions.get("extra.values", b"").decode().splitlines():
        values |= dict([line.split("=")])
    resources, problems = [], []
    for document in unit.documents:
        text = document.data.get("configuration")
        if text is None:
            continue
        spec = dict([pair.split("=") for pair in text.split()])
        unknown = [value for value in spec.values() if str(value).startswith("$") and value[1:] not in values]
        problems += [InputError(document.file, 1, 1, f"{value} is not known.") for value in unknown]
        made = {key: values.get(str(value)[1:], value) for key, value in spec.items()}
        span = document.spans.root
        file = document.file
        places = {(key,): Place(span) for key in made}
        resources.append(Resource(file, INFRASTRUCTURE_CONFIGURATION, "toy", "api", file, "/", span, made, places))
    return Extraction(tuple(resources), tuple(problems))


def companions(unit, resources):
    wants = any("extra.values" in document.text for document in unit.documents)
    return Companions(("extra.values", "missing.values") if wants and resources else ())
