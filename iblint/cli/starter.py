"""What ``iblint init`` writes. The workflow is examples/github/pull-request.yml, word for word."""

from __future__ import annotations

from iblint.version import __version__

REPOSITORY = "https://github.com/iblint/iblint"
TAG = f"v{__version__}"

CONFIGURATION = f"""\
# yaml-language-server: $schema=https://raw.githubusercontent.com/iblint/iblint/{TAG}/iblint/schemas/config.schema.json
# Settings of iblint: {REPOSITORY}/blob/{TAG}/docs/configuration.md

# The account and the Region that the configurations are for. Keep the quotes: a number would lose leading zeros.
# account: "123456789012"
# region: eu-west-1

# The lowest severity that fails a run: error, warning, note or never.
fail-on: error

# Folders that hold no infrastructure configurations of yours.
# exclude: [vendor/]

# What the configurations do not say: where container images are built, one network hop is not enough.
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
# Judge the infrastructure configurations of every pull request, before it is merged.
name: iblint

on:
  pull_request:
  push:
    branches: [main] # so that code scanning knows what is open on main, and closes what is fixed

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
      - uses: iblint/iblint@TAG # better still, the commit of this release
        with:
          paths: .
          # Forks may not upload: what is found in their pull requests is annotated all the same, and in the summary.
          # Where there is no code scanning (private repositories without GitHub Code Security): "false".
          upload: ${{ github.event_name == 'push' || !github.event.pull_request.head.repo.fork }}
""".replace("TAG", TAG)
