"""Yardstick: read every YAML and JSON file below a folder and parse it with positions."""

import os
import sys

import yaml

for folder, _, names in os.walk(sys.argv[1]):
    for name in sorted(names):
        if name.endswith((".yaml", ".yml", ".json", ".template")):
            with open(os.path.join(folder, name), "rb") as file:
                for _document in yaml.compose_all(file.read(), Loader=yaml.CSafeLoader):
                    pass
