#!/usr/bin/env bash
set -e
PROFILE=builder
create() {
  local name=$1 tokens=required
  aws imagebuilder create-infrastructure-configuration --name "$name" --instance-profile-name "$PROFILE" --instance-metadata-options "httpTokens=$tokens"
}
create "web"
