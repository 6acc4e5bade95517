#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration \
  --name web \
  --description 'Builds of "web"' \
  --instance-types m5.large c5.large \
  --instance-profile-name builder \
  --security-group-ids sg-0123456789abcdef0 \
  --subnet-id "subnet-0123456789abcdef0" \
  --key-pair=key \
  --no-terminate-instance-on-failure \
  --tags team=web,owner='a b'
