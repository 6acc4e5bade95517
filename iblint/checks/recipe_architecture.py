"""IB502: the instance types can run the parent images of the recipes that are built with the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iblint.checks._iam import text_of
from iblint.checks._instance_types import architecture
from iblint.checks._related import combine, describe, find, items_at, location, users, values_at
from iblint.checks._values import items
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.references import is_there, names
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import shorten, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TYPES: Path = ("instanceTypes",)
PARENT: Path = ("parentImage",)

_CONFIGURATION: Path = ("infrastructureConfigurationArn",)
_RECIPES = (("ImageRecipe", ("imageRecipeArn",)), ("ContainerRecipe", ("containerRecipeArn",)))
_MANAGED_IMAGE = r":aws:image/([A-Za-z0-9_-]+)(?![A-Za-z0-9_$-])"
_PUBLIC_PARAMETER = r"/aws/service/([A-Za-z0-9_./-]+)(?![A-Za-z0-9_./$-])"
_ARCHITECTURE = r"(?<![a-z0-9])(arm64|x86_64|x86)(?![a-z0-9])"


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the architectures. That of an image is known only from a name given by AWS."""
    judged = [
        _judge_use(resource, user, recipe, context, certain) for user, recipe, certain in _uses(resource, context)
    ]
    if not judged:
        return not_applicable("No pipeline or image with a recipe of the document uses the configuration.")
    violations = [v for judgement in judged if judgement.verdict == "fail" for v in judgement.violations]
    if violations:
        return failed(violations[0])
    return next((judgement for judgement in judged if judgement.verdict == "unknown"), judged[0])


def _uses(resource: Resource, context: Context) -> Iterator[tuple[Resource, Resource, bool]]:
    """Yield each pipeline or image that may use the configuration, each recipe that it may build, and if it does both.

    It does if it exists and names them wherever the configuration exists.
    """
    for user in users(resource, context):
        there = is_there(resource, user, context.given)
        if there is False:
            continue
        named = values_at(user, _CONFIGURATION, context)
        always = bool(there) and all(names(context.world, value, resource, user.scope) for value in named)
        for kind, path in _RECIPES:
            found = [find(resource, value, kind, user, context) for value in items_at(user, path, context)]
            recipes = {recipe.id: recipe for recipe in found if recipe is not None}
            certain = always and len(values_at(user, path, context)) == 1
            yield from ((user, recipe, certain) for recipe in recipes.values())


def _judge_use(resource: Resource, user: Resource, recipe: Resource, context: Context, certain: bool) -> Judgement:
    """Judge by a recipe that is built with the configuration. What is not certain decides no FAIL."""
    judged = combine([_judge(resource, user, recipe, parent) for parent in values_at(recipe, PARENT, context)])
    if judged.verdict != "fail" or certain:
        return judged
    depends = "Whether the recipe is built with the configuration depends on a condition."
    return unknown(*(replace(v, message=f"{v.message} {depends}") for v in judged.violations))


def _judge(resource: Resource, user: Resource, recipe: Resource, parent: Any) -> Judgement:
    wanted = image_architecture(parent)
    what = f"the recipe '{recipe.address}' of {describe(user, 'pipeline' if user.kind == 'ImagePipeline' else 'image')}"
    related = (location(recipe, PARENT, "the parent image"),)
    if wanted is None:
        message = f"Cannot tell the architecture of the parent image of {what} from '{shorten(text_of(parent))}'."
        help = "Compare the architecture of the image with the instance types."
        return unknown(Violation(TYPES, message, help, related=related))
    types, unresolved_items = items(resource, TYPES)
    found = {name: architecture(name) for _, name in types}
    if any((arch or "").startswith(wanted) for arch in found.values()):
        return passed(f"An instance type in {resource.spell(TYPES)} has the architecture {wanted}, like {what}.")
    if unresolved_items or not found or None in found.values():
        message = f"Cannot tell whether an instance type in {resource.spell(TYPES)} has the architecture {wanted}."
        return unknown(Violation(TYPES, message, "Write the instance types as literal values.", related=related))
    has = ", ".join(f"{show(name)} is {arch}" for name, arch in found.items())
    field = resource.spell(TYPES)
    message = f"No instance type in {field} can run the parent image of {what}: it is {wanted}, but {has}."
    return failed(Violation(TYPES, message, related=related))


def image_architecture(parent: Any) -> str | None:
    """Return the architecture in AWS's own name of an image: a managed image's ARN, or a public parameter."""
    text = text_of(parent)
    name = re.search(_MANAGED_IMAGE, text) or re.search(_PUBLIC_PARAMETER, text)
    found = re.search(_ARCHITECTURE, name[1]) if name else None
    return None if found is None else "arm64" if found[1] == "arm64" else "x86_64"
