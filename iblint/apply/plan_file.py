"""Plan files: ``plan --out`` writes one, ``apply FILE`` compares it with a new plan.

The file does not contain the requests. The specifications are read and judged again, and must give the same plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from iblint.apply.diff import Change
from iblint.apply.plan import Plan
from iblint.apply.receipt import plan_members, tool_data
from iblint.exit_codes import ExitCode
from iblint.model.errors import IblintError, UsageError
from iblint.model.path import to_pointer
from iblint.model.rule import PackInfo
from iblint.model.values import ABSENT
from iblint.text.secrets import redact_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KEY = "iblintPlan"
VERSION = "1"
DAMAGED = "The plan file is damaged. Run plan again."


class PlanDiffers(IblintError):
    """The new plan differs from the plan file; nothing was sent (exit 1)."""

    exit_code = ExitCode.FINDINGS


def plan_data(
    plans: Iterable[Plan], version: str, packs: tuple[PackInfo, ...], created: str, command: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the content of the plan file. ``command`` has the specifications and options that make the plan again."""
    return {
        KEY: VERSION,
        "tool": tool_data(version, packs),
        "createdAt": created,
        "command": command,
        "plans": [
            {**plan_members(plan), "action": plan.action, "changes": change_data(plan.changes)} for plan in plans
        ],
    }


def change_data(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Return changes as JSON data. An absent side is null; secrets are redacted."""
    return [
        {
            "path": to_pointer(change.path),
            "kind": change.kind,
            "old": None if change.old is ABSENT else redact_all(change.old, str(change.path[-1])),
            "new": None if change.new is ABSENT else redact_all(change.new, str(change.path[-1])),
        }
        for change in changes
    ]


def read_plan(name: str, data: bytes) -> dict[str, Any] | None:
    """Return the content of a plan file; None if the data is no plan file. Raises UsageError for a damaged one."""
    if f'"{KEY}"'.encode() not in data:
        return None
    try:
        content = json.loads(data)
    except ValueError:
        return None
    except RecursionError:
        raise UsageError(f"{name}: {DAMAGED}") from None
    if not isinstance(content, dict) or KEY not in content:
        return None
    if content[KEY] != VERSION:
        raise UsageError(f"{name}: the plan file is from another version of iblint. Run plan again.")
    if not _is_complete(content):
        raise UsageError(f"{name}: {DAMAGED}")
    return content


def _is_complete(content: Mapping[str, Any]) -> bool:
    """Return whether every member that ``compare`` and ``apply`` read exists and has the right type."""
    try:
        tool, command, entries = content["tool"], content["command"], content["plans"]
        texts = [tool["version"], *(pack[key] for pack in tool["packs"] for key in ("name", "digest"))]
        for entry in entries:
            texts += [*_key(entry), entry["digest"], entry["action"]]
        kinds = [(command["options"], dict), (command["specs"], list), (entries, list)]
        kinds += [(entry["changes"], list) for entry in entries]
        kinds += [(entry["decision"]["waived"], list) for entry in entries]
        return all(isinstance(text, str) for text in (*texts, *command["specs"])) and all(
            isinstance(value, kind) for value, kind in kinds
        )
    except (LookupError, TypeError, AttributeError):
        return False


def compare(planned: Mapping[str, Any], plans: Sequence[Plan], version: str, packs: tuple[PackInfo, ...]) -> None:
    """Raise PlanDiffers, with every difference, if the plans differ from the planned ones."""
    differences = _tool_differences(planned["tool"], tool_data(version, packs))
    old = {_key(entry): entry for entry in planned["plans"]}
    new = {_key(plan_members(plan)): plan for plan in plans}
    for key, entry in old.items():
        if key not in new:
            differences.append(f"{_in_words(key)} is no longer in the plan")
        elif entry["digest"] != new[key].decision.digest:
            differences.append(f"the request of {_in_words(key)} has changed")
        elif entry["action"] != new[key].action or entry["changes"] != _as_json(change_data(new[key].changes)):
            differences.append(f"{_in_words(key)}: the planned action was '{entry['action']}', now '{new[key].action}'")
        elif entry["decision"]["waived"] != _as_json(plan_members(new[key])["decision"]["waived"]):
            differences.append(f"{_in_words(key)} has other waivers")
    differences += [f"{_in_words(key)} is new" for key in new if key not in old]
    if differences:
        raise PlanDiffers(f"The plan has changed: {'; '.join(differences)}. Nothing was sent. Run plan again.")


def _tool_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    version = [] if old["version"] == new["version"] else [f"iblint was {old['version']} and is {new['version']}"]
    before = {pack["name"]: pack["digest"] for pack in old["packs"]}
    after = {pack["name"]: pack["digest"] for pack in new["packs"]}
    changed = [name for name in sorted(before.keys() | after) if before.get(name) != after.get(name)]
    return version + [f"the rules of '{name}' have changed" for name in changed]


def _key(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the account, the Region and the name of an entry, which identify it."""
    identity = entry["identity"] or {"account": "", "region": ""}
    return identity["account"], identity["region"], f"{entry['configuration']['file']}#{entry['configuration']['name']}"


def _in_words(key: tuple[str, str, str]) -> str:
    account, region, name = key
    return f"'{name}' in account {account}, {region}"


def _as_json(data: Any) -> Any:
    """Return the data as it reads from a file."""
    return json.loads(json.dumps(data))
