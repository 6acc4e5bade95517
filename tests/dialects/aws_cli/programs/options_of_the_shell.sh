#!/usr/bin/env bash
set -e
declare -u TOKENS=required
declare -l LOWER=REQUIRED
LIMIT+=2
unset IB_USER
printf -v KEY %s key
aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name builder --key-pair "$KEY" --description "$TOKENS" \
  --instance-metadata-options "httpTokens=$LOWER,httpPutResponseHopLimit=$LIMIT"
