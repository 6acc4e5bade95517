"""The receipt of an apply, as JSON: the verdicts, the request, the caller, and the configuration that was verified."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from iblint.apply.execute import Result
from iblint.apply.plan import Plan
from iblint.apply.request import UPDATE
from iblint.apply.state_folder import open_file, open_folder
from iblint.exit_codes import ExitCode
from iblint.model.errors import IblintError
from iblint.model.path import to_pointer
from iblint.model.record import replace
from iblint.model.rule import PackInfo
from iblint.text.secrets import redact_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA_VERSION = "1"
KEPT = ("created", "updated", "differs")
"""The statuses of results whose receipts are kept in the state folder."""
MAX_BYTES = 16 << 20
"""Larger files are not receipts."""


class ReceiptError(IblintError):
    """The receipt of a request that took effect cannot be written (exit 4)."""

    exit_code = ExitCode.INCOMPLETE


def receipt(result: Result, version: str, packs: tuple[PackInfo, ...]) -> dict[str, Any]:
    """Return the receipt of one result. Secrets are redacted; the digest is that of the request before redaction."""
    plan = result.plan
    data: dict[str, Any] = {
        "schemaVersion": SCHEMA_VERSION,
        "tool": tool_data(version, packs),
        "status": result.status,
        "exitCode": result.exit_code,
        "message": result.message,
        **plan_members(plan),
        "request": plan.request,
        "verdicts": [
            {"rule": o.rule, "name": o.name, "verdict": o.verdict.value, "reason": o.reason}
            for o in plan.configuration.outcomes
        ],
        "findings": [
            {
                "rule": f.rule,
                "severity": f.severity.value,
                "verdict": f.verdict.value,
                "path": to_pointer(f.path),
                "message": f.message,
                "line": f.location.span.line,
            }
            for f in plan.findings
        ],
        "requestId": result.request_id,
        "clientToken": result.token,
        "verified": result.observed if result.exit_code == ExitCode.CLEAN else None,
        **plan.notices.as_data(),
        "filledIn": [to_pointer(path) for path in result.filled],
        "startedAt": result.started or None,
        "endedAt": result.ended or None,
        "recovered": None,
    }
    masked: dict[str, Any] = redact_all(data)
    return masked


def recovered(result: Result, version: str, packs: tuple[PackInfo, ...], state_folder: Path) -> dict[str, Any] | None:
    """Return the receipt of an earlier run that applied the request and kept none; None if there is nothing to recover.

    It is made from the journal and from what Get returns now. The verdicts are those of this run. Raises ReceiptError.
    """
    if not result.history or result.plan.identity is None:
        return None
    first, last = result.history[0], result.history[-1]
    request_ids = [str(entry.details["requestId"]) for entry in result.history if entry.details.get("requestId")]
    earlier = replace(
        result,
        status="updated" if last.operation == UPDATE else "created",
        token=last.token,
        request_id=request_ids[-1] if request_ids else None,
        started=first.time,
        ended=last.time,
    )
    data = receipt(earlier, version, packs)
    if _is_kept(data, state_folder):
        return None
    data["recovered"] = redact_all({key: first.details.get(key) for key in ("caller", "waived")})
    return data


def _is_kept(data: Mapping[str, Any], state_folder: Path) -> bool:
    """Return whether the state folder has a whole receipt of the same request. Raises ReceiptError."""
    account, region = data["identity"]["account"], data["identity"]["region"]
    prefix = f"{region}-{data['arn'].rpartition('/')[2]}-"
    try:
        folder = open_folder(state_folder, account, "receipts")
        try:
            names = sorted((name for name in os.listdir(folder) if name.startswith(prefix)), reverse=True)
            return any(_is_same(_read_receipt(folder, name), data) for name in names)
        finally:
            os.close(folder)
    except OSError as error:
        where = state_folder / account / "receipts"
        raise ReceiptError(f"Cannot read the receipts in {where}: {error.strerror}.") from None


def _is_same(kept: Any, data: Mapping[str, Any]) -> bool:
    if not isinstance(kept, dict) or kept.get("status") not in KEPT:
        return False
    return all(kept.get(key) == data[key] for key in ("clientToken", "digest", "arn"))


def _read_receipt(folder: int, name: str) -> Any:
    """Return the content of a receipt; None if it is damaged, or not a file."""
    try:
        fd = open_file(folder, name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                return None
            data = b""
            while len(data) < MAX_BYTES and (more := os.read(fd, 1 << 20)):
                data += more
            return json.loads(data)
        finally:
            os.close(fd)
    except (OSError, ValueError, RecursionError):
        return None


def plan_members(plan: Plan) -> dict[str, Any]:
    """Return the members that plan files and receipts share: configuration, identity, ARN, digest and decision."""
    identity = plan.identity
    return {
        "configuration": {
            "name": plan.configuration.name,
            "file": plan.configuration.file,
            "address": plan.configuration.address,
            "line": plan.configuration.line,
        },
        "identity": identity
        and {
            "account": identity.account,
            "region": identity.region,
            "partition": identity.partition,
            "caller": identity.arn,
        },
        "arn": plan.arn or None,
        "digest": plan.decision.digest,
        "decision": {
            "allowed": plan.decision.allowed,
            "reasons": [reason.as_data() for reason in plan.decision.reasons],
            "waived": [reason.as_data() for reason in plan.decision.waived],
            "undecided": [reason.as_data() for reason in plan.decision.undecided],
        },
    }


def tool_data(version: str, packs: tuple[PackInfo, ...]) -> dict[str, Any]:
    """Return the version of iblint and of its rule packs."""
    pack_data = [{"name": pack.name, "version": pack.version, "digest": pack.digest} for pack in packs]
    return {"name": "iblint", "version": version, "packs": pack_data}


def write_receipt(data: Mapping[str, Any], state_folder: Path) -> Path:
    """Write a receipt to a new file in the state folder and return its path. Raises ReceiptError."""
    identity = data["identity"]
    folder: Path = state_folder / identity["account"] / "receipts"
    stamp = str(data["endedAt"] or "").replace(":", "").replace("-", "")
    stem = f"{identity['region']}-{data['arn'].rpartition('/')[2]}-{stamp}"
    text = json.dumps(data, indent=2, ensure_ascii=True) + "\n"
    try:
        opened = open_folder(state_folder, identity["account"], "receipts")
        try:
            return folder / _write_new(opened, stem, text)
        finally:
            os.close(opened)
    except OSError as error:
        raise ReceiptError(f"Cannot write the receipt to {folder}: {error.strerror}.") from None


def _write_new(folder: int, stem: str, text: str) -> str:
    """Write a new file in a folder, whole or not at all, and return its name. Raises OSError."""
    for number in range(1000):
        name = f"{stem}.json" if number == 0 else f"{stem}-{number}.json"
        try:
            fd = open_file(folder, name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            continue
        try:
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(fd)
            os.fsync(folder)
        except BaseException:
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)
            raise
        return name
    raise FileExistsError(17, "too many receipts of the same name")
