#!/usr/bin/env bash
set -e
ARN=arn:aws:imagebuilder:eu-west-1:210987654321:infrastructure-configuration/web
aws imagebuilder update-infrastructure-configuration --infrastructure-configuration-arn "$ARN" \
  --instance-profile-name builder --instance-metadata-options httpTokens=optional
