"""The JSON Schemas that ship: of the request, the configuration, rule files and the report."""

from __future__ import annotations

import os

NAMES = ("config", "pack", "report", "request", "rule")


def read_schema(name: str) -> str:
    """The text of a schema by its name. Works from a zipped installation, without importing importlib.resources."""
    path = os.path.join(os.path.dirname(__file__), f"{name}.schema.json")
    data: bytes = __spec__.loader.get_data(path)  # type: ignore[union-attr]
    return data.decode("utf-8")
