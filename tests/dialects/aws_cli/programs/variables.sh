#!/usr/bin/env bash
set -e
NAME=web
readonly PROFILE="buil"'der'
export TYPES="m5.large c5.large"
LIST=(--security-group-ids sg-0123456789abcdef0 "sg-$IB_GROUP")
DESCRIPTION="${NAME}-${IB_USER}"
aws imagebuilder create-infrastructure-configuration --name "$NAME" --instance-profile-name $PROFILE --instance-types $TYPES \
  --description "$DESCRIPTION" "${LIST[@]}" --subnet-id subnet-0123456789abcdef0
