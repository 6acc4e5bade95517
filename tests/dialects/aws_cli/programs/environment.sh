#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration --name "$IB_NAME" --instance-profile-name "${IB_PROFILE:-other}" \
  --description "${IB_MISSING:-none}" --key-pair "${IB_USER:?}" $IB_MORE
