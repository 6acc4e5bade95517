"""The JSON Schemas that ship: of requests, the configuration, rule files, pack.yaml, the report and waiver files."""

from __future__ import annotations

import os

NAMES = ("config", "pack", "report", "request", "rule", "waivers")


def read_schema(name: str) -> str:
    """Return the text of the schema with a name in NAMES. Also works in a zipped installation."""
    path = os.path.join(os.path.dirname(__file__), f"{name}.schema.json")
    data: bytes = __spec__.loader.get_data(path)  # type: ignore[union-attr]
    return data.decode("utf-8")
