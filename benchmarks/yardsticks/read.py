"""Yardstick: read every YAML and JSON file that git does not ignore, and parse the relevant ones."""

import os
import sys

import yaml

IGNORED = {".git", "build"}  # what the tree's .gitignore excludes; reading it is not part of the yardstick
MARKERS = (b"nstanceProfile", b"erminateInstanceOn", b"nstanceMetadataOptions", b"ImageBuilder")

for folder, folders, names in os.walk(sys.argv[1]):
    folders[:] = sorted(set(folders) - IGNORED)
    for name in sorted(names):
        if name.endswith((".yaml", ".yml", ".json", ".template")):
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            if any(marker in data for marker in MARKERS):
                for _document in yaml.compose_all(data, Loader=yaml.CSafeLoader):
                    pass
