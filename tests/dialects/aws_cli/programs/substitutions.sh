#!/usr/bin/env bash
set -e
ARN=$(aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name builder \
  --query infrastructureConfigurationArn --output text 2> /dev/null || echo none)
test "$ARN" != none
