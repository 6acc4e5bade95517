#!/usr/bin/env bash
set -e
TOKENS=required
read -r TOKENS <<< optional
LIMIT=1
((LIMIT++)) || true
NAME=no
eval "NAME=web"
PROFILE=other
. ./profile.inc
aws imagebuilder create-infrastructure-configuration --name "$NAME" --instance-profile-name "$PROFILE" \
  --instance-metadata-options httpTokens=$TOKENS,httpPutResponseHopLimit=$LIMIT
