#!/usr/bin/env bash
set -e
BUCKET=logs
aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name builder \
  --logging "{\"s3Logs\": {\"s3BucketName\": \"$BUCKET\", \"s3KeyPrefix\": \"a\\u0062\"}}" \
  --instance-metadata-options '{"httpTokens": "optional", "httpPutResponseHopLimit": 1}' \
  --instance-types '["m5.large", "c5.large"]' \
  --tags '{"a": "b", "c d": "e"}'
