#!/usr/bin/env bash
set -e
cd "$(mktemp -d)"
tee request3.json > /dev/null <<EOF
{"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": true}
EOF
aws imagebuilder create-infrastructure-configuration --cli-input-json file://request3.json
