#!/usr/bin/env bash
# iblint: build-type=ami
set -euo pipefail

tokens=optional # IB201: also allows IMDSv1

# IB301: keeps the instance of each failed build
arn=$(aws imagebuilder create-infrastructure-configuration \
  --name weak-from-shell \
  --instance-profile-name image-builder \
  --instance-metadata-options "httpTokens=$tokens,httpPutResponseHopLimit=1" \
  --subnet-id "$SUBNET" \
  --security-group-ids "$GROUP" \
  --no-terminate-instance-on-failure \
  --query infrastructureConfigurationArn --output text)
echo "$arn"
