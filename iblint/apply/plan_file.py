"""Plan files: ``plan --out`` writes one, ``apply --plan FILE`` compares it with a new plan.

The file does not contain the requests. The specifications are read and judged again, and must give the same plan. The
file may have been written by anybody: it names specifications, and binds the run to what it was made from. It can
bring no waiver, configuration, rules or credentials. Those come from the command line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from iblint.apply.diff import Change
from iblint.apply.gate import digest_of, waiver_data
from iblint.apply.plan import Notices, Plan
from iblint.apply.receipt import plan_members, tool_data
from iblint.exit_codes import ExitCode
from iblint.model.errors import IblintError, UsageError
from iblint.model.path import to_pointer
from iblint.model.record import Record
from iblint.model.rule import PackInfo
from iblint.model.values import ABSENT
from iblint.model.waiver import Waiver
from iblint.text.secrets import redact_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KEY = "iblintPlan"
VERSION = "2"
DAMAGED = "The plan file is damaged. Run plan again."


class PlanDiffers(IblintError):
    """The new plan differs from the plan file; nothing was sent (exit 1)."""

    exit_code = ExitCode.FINDINGS


class Inputs(Record):
    """What a plan was made from, except the account. It must be the same when the plan is applied."""

    files: tuple[tuple[str, str], ...]
    """Name and digest of each file that was read, in order."""
    settings: str
    """The digest of the settings that influence the judgement."""
    waivers: tuple[Waiver, ...]
    packs: tuple[PackInfo, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the inputs as JSON data, with secrets redacted."""
        return {
            "files": [{"file": name, "digest": digest} for name, digest in self.files],
            "settings": self.settings,
            "waivers": [{"rule": waiver.rule, **waiver_data(waiver)} for waiver in self.waivers],
        }


def plan_data(
    plans: Iterable[Plan],
    version: str,
    inputs: Inputs,
    created: str,
    command: Mapping[str, Any],
    notices: Notices,
) -> dict[str, Any]:
    """Return the content of the plan file. ``command`` has the specifications and options that make the plan again."""
    data = {
        KEY: VERSION,
        "tool": tool_data(version, inputs.packs),
        "createdAt": created,
        "command": command,
        "inputs": inputs.as_data(),
        "plans": [
            {**plan_members(plan), "action": plan.action, "changes": change_data(plan.changes)} for plan in plans
        ],
        **notices.as_data(),
    }
    return {**data, "digest": plan_digest(data)}


def plan_digest(data: Mapping[str, Any]) -> str:
    """Return the digest of a plan: of everything but itself and the time."""
    return digest_of(_as_json({key: value for key, value in data.items() if key not in ("digest", "createdAt")}))


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


def is_plan(data: bytes) -> bool:
    """Return whether a specification is a plan file. It is never applied as one: that needs ``--plan``."""
    if KEY.encode() not in data.replace(b"\0", b""):
        return False
    try:
        content = json.loads(data)
    except ValueError:
        return False
    except RecursionError:
        return True
    return isinstance(content, dict) and KEY in content


def read_plan(name: str, data: bytes) -> dict[str, Any]:
    """Return the content of a plan file. Raises UsageError for another file, and for a damaged plan."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise UsageError(f"{name}: {DAMAGED}") from None
    if not isinstance(content, dict) or KEY not in content:
        raise UsageError(f"{name} is not a plan file. Write one with 'iblint plan --out'.")
    if content[KEY] != VERSION:
        raise UsageError(f"{name}: the plan file is from another version of iblint. Run plan again.")
    if not _is_complete(content) or content["digest"] != _digest_of_file(content):
        raise UsageError(f"{name}: {DAMAGED}")
    return content


def _digest_of_file(content: Mapping[str, Any]) -> str | None:
    try:
        return plan_digest(content)
    except (ValueError, RecursionError):  # NaN, nested too deeply
        return None


def _is_complete(content: Mapping[str, Any]) -> bool:
    """Return whether every member that is read exists and has the right type, and no other is there."""
    try:
        tool, command, inputs, entries = (content[key] for key in ("tool", "command", "inputs", "plans"))
        texts = [content["digest"], tool["version"], inputs["settings"]]
        texts += [pack[key] for pack in tool["packs"] for key in ("name", "digest")]
        texts += [item[key] for item in inputs["files"] for key in ("file", "digest")]
        texts += [waiver[key] for waiver in inputs["waivers"] for key in ("rule", "reason")]
        texts += [waiver["until"] for waiver in inputs["waivers"] if waiver["until"] is not None]
        for entry in entries:
            texts += [*_key(entry), entry["digest"], entry["action"]]
        kinds = [(command["options"], dict), (command["specs"], list), (entries, list)]
        kinds += [(inputs["files"], list), (inputs["waivers"], list), (tool["packs"], list)]
        kinds += [(entry["changes"], list) for entry in entries]
        kinds += [(entry["decision"]["waived"], list) for entry in entries]
        return all(isinstance(text, str) for text in (*texts, *command["specs"])) and all(
            isinstance(value, kind) for value, kind in kinds
        )
    except (LookupError, TypeError, AttributeError):
        return False


def compare_inputs(planned: Mapping[str, Any], inputs: Inputs, version: str) -> None:
    """Raise PlanDiffers if the plan was made from other inputs. No account is read before."""
    new = _as_json(inputs.as_data())
    differences = _tool_differences(planned["tool"], tool_data(version, inputs.packs))
    differences += _waiver_differences(planned["inputs"]["waivers"], new["waivers"])
    before = {item["file"]: item["digest"] for item in planned["inputs"]["files"]}
    after = {item["file"]: item["digest"] for item in new["files"]}
    changed = [name for name in sorted(before.keys() | after) if before.get(name) != after.get(name)]
    differences += [f"'{name}' has changed" for name in changed]
    if planned["inputs"]["settings"] != new["settings"]:
        differences.append(
            "the settings are different (the configuration file, or --config, --no-config, --select or --ignore)"
        )
    _raise(differences)


def _waiver_differences(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    missing = [
        f"it was made with a waiver of {waiver['rule']} until {waiver['until'] or 'further notice'}, which this "
        "command does not give in the same words"
        for waiver in old
        if waiver not in new
    ]
    return missing + [f"it was made without this waiver of {waiver['rule']}" for waiver in new if waiver not in old]


def compare(planned: Mapping[str, Any], plans: Sequence[Plan]) -> None:
    """Raise PlanDiffers, with every difference, if the plans differ from the planned ones."""
    differences: list[str] = []
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
    _raise(differences)


def _raise(differences: Sequence[str]) -> None:
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
