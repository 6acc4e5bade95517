#!/usr/bin/env bash
set -e
if ! aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name "builder" | grep -q Arn; then
  exit 1
fi > /dev/null
