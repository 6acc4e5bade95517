#!/usr/bin/env bash
set -e
for name in web; do
  DESCRIPTION="of a loop"
  aws imagebuilder create-infrastructure-configuration --name "$name" --instance-profile-name builder --description "$DESCRIPTION"
done
