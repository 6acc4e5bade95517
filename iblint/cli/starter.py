"""The files that ``iblint init`` writes. The workflow is identical to examples/github/pull-request.yml."""

from __future__ import annotations

from iblint.version import __version__

REPOSITORY = "https://github.com/iblint/iblint"
TAG = f"v{__version__}"

CONFIGURATION = f"""\
# yaml-language-server: $schema=https://raw.githubusercontent.com/iblint/iblint/{TAG}/iblint/schemas/config.schema.json
# Settings of iblint: {REPOSITORY}/blob/{TAG}/docs/configuration.md

# The target account and Region. Quote the account, so that YAML keeps leading zeros.
# account: "123456789012"
# region: eu-west-1

# Lowest severity that fails a run: error, warning, note or never.
fail-on: error

# Folders without infrastructure configurations of your own.
# exclude: [vendor/]

# Folders with configurations for container builds, which need a metadata hop limit of at least 2.
# overrides:
#   - files: [containers/]
#     build-type: container
"""

HOOK = f"""\
  - repo: {REPOSITORY}
    rev: {TAG}
    hooks:
      - id: iblint
"""

HOOKS = f"repos:\n{HOOK}"

WORKFLOW = """\
# Check the infrastructure configurations of every pull request.
name: iblint

on:
  pull_request:
  push:
    branches: [main] # so that code scanning tracks main and closes fixed alerts

permissions: {}

concurrency:
  group: iblint-${{ github.ref }}
  cancel-in-progress: true

jobs:
  iblint:
    name: iblint
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read # to check out
      security-events: write # to upload to code scanning
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: iblint/iblint@TAG # or, safer, the commit of this release
        with:
          paths: .
          # Forks are not allowed to upload. Findings in their pull requests are annotated and in the summary.
          # Set this to "false" without code scanning (private repositories without GitHub Code Security).
          upload: ${{ github.event_name == 'push' || !github.event.pull_request.head.repo.fork }}
""".replace("TAG", TAG)
