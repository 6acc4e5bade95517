#!/usr/bin/env bash
set -e
cd "$(mktemp -d)"
echo '{"name": "web", "instanceProfileName": "builder"}' | tee request6.json > /dev/null
if false; then
cat > request6.json <<EOF
{"name": "other", "instanceProfileName": "builder"}
EOF
fi
aws imagebuilder create-infrastructure-configuration --cli-input-json file://request6.json
