#!/usr/bin/env bash
set -e
LIMIT=2
aws imagebuilder create-infrastructure-configuration --cli-input-json "$(cat <<EOF
{"name": "web", "instanceProfileName": "builder",
 "instanceMetadataOptions": {"httpPutResponseHopLimit": ${LIMIT}, "httpTokens": "$IB_TOKENS"}}
EOF
)"
