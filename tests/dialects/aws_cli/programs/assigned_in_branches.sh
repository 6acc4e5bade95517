#!/usr/bin/env bash
set -e
if [ -z "$IB_USER" ]; then
  IB_TOKENS=required
fi
(IB_PROFILE=other)
echo x | IB_LIMIT=9 cat > /dev/null
aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name "$IB_PROFILE" \
  --instance-metadata-options httpTokens=$IB_TOKENS,httpPutResponseHopLimit=$IB_LIMIT
