#!/usr/bin/env bash
set -e
AWS=aws
env X=1 $AWS imagebuilder create-infrastructure-configuration --name web --instance-profile-name builder
