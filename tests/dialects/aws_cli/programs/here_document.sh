#!/usr/bin/env bash
set -e
NAME=web
FOLDER=$(mktemp -d)
cat > "$FOLDER/request.json" <<EOF
{
  "name": "$NAME",
  "description": "by ${IB_USER}",
  "instanceProfileName": "builder",
  "instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": $IB_LIMIT}
}
EOF
aws imagebuilder create-infrastructure-configuration --cli-input-json "file://$FOLDER/request.json"
