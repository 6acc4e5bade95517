#!/usr/bin/env bash
set -e
cd "$(mktemp -d)"
cat > request4.json <<EOF
{"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": true}
EOF
sed -i s/true/false/ request4.json
aws imagebuilder create-infrastructure-configuration --cli-input-json file://request4.json
