#!/usr/bin/env bash
set -e
aws --output json --region eu-central-1 imagebuilder create-infrastructure-configuration \
  --name web --instance-profile-name builder --debug 2> /dev/null
