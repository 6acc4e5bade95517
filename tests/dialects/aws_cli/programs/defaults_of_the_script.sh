#!/usr/bin/env bash
set -e
NAME=${1:-web}
TOKENS=${IB_TOKENS:-required}
EMPTY=""
aws imagebuilder create-infrastructure-configuration --name "$NAME" --instance-profile-name builder --description "${EMPTY:-set}" \
  --instance-metadata-options "httpTokens=$TOKENS"
