#!/usr/bin/env bash
set -e
cd "$(mktemp -d)"
cat > request5.json <<EOF
{"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": true}
EOF
cat > request5.json <<EOF
{"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": false}
EOF
aws imagebuilder create-infrastructure-configuration --cli-input-json file://request5.json
