#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration --name web --instance-profile-name builder --logging s3Logs={s3BucketName=logs}
