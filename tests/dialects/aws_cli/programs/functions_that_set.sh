#!/usr/bin/env bash
set -e
TOKENS=required
weaken() { TOKENS=optional; }
weaken
local_only() { local LIMIT=3; echo "$LIMIT"; }
local_only
LIMIT=2
aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name builder \
  --instance-metadata-options "httpTokens=$TOKENS,httpPutResponseHopLimit=$LIMIT"
