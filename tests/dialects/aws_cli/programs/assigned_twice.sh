#!/usr/bin/env bash
set -e
TOKENS=required
[ -n "$IB_USER" ] && TOKENS=optional
PROFILE=other
PROFILE=builder
aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name "$PROFILE" --instance-metadata-options "httpTokens=$TOKENS"
