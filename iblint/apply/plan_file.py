"""Plans on file: what ``plan --out`` writes, and what ``apply FILE`` holds a new plan against.

The file does not hold what is sent: the specifications are read and judged again, and must come to the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from iblint.apply.diff import Change
from iblint.apply.plan import Plan
from iblint.apply.receipt import subject, tool
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
DAMAGED = "The plan is damaged. Plan again."


class PlanDiffers(IblintError):
    """What would be applied is not what was planned; nothing was sent (exit 1)."""

    exit_code = 1


def plan_data(
    plans: Iterable[Plan], version: str, packs: tuple[PackInfo, ...], created: str, command: Mapping[str, Any]
) -> dict[str, Any]:
    """The plan file; ``command`` is what the same plan is made from again."""
    return {
        KEY: VERSION,
        "tool": tool(version, packs),
        "createdAt": created,
        "command": command,
        "plans": [{**subject(plan), "action": plan.action, "changes": change_data(plan.changes)} for plan in plans],
    }


def change_data(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The differences as JSON; what one side has not is null there, and what looks like a secret is masked."""
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
    """The content of a plan file, or None when the bytes are something else. Raises UsageError for a wrong one."""
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
        raise UsageError(f"{name}: this plan was made by another version of iblint. Plan again.")
    if not _whole(content):
        raise UsageError(f"{name}: {DAMAGED}")
    return content


def _whole(content: Mapping[str, Any]) -> bool:
    """Whether everything that is read of a plan is there and of its type."""
    try:
        tool, command, entries = content["tool"], content["command"], content["plans"]
        texts = [tool["version"], *(pack[key] for pack in tool["packs"] for key in ("name", "digest"))]
        for entry in entries:
            texts += [*_place(entry), entry["digest"], entry["action"]]
        kinds = [(command["options"], dict), (command["specs"], list), (entries, list)]
        kinds += [(entry["changes"], list) for entry in entries]
        kinds += [(entry["decision"]["waived"], list) for entry in entries]
        return all(isinstance(text, str) for text in (*texts, *command["specs"])) and all(
            isinstance(value, kind) for value, kind in kinds
        )
    except (LookupError, TypeError, AttributeError):
        return False


def compare(planned: Mapping[str, Any], plans: Sequence[Plan], version: str, packs: tuple[PackInfo, ...]) -> None:
    """Raise PlanDiffers, naming everything that is not as planned."""
    differing = _tool(planned["tool"], tool(version, packs))
    was = {_place(entry): entry for entry in planned["plans"]}
    now = {_place(subject(plan)): plan for plan in plans}
    for place, entry in was.items():
        if place not in now:
            differing.append(f"{_words(place)} was planned and is not there now")
        elif entry["digest"] != now[place].decision.digest:
            differing.append(f"{_words(place)} is not the request that was planned")
        elif entry["action"] != now[place].action or entry["changes"] != _stored(change_data(now[place].changes)):
            differing.append(f"{_words(place)}: planned was '{entry['action']}', now it is '{now[place].action}'")
        elif entry["decision"]["waived"] != _stored(subject(now[place])["decision"]["waived"]):
            differing.append(f"{_words(place)} is let go by other waivers than were planned")
    differing += [f"{_words(place)} is there now and was not planned" for place in now if place not in was]
    if differing:
        raise PlanDiffers(f"This is not what was planned: {'; '.join(differing)}. Nothing was sent. Plan again.")


def _tool(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    found = [] if was["version"] == now["version"] else [f"iblint was {was['version']} and is {now['version']}"]
    old = {pack["name"]: pack["digest"] for pack in was["packs"]}
    new = {pack["name"]: pack["digest"] for pack in now["packs"]}
    return found + [f"the rules of '{n}' have changed" for n in sorted(old.keys() | new) if old.get(n) != new.get(n)]


def _place(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    identity = entry["identity"] or {"account": "", "region": ""}
    return identity["account"], identity["region"], f"{entry['configuration']['file']}#{entry['configuration']['name']}"


def _words(place: tuple[str, str, str]) -> str:
    account, region, name = place
    return f"'{name}' in account {account}, {region}"


def _stored(data: Any) -> Any:
    """Data as a file gives it back."""
    return json.loads(json.dumps(data))
