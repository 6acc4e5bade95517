#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration --cli-input-json '{"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": false}' \
  --terminate-instance-on-failure
