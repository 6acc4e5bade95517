#!/usr/bin/env bash
# iblint: build-type=ami
set -euo pipefail

name=web-from-shell

cat > infrastructure.json << EOF
{
  "name": "$name",
  "instanceProfileName": "${BUILDER_PROFILE}",
  "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
  "subnetId": "${SUBNET}",
  "securityGroupIds": ["${GROUP}"],
  "terminateInstanceOnFailure": true
}
EOF

aws imagebuilder create-infrastructure-configuration --cli-input-json file://infrastructure.json
