#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name builder --terminate-instance-on-failure \
  --instance-metadata-options httpTokens=required,httpPutResponseHopLimit=2 \
  --logging 's3Logs={s3BucketName=logs,s3KeyPrefix=web/x}' \
  --placement "tenancy=dedicated, availabilityZone=eu-west-1a" \
  --tags 'a=b c' --resource-tags 'Key-1=x/y:z,e="with, comma",f=a=b'
